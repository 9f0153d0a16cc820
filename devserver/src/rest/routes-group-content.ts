import { announcementShape, sharedFileShape } from './group-answer-shapes.ts';
import { GroupNoticeType } from 'flooim/wire';
import type { Announcement, Group, SharedFile } from '../model/groups.ts';
import { isAdmin } from '../model/groups.ts';
import { DONE } from './answer.ts';
import { notifyGroup } from './group-changes.ts';
import { mustBeAdmin, mustBeMember } from './guards.ts';
import { id, ids, int, list, object, oneOf, optional, text } from './params.ts';
import { REST_CODES, RestError } from './rest-error.ts';
import type { RestCode } from './rest-error.ts';
import { GET, POST, POST_DELETE, POST_PUT, route } from './route.ts';
import type { Route } from './route.ts';
import { groupId } from './routes-group.ts';

/** Announcements and shared files of groups. */
export const groupContentRoutes: readonly Route[] = [
  route({
    methods: POST,
    path: '/group/announcement/edit',
    summary: 'Adds an announcement.',
    answers: announcementShape,
    refuses: [20001, 20002, 20012],
    body: { ...groupId, title: text('Its title.'), content: text('Its text.') },
    handle(call, { group_id, title, content }) {
      const group = mustBeAdmin(call, group_id);
      const made: Announcement = {
        id: call.app.ids.rowId(),
        group_id,
        title,
        content,
        author: call.user.id,
        created_at: call.now,
      };
      group.announcements.push(made);
      notifyGroup(call, group, GroupNoticeType.ANNOUNCEMENT_UPDATED, { content: JSON.stringify(made) });
      return { data: made };
    },
  }),
  route({
    methods: GET,
    path: '/group/announcement',
    summary: 'One announcement.',
    answers: announcementShape,
    refuses: [20001, 20002, 20020],
    query: { ...groupId, announcement_id: id('The announcement.') },
    handle(call, { group_id, announcement_id }) {
      const found = mustBeMember(call, group_id).announcements.find((one) => one.id === announcement_id);
      if (!found) throw new RestError(20020);
      return { data: found };
    },
  }),
  route({
    methods: GET,
    path: '/group/announcement/last',
    summary: 'The newest announcement.',
    answers: announcementShape,
    refuses: [20001, 20002, 20020],
    query: groupId,
    handle(call, { group_id }) {
      const last = mustBeMember(call, group_id).announcements.at(-1);
      if (!last) throw new RestError(20020);
      return { data: last };
    },
  }),
  route({
    methods: GET,
    path: '/group/announcement/list',
    summary: 'All announcements, oldest first.',
    answers: list(announcementShape),
    refuses: [20001, 20002],
    query: groupId,
    handle: (call, { group_id }) => ({ data: mustBeMember(call, group_id).announcements }),
  }),
  route({
    methods: POST_DELETE,
    path: '/group/announcement/delete',
    summary: 'Deletes an announcement.',
    refuses: [20001, 20002, 20012, 20020],
    query: { ...groupId, announcement_id: id('The announcement.') },
    handle(call, { group_id, announcement_id }) {
      const group = mustBeAdmin(call, group_id);
      const kept = group.announcements.filter((one) => one.id !== announcement_id);
      if (kept.length === group.announcements.length) throw new RestError(20020);
      group.announcements = kept;
      notifyGroup(call, group, GroupNoticeType.ANNOUNCEMENT_UPDATED, { content: String(announcement_id) });
      return DONE;
    },
  }),
  route({
    methods: POST,
    path: '/group/file/upload',
    summary: 'Shares a file that was uploaded.',
    answers: sharedFileShape,
    refuses: [20001, 20002],
    body: {
      ...groupId,
      name: text('Name of the file.'),
      size: int('Bytes.', { min: 0 }),
      url: text('Its download URL.'),
      type: optional(text('Any text.')),
    },
    handle(call, { group_id, name, size, url, type = '' }) {
      const group = mustBeMember(call, group_id);
      const { now } = call;
      const head = { file_id: call.app.ids.rowId(), group_id, uploader: call.user.id };
      const file: SharedFile = { ...head, name, size, type, url, created_at: now, updated_at: now };
      group.files.push(file);
      notifyGroup(call, group, GroupNoticeType.FILE_UPLOADED, { content: JSON.stringify(file) });
      return { data: file };
    },
  }),
  route({
    methods: GET,
    path: '/group/file/list',
    summary: 'All shared files.',
    answers: list(sharedFileShape),
    refuses: [20001, 20002],
    query: groupId,
    handle: (call, { group_id }) => ({ data: mustBeMember(call, group_id).files }),
  }),
  route({
    methods: GET,
    path: '/group/file',
    summary: 'One shared file.',
    answers: sharedFileShape,
    refuses: [20001, 20002, 20022],
    query: { ...groupId, file_id: id('The shared file.') },
    handle: (call, { group_id, file_id }) => ({ data: mustFindShared(mustBeMember(call, group_id), file_id) }),
  }),
  route({
    methods: POST_PUT,
    path: '/group/file/update_name',
    summary: 'Renames a shared file.',
    refuses: [20001, 20002, 20022, 20023],
    body: { ...groupId, file_id: id('The shared file.'), name: text('The new name.') },
    handle(call, { group_id, file_id, name }) {
      const group = mustBeMember(call, group_id);
      const file = mustFindShared(group, file_id);
      if (file.uploader !== call.user.id && !isAdmin(group, call.user.id)) throw new RestError(20023);
      const renamed: SharedFile = { ...file, name, updated_at: call.now };
      group.files = group.files.map((one) => (one === file ? renamed : one));
      notifyGroup(call, group, GroupNoticeType.FILE_UPDATED, { content: JSON.stringify(renamed) });
      return DONE;
    },
  }),
  route({
    methods: POST_DELETE,
    path: '/group/file/delete',
    summary: 'Ends the sharing of files.',
    answers: list(
      object({
        file_id: id('The shared file.'),
        result: oneOf(['success', 'fail'], 'Whether it was done.'),
        reason: optional(text('Why not.')),
      }),
    ),
    refuses: [20001, 20002],
    body: { ...groupId, file_list: ids('The shared files.') },
    handle(call, { group_id, file_list }) {
      const group = mustBeMember(call, group_id);
      const mayDelete = ({ uploader }: SharedFile): boolean =>
        uploader === call.user.id || isAdmin(group, call.user.id);
      const rows = file_list.map((file_id) => {
        const file = group.files.find((one) => one.file_id === file_id);
        const obstacle: RestCode | undefined = !file ? 20022 : mayDelete(file) ? undefined : 20023;
        if (obstacle) return { file_id, result: 'fail', reason: REST_CODES[obstacle] };
        group.files = group.files.filter((one) => one !== file);
        notifyGroup(call, group, GroupNoticeType.FILE_DELETED, { content: String(file_id) });
        return { file_id, result: 'success' };
      });
      return { data: rows };
    },
  }),
];

function mustFindShared({ files }: Group, fileId: number): SharedFile {
  const file = files.find((one) => one.file_id === fileId);
  if (!file) throw new RestError(20022);
  return file;
}
