import { expect } from 'vitest';
import { GET, NO_GROUP, POST, POST_DELETE, POST_PUT } from './endpoint-table.ts';
import type { Endpoint, Refusal, Notices, Values } from './endpoint-table.ts';
import type { World } from './world.ts';

const theGroup = (w: World): { group_id: number } => ({ group_id: w.group });
const bob = (w: World): Values => ({ ...theGroup(w), user_list: [w.bob] });
const bobAndOthers = (w: World): Values => ({ ...theGroup(w), user_list: [w.bob, w.carol, w.alice] });
const noGroup: Refusal = { code: 20001, change: () => ({ group_id: NO_GROUP }) };
const notMember: Refusal = { code: 20002, by: 'carol' };
const adminOnly = [noGroup, notMember, { code: 20012, by: 'bob' }] as const satisfies Refusal[];
const ownerOnly = [noGroup, notMember, { code: 20013, by: 'bob' }] as const satisfies Refusal[];

const did =
  (path: string, params: object = {}) =>
  (w: World) =>
    w.post('alice', path, { ...bob(w), ...params });
/** All members hear of it: alice and bob. */
const members = (notice: string): Notices => ({ alice: [notice], bob: [notice] });
/** What is done to bob cannot be done to carol, who is no member, or to alice, who is the owner. */
const bobOnly = (w: World): object => [
  { user_id: w.bob, result: 'success' },
  { user_id: w.carol, result: 'fail', reason: 'not a group member' },
  { user_id: w.alice, result: 'fail' },
];
const ends = expect.any(Number);

/** Admins, kicks, bans and the blacklist of groups. */
export const groupModerationRows: readonly Endpoint[] = [
  {
    methods: POST_DELETE,
    path: '/group/kick',
    body: bobAndOthers,
    answer: bobOnly,
    notices: members('group KICKED alice→bob'),
    refusals: adminOnly,
    then: async (w) => expect(await w.get('bob', '/group/user_joined')).toMatchObject({ data: [] }),
  },
  {
    methods: POST,
    path: '/group/admin/add',
    body: bobAndOthers,
    answer: bobOnly,
    notices: members('group ADMIN_GRANTED alice→bob'),
    refusals: ownerOnly,
  },
  {
    methods: POST_DELETE,
    path: '/group/admin/remove',
    prepare: did('/group/admin/add'),
    body: bobAndOthers,
    answer: bobOnly,
    notices: members('group ADMIN_REVOKED alice→bob'),
    refusals: ownerOnly,
  },
  {
    methods: GET,
    path: '/group/admin_list',
    prepare: did('/group/admin/add'),
    query: theGroup,
    answer: (w) => [{ user_id: w.bob, join_time: ends }],
    refusals: [noGroup],
  },
  {
    methods: POST,
    path: '/group/ban',
    body: (w) => ({ ...bobAndOthers(w), duration: 10 }),
    answer: bobOnly,
    notices: members('group BANNED alice→bob: 10'),
    refusals: adminOnly,
  },
  {
    methods: POST_DELETE,
    path: '/group/unban',
    prepare: did('/group/ban', { duration: -1 }),
    body: (w) => ({ ...theGroup(w), user_list: [w.bob, w.carol] }),
    answer: (w) => [
      { user_id: w.bob, result: 'success' },
      { user_id: w.carol, result: 'fail' },
    ],
    notices: members('group UNBANNED alice→bob'),
    refusals: adminOnly,
    then: async (w) => expect(await w.get('alice', '/group/banned_list', theGroup(w))).toMatchObject({ data: [] }),
  },
  {
    methods: GET,
    path: '/group/banned_list',
    by: 'bob',
    prepare: did('/group/ban', { duration: -1 }),
    query: (w) => ({ ...theGroup(w), cursor: '', limit: 10, version: 0 }),
    optional: ['cursor', 'limit', 'version'],
    answer: (w) => [{ user_id: w.bob, join_time: ends, expired_time: -1 }],
    refusals: [noGroup, notMember],
  },
  {
    methods: POST_PUT,
    path: '/group/settings/ban_all',
    body: (w) => ({ ...theGroup(w), duration: -1 }),
    answer: () => ({ ban_expire_time: -1 }),
    notices: members('group INFO_UPDATED alice→: {"property":"ban_expire_time","ban_expire_time":-1}'),
    refusals: adminOnly,
  },
  {
    methods: POST_PUT,
    path: '/group/settings/unban_all',
    prepare: did('/group/settings/ban_all', { duration: 5 }),
    body: theGroup,
    notices: members('group INFO_UPDATED alice→: {"property":"ban_expire_time","ban_expire_time":0}'),
    refusals: adminOnly,
  },
  {
    // Members and strangers alike; bob is put out by it.
    methods: POST,
    path: '/group/block',
    body: bobAndOthers,
    answer: (w) => [
      { user_id: w.bob, result: 'success' },
      { user_id: w.carol, result: 'success' },
      { user_id: w.alice, result: 'fail' },
    ],
    notices: {
      alice: ['group BLOCKED alice→bob,carol'],
      bob: ['group BLOCKED alice→bob,carol'],
      carol: ['group BLOCKED alice→bob,carol'],
    },
    refusals: adminOnly,
    then: async (w) => {
      expect(await w.get('bob', '/group/user_joined')).toMatchObject({ data: [] });
      expect(await w.post('alice', '/group/invite', bobAndOthers(w))).toMatchObject({
        data: [{ result: 'fail' }, { result: 'fail' }, { result: 'fail' }],
      });
    },
  },
  {
    methods: POST_DELETE,
    path: '/group/unblock',
    prepare: did('/group/block'),
    body: bob,
    answer: (w) => [{ user_id: w.bob, result: 'success' }],
    notices: { alice: ['group UNBLOCKED alice→bob'] },
    refusals: [noGroup, notMember],
  },
  {
    methods: GET,
    path: '/group/blocked_list',
    prepare: did('/group/block'),
    query: (w) => ({ ...theGroup(w), cursor: '', limit: 10, version: 0 }),
    optional: ['cursor', 'limit', 'version'],
    answer: (w) => [{ user_id: w.bob, ...theGroup(w), created_at: expect.stringMatching(/^\d{4}-/) }],
    refusals: [noGroup, notMember],
  },
];
