import type { EndpointTable } from '../http/endpoints.ts';
import type { FileResult, SharedFile } from '../model/file.ts';
import type { Announcement } from '../model/group.ts';
import type { IdInput } from '../model/ids.ts';
import type { Paged } from '../model/page.ts';
import type { RightNames } from './deployed-names.ts';

/** Names a group. */
interface Group {
  /** Id of the group. */
  group_id: IdInput;
}

/** Names an announcement and its group. */
interface OneAnnouncement extends Group {
  /** Id of the announcement. */
  announcement_id: IdInput;
}

/** Announcements and shared files of groups: one REST call each. They reject as those of {@link GroupInfoCalls} do. */
export interface GroupContentCalls {
  /** Lists the announcements, oldest first. */
  asyncGetAnnouncementList(params: Group): Promise<Paged<Announcement>>;
  /**
   * Fetches an announcement.
   *
   * @throws FlooError `GroupAnnouncementNotFound` when there is none with this id
   */
  asyncGetAnnouncementById(params: OneAnnouncement): Promise<Announcement>;
  /** @deprecated Misspelt: use {@link asyncGetAnnouncementById}. */
  asyncGetAnouncementById: GroupContentCalls['asyncGetAnnouncementById'];
  /**
   * Adds an announcement. Announcements cannot be changed.
   *
   * @param params.title - title
   * @param params.content - text
   */
  asyncAnnouncementEdit(params: Group & { title: string; content: string }): Promise<Announcement>;
  /** Deletes an announcement. */
  asyncAnnouncementDelete(params: OneAnnouncement): Promise<boolean>;
  /** @deprecated Misspelt: use {@link asyncAnnouncementDelete}. */
  asyncAnouncementDelete: GroupContentCalls['asyncAnnouncementDelete'];

  /** Lists the shared files. */
  asyncGetFileList(params: Group): Promise<Paged<SharedFile>>;
  /**
   * Shares a file that is uploaded already.
   *
   * @param params.name - file name to show
   * @param params.size - size in bytes
   * @param params.url - `url` of the uploaded file
   * @param params.type - type to show
   */
  asyncFileUpload(params: Group & { name: string; size: number; url: string; type?: string }): Promise<SharedFile>;
  /**
   * Removes shared files.
   *
   * @param params.file_list - ids of the shared files
   */
  asyncFileDelete(params: Group & { file_list: readonly IdInput[] }): Promise<FileResult[]>;
}

export const GROUP_CONTENT_ENDPOINTS = {
  asyncGetAnnouncementList: { method: 'GET', path: '/group/announcement/list', required: ['group_id'] },
  asyncGetAnnouncementById: {
    method: 'GET',
    path: '/group/announcement',
    required: ['announcement_id', 'group_id'],
  },
  asyncAnnouncementEdit: {
    method: 'POST',
    path: '/group/announcement/edit',
    send: 'body',
    required: ['group_id', 'content', 'title'],
  },
  asyncAnnouncementDelete: {
    method: 'POST',
    path: '/group/announcement/delete',
    send: 'query',
    required: ['announcement_id', 'group_id'],
  },

  asyncGetFileList: { method: 'GET', path: '/group/file/list', required: ['group_id'] },
  asyncFileUpload: {
    method: 'POST',
    path: '/group/file/upload',
    send: 'body',
    required: ['group_id', 'name', 'size', 'url'],
  },
  asyncFileDelete: { method: 'POST', path: '/group/file/delete', send: 'body', required: ['group_id', 'file_list'] },
} as const satisfies EndpointTable<RightNames<GroupContentCalls>>;
