import { expect } from 'vitest';
import { GET, NO_USER, POST, POST_DELETE, POST_PUT } from './endpoint-table.ts';
import type { Endpoint, Person } from './endpoint-table.ts';
import type { World } from './world.ts';

const asks = (mode: number) => (w: World) =>
  w.post('carol', '/user/settings', { user_id: w.carol, auth_mode: mode, auth_question: '?', auth_answer: '42' });

/** Carol wants to be alice's friend, and alice is asked. */
async function apply(w: World): Promise<void> {
  await w.post('alice', '/user/authmode', {}, { value: 1 });
  await w.post('carol', '/roster/apply', { user_id: w.alice, reason: 'hi', alias: 'Al' });
}

const blocks = (by: Person, whom: Person) => (w: World) => w.post(by, '/roster/block', {}, { user_id: w[whom] });

/** Friends, friend applications and the blacklist. */
export const rosterRows: readonly Endpoint[] = [
  {
    methods: GET,
    path: '/roster/list',
    query: () => ({ cursor: '', limit: 10 }),
    optional: ['cursor', 'limit'],
    answer: (w) => [w.bob],
  },
  {
    methods: POST,
    path: '/roster/list',
    body: (w) => ({ list: [w.bob, w.alice, NO_USER, w.carol] }),
    answer: (w) => [
      { user_id: w.bob, username: 'bob', relation: 0, auth_mode: 0, mute_notification: false },
      { user_id: w.alice, username: 'alice' },
      { user_id: w.carol, relation: 2 },
    ],
  },
  {
    methods: GET,
    path: '/roster/id',
    query: (w) => ({ user_id: w.bob }),
    answer: (w) => ({ user_id: w.bob, username: 'bob', relation: 0 }),
    refusals: [
      { code: 10000, change: () => ({ user_id: NO_USER }) },
      {
        code: 10021,
        prepare: (w) => w.call({ method: 'DELETE', path: '/user/delete', by: 'bob', body: { password: 'secret12' } }),
      },
    ],
  },
  {
    methods: GET,
    path: '/roster/name',
    query: () => ({ username: 'carol' }),
    answer: (w) => ({ user_id: w.carol, relation: 2 }),
    refusals: [{ code: 10000, change: () => ({ username: 'nobody' }) }],
  },
  {
    // Nobody has to be asked.
    methods: POST,
    path: '/roster/apply',
    body: (w) => ({ user_id: w.carol, alias: 'C', reason: 'hi' }),
    optional: ['alias', 'reason'],
    notices: { alice: ['roster ADDED carol→alice'], carol: ['roster ADDED alice→carol'] },
    refusals: [
      { code: 10000, change: () => ({ user_id: NO_USER }) },
      { code: 10005, change: (w) => ({ user_id: w.bob }) },
      { code: 10006, prepare: blocks('carol', 'alice') },
      { code: 10006, prepare: blocks('alice', 'carol') },
      { code: 10007, prepare: asks(2), change: () => ({ auth_answer: '41' }) },
      { code: 10012, prepare: asks(3) },
    ],
    then: async (w) =>
      expect(await w.get('alice', '/roster/id', { user_id: w.carol })).toMatchObject({
        data: { alias: 'C', relation: 0 },
      }),
  },
  {
    // Carol is asked.
    methods: POST,
    path: '/roster/apply',
    prepare: asks(1),
    body: (w) => ({ user_id: w.carol, reason: 'hi' }),
    optional: ['reason'],
    notices: { carol: ['roster APPLIED alice→carol: hi'] },
  },
  {
    // The question is answered.
    methods: POST,
    path: '/roster/apply',
    prepare: asks(2),
    body: (w) => ({ user_id: w.carol, auth_answer: '42' }),
    optional: ['auth_answer'],
    notices: { alice: ['roster ADDED carol→alice'], carol: ['roster ADDED alice→carol'] },
  },
  {
    methods: GET,
    path: '/roster/apply/list',
    prepare: apply,
    query: () => ({ cursor: '', limit: 10 }),
    optional: ['cursor', 'limit'],
    answer: (w) => [{ user_id: w.carol, reason: 'hi', status: 0, expired_time: expect.any(Number) }],
  },
  {
    methods: POST,
    path: '/roster/accept',
    prepare: apply,
    query: (w) => ({ user_id: w.carol }),
    notices: { alice: ['roster ACCEPTED alice→carol'], carol: ['roster ACCEPTED alice→carol'] },
    refusals: [
      { code: 10005, change: (w) => ({ user_id: w.bob }) },
      { code: 10007, change: () => ({ user_id: NO_USER }) },
      { code: 10007, prepare: (w) => w.post('alice', '/roster/decline', { user_id: w.carol }) },
    ],
    then: async (w) =>
      expect(await w.get('carol', '/roster/id', { user_id: w.alice })).toMatchObject({
        data: { alias: 'Al', relation: 0 },
      }),
  },
  {
    methods: POST,
    path: '/roster/decline',
    prepare: apply,
    body: (w) => ({ user_id: w.carol, reason: 'no' }),
    optional: ['reason'],
    notices: { alice: ['roster DECLINED alice→carol: no'], carol: ['roster DECLINED alice→carol: no'] },
    refusals: [
      { code: 10007, change: () => ({ user_id: NO_USER }) },
      { code: 10007, prepare: (w) => w.post('alice', '/roster/decline', { user_id: w.carol }) },
    ],
  },
  {
    methods: POST_DELETE,
    path: '/roster/delete',
    query: (w) => ({ user_id: w.bob }),
    notices: { alice: ['roster REMOVED alice→bob'], bob: ['roster REMOVED alice→bob'] },
    refusals: [{ code: 10000, change: () => ({ user_id: NO_USER }) }],
    async then(w) {
      expect(await w.get('alice', '/roster/id', { user_id: w.bob })).toMatchObject({ data: { relation: 2 } });
      expect(await w.get('bob', '/roster/id', { user_id: w.alice })).toMatchObject({ data: { relation: 1 } });
    },
  },
  {
    methods: POST_PUT,
    path: '/roster/ext',
    body: (w) => ({ user_id: w.bob, ext: '{}', alias: 'B', mute_notification: true }),
    optional: ['ext', 'alias', 'mute_notification'],
    notices: { alice: ['roster INFO_UPDATED alice→bob: {"ext":"{}","alias":"B"}', 'roster MUTED alice→bob'] },
    refusals: [{ code: 10000, change: (w) => ({ user_id: w.carol }) }],
    then: async (w) =>
      expect(await w.get('alice', '/roster/id', { user_id: w.bob })).toMatchObject({
        data: { ext: '{}', alias: 'B', mute_notification: true },
      }),
  },
  {
    methods: POST_PUT,
    path: '/roster/ext',
    body: (w) => ({ user_id: w.bob, mute_notification: 0 }),
    optional: ['mute_notification'],
    notices: { alice: ['roster UNMUTED alice→bob'] },
  },
  {
    methods: POST,
    path: '/roster/block',
    query: (w) => ({ user_id: w.bob }),
    notices: { alice: ['roster BLOCKED alice→bob'] },
    refusals: [
      { code: 10000, change: () => ({ user_id: NO_USER }) },
      { code: 10006, prepare: blocks('alice', 'bob') },
    ],
    then: async (w) =>
      expect(await w.get('alice', '/roster/id', { user_id: w.bob })).toMatchObject({ data: { relation: 3 } }),
  },
  {
    methods: POST_DELETE,
    path: '/roster/unblock',
    prepare: blocks('alice', 'bob'),
    query: (w) => ({ user_id: w.bob }),
    notices: { alice: ['roster UNBLOCKED alice→bob'] },
    refusals: [{ code: 10000, change: () => ({ user_id: NO_USER }) }],
  },
  { methods: GET, path: '/roster/blocked_list', prepare: blocks('alice', 'carol'), answer: (w) => [w.carol] },
];
