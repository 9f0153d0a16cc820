import { expect } from 'vitest';
import { GET, NO_GROUP, POST, POST_DELETE, POST_PUT } from './endpoint-table.ts';
import type { Endpoint, Refusal, Notices } from './endpoint-table.ts';
import type { Member } from '../../../../devserver/src/model/groups.ts';
import type { World } from './world.ts';

const theGroup = (w: World): { group_id: number } => ({ group_id: w.group });
const noGroup: Refusal = { code: 20001, change: () => ({ group_id: NO_GROUP }) };
const notMember: Refusal = { code: 20002, by: 'carol' };
const adminOnly: Refusal[] = [noGroup, notMember, { code: 20012, by: 'bob' }];
/** All members hear of it: alice and bob. */
const members = (notice: unknown): Notices => ({ alice: [notice], bob: [notice] });
const changed = (field: string, value: unknown): Notices =>
  members(`group INFO_UPDATED alice→: ${JSON.stringify({ property: field, [field]: value })}`);
const infoIs = (field: string, value: unknown) => async (w: World) =>
  expect(await w.get('bob', '/group/info', theGroup(w))).toMatchObject({ data: { [field]: value } });

function infoField(field: string): Endpoint {
  return {
    methods: POST_PUT,
    path: `/group/info/${field}`,
    body: (w) => ({ ...theGroup(w), value: 'new' }),
    notices: changed(field, 'new'),
    refusals: adminOnly,
    then: infoIs(field, 'new'),
  };
}

function groupSwitch(name: string, field: string): Endpoint {
  return {
    methods: POST_PUT,
    path: `/group/settings/${name}`,
    body: (w) => ({ ...theGroup(w), value: 1 }),
    notices: changed(field, true),
    refusals: [...adminOnly, { code: 10002, change: () => ({ value: 'perhaps' }) }],
    then: infoIs(field, true),
  };
}

function muteMode(mode: number, notice: string): Endpoint {
  return {
    methods: POST_PUT,
    path: '/group/msg/mute_mode',
    by: 'bob',
    body: (w) => ({ ...theGroup(w), msg_mute_mode: mode }),
    notices: { bob: [notice] },
    refusals: [noGroup, notMember, { code: 10002, change: () => ({ msg_mute_mode: 3 }) }],
    then: infoIs('msg_mute_mode', mode),
  };
}

function pushMode(methods: string, path: string, params: object, mode: number, bad: object): Endpoint {
  return {
    methods,
    path,
    by: 'bob',
    body: (w) => ({ ...theGroup(w), ...params }),
    notices: { bob: [`group MESSAGE_SETTING bob→: {"msg_push_mode":${mode}}`] },
    refusals: [noGroup, notMember, { code: 10002, change: () => ({ ...bad }) }],
    then: infoIs('msg_push_mode', mode),
  };
}

const noFile: Refusal = { code: 20022, change: () => ({ file_id: 99 }) };
const plainMember = (userId: number): Member => ({ userId, joinedAt: Date.now(), admin: false, msgMuteMode: 0 });

async function announce(w: World): Promise<void> {
  w.kept['made'] = (
    await w.post('alice', '/group/announcement/edit', { ...theGroup(w), title: 't', content: 'c' })
  ).data;
}

async function shareFile(w: World): Promise<void> {
  const file = { ...theGroup(w), name: 'a.txt', size: 3, url: 'http://x/?a' };
  w.kept['made'] = (await w.post('bob', '/group/file/upload', file)).data;
}

const announcement = (w: World): object => ({
  id: expect.any(Number),
  ...theGroup(w),
  title: 't',
  content: 'c',
  author: w.alice,
  created_at: expect.any(Number),
});
const noAnnouncement: Refusal = { code: 20020, change: () => ({ announcement_id: 99 }) };

/** Info fields, switches, announcements and shared files of groups. */
export const groupContentRows: readonly Endpoint[] = [
  ...['name', 'description', 'avatar', 'ext'].map(infoField),
  {
    // A plain member may, when the group says so.
    methods: POST_PUT,
    path: '/group/info/name',
    by: 'bob',
    prepare: (w) => w.post('alice', '/group/settings/allow_member_modify', { ...theGroup(w), value: true }),
    body: (w) => ({ ...theGroup(w), value: 'new' }),
    notices: members('group INFO_UPDATED bob→: {"property":"name","name":"new"}'),
  },
  groupSwitch('allow_member_invitation', 'member_invite'),
  groupSwitch('allow_member_modify', 'member_modify'),
  groupSwitch('enable_read_ack', 'read_ack'),
  groupSwitch('history_visible', 'history_visible'),
  groupSwitch('hide_member_info', 'hide_member_info'),
  {
    methods: POST_PUT,
    path: '/group/settings/require_admin_approval',
    body: (w) => ({ ...theGroup(w), apply_approval: 2 }),
    notices: changed('apply_approval', 2),
    refusals: [...adminOnly, { code: 10002, change: () => ({ apply_approval: 3 }) }],
    then: infoIs('apply_approval', 2),
  },
  muteMode(1, 'group MUTED bob→: 1'),
  muteMode(0, 'group UNMUTED bob→: 0'),
  pushMode(POST_PUT, '/group/msg/push_mode', { msg_push_mode: 4 }, 4, { msg_push_mode: 5 }),
  pushMode(POST, '/group/msg/not_disturb', { value: true }, 1, { value: 'perhaps' }),
  {
    methods: POST,
    path: '/group/announcement/edit',
    body: (w) => ({ ...theGroup(w), title: 't', content: 'c' }),
    answer: announcement,
    notices: members(expect.stringMatching(/^group ANNOUNCEMENT_UPDATED alice→: \{.*"title":"t"/)),
    refusals: adminOnly,
  },
  {
    methods: GET,
    path: '/group/announcement',
    by: 'bob',
    prepare: announce,
    query: (w) => ({ ...theGroup(w), announcement_id: w.kept['made']?.id }),
    answer: announcement,
    refusals: [noGroup, notMember, noAnnouncement],
  },
  {
    methods: GET,
    path: '/group/announcement/last',
    by: 'bob',
    prepare: announce,
    query: theGroup,
    answer: announcement,
    refusals: [noGroup, notMember, { code: 20020, prepare: (w) => w.app.groups.get(w.group)!.announcements.splice(0) }],
  },
  {
    methods: GET,
    path: '/group/announcement/list',
    by: 'bob',
    prepare: announce,
    query: theGroup,
    answer: (w) => [announcement(w)],
    refusals: [noGroup, notMember],
  },
  {
    methods: POST_DELETE,
    path: '/group/announcement/delete',
    prepare: announce,
    query: (w) => ({ ...theGroup(w), announcement_id: w.kept['made']?.id }),
    notices: members(expect.stringMatching(/^group ANNOUNCEMENT_UPDATED alice→: \d+$/)),
    refusals: [...adminOnly, noAnnouncement],
  },
  {
    methods: POST,
    path: '/group/file/upload',
    by: 'bob',
    body: (w) => ({ ...theGroup(w), name: 'a.txt', size: 3, url: 'http://x/?a', type: 'txt' }),
    optional: ['type'],
    answer: (w) => ({ file_id: expect.any(Number), name: 'a.txt', size: 3, uploader: w.bob, url: 'http://x/?a' }),
    notices: members(expect.stringMatching(/^group FILE_UPLOADED bob→: \{.*"name":"a.txt"/)),
    refusals: [noGroup, notMember],
  },
  {
    methods: GET,
    path: '/group/file/list',
    prepare: shareFile,
    query: theGroup,
    answer: (w) => [w.kept['made']],
    refusals: [noGroup, notMember],
  },
  {
    methods: GET,
    path: '/group/file',
    prepare: shareFile,
    query: (w) => ({ ...theGroup(w), file_id: w.kept['made']?.file_id }),
    answer: (w) => w.kept['made'],
    refusals: [noGroup, notMember, noFile],
  },
  {
    methods: POST_PUT,
    path: '/group/file/update_name',
    by: 'bob',
    prepare: shareFile,
    body: (w) => ({ ...theGroup(w), file_id: w.kept['made']?.file_id, name: 'b.txt' }),
    notices: members(expect.stringMatching(/^group FILE_UPDATED bob→: \{.*"name":"b.txt"/)),
    refusals: [
      noGroup,
      notMember,
      noFile,
      {
        code: 20023,
        by: 'carol',
        prepare: (w) => w.app.groups.get(w.group)!.members.set(w.carol, plainMember(w.carol)),
      },
    ],
  },
  {
    methods: POST_DELETE,
    path: '/group/file/delete',
    by: 'bob',
    prepare: shareFile,
    body: (w) => ({ ...theGroup(w), file_list: [w.kept['made']?.file_id, 99] }),
    answer: (w) => [
      { file_id: w.kept['made'].file_id, result: 'success' },
      { file_id: 99, result: 'fail', reason: 'shared file does not exist' },
    ],
    notices: members(expect.stringMatching(/^group FILE_DELETED bob→: \d+$/)),
    refusals: [noGroup, notMember],
  },
];
