import { expect } from 'vitest';
import { GET, NO_USER, POST, POST_DELETE, POST_PUT } from './endpoint-table.ts';
import type { Endpoint } from './endpoint-table.ts';
import { PASSWORD } from './world.ts';
import type { World } from './world.ts';

const tokenOf =
  (person: 'alice') =>
  (w: World): object => ({ user_id: w[person], token: expect.any(String), expire: expect.any(Number), public_key: '' });

const freeze = (w: World): unknown =>
  w.call({ method: 'PUT', path: '/user/disable', by: 'admin', body: { list: [w.alice] } });

/** Registration, tokens, devices, and what admins do with accounts. */
export const accountRows: readonly Endpoint[] = [
  {
    methods: POST,
    path: '/user/register/v2',
    by: 'nobody',
    body: () => ({ username: 'dave', password: PASSWORD }),
    answer: () => ({ user_id: expect.any(Number), auth_mode: 0, group_confirm: false }),
    refusals: [
      { code: 10004, change: () => ({ username: 'alice' }) },
      { code: 10002, change: () => ({ username: '1234' }) },
      { code: 10002, change: () => ({ password: '' }) },
    ],
  },
  {
    methods: POST,
    path: '/user/register/anonymous',
    by: 'nobody',
    body: (w) => ({ username: 'anon_', password: PASSWORD, cid: w.alice }),
    optional: ['cid'],
    answer: () => ({ username: expect.stringMatching(/^anon_\w+$/), user_id: expect.any(Number) }),
    refusals: [{ code: 10002, change: () => ({ username: 'maxim' }) }],
  },
  {
    methods: POST,
    path: '/user/register/batch',
    by: 'nobody',
    body: () => ({ list: ['dave', 'alice'].map((username) => ({ username, password: PASSWORD })) }),
    answer: () => [
      { username: 'dave', success: true, user_id: expect.any(Number) },
      { username: 'alice', success: false, reason: 'user already exists' },
    ],
    refusals: [{ code: 10002, change: () => ({ list: [{ username: 'dave' }] }) }],
  },
  {
    methods: GET,
    path: '/app/user/name_check',
    by: 'nobody',
    query: () => ({ username: 'dave' }),
    refusals: [
      { code: 11011, change: () => ({ username: 'alice' }) },
      { code: 10002, change: () => ({ username: 'mta' }) },
    ],
  },
  {
    methods: POST,
    path: '/token/user',
    by: 'nobody',
    body: () => ({ name: 'alice', password: PASSWORD, device_guid: 'g' }),
    optional: ['device_guid'],
    answer: tokenOf('alice'),
    refusals: [
      { code: 10000, change: () => ({ name: 'nobody' }) },
      { code: 402, change: () => ({ password: 'wrong' }) },
      { code: 10010, prepare: freeze },
    ],
  },
  {
    methods: POST,
    path: '/token/id',
    by: 'nobody',
    body: (w) => ({ user_id: w.alice, password: PASSWORD, device_guid: 'g' }),
    optional: ['device_guid'],
    answer: tokenOf('alice'),
    refusals: [
      { code: 10000, change: () => ({ user_id: NO_USER }) },
      { code: 402, change: () => ({ password: 'wrong' }) },
    ],
  },
  {
    methods: POST,
    path: '/token/login',
    by: 'nobody',
    prepare: (w) => w.post('alice', '/user/mobile', {}, { mobile: '13812345678' }),
    body: () => ({ login_name: '13812345678', password: PASSWORD, device_guid: 'g' }),
    optional: ['device_guid'],
    answer: tokenOf('alice'),
    refusals: [{ code: 402, change: () => ({ login_name: 'alice', password: 'wrong' }) }],
  },
  {
    methods: POST_PUT,
    path: '/user/change_password',
    body: () => ({ old_password: PASSWORD, new_password: 'better12' }),
    notices: { alice: ['user PASSWORD_CHANGED'] },
    ends: ['alice'],
    refusals: [{ code: 11001, change: () => ({ old_password: 'wrong' }) }],
    then: async (w) => expect(await w.get('alice', '/user/profile')).toMatchObject({ code: 402 }),
  },
  {
    methods: POST_DELETE,
    path: '/user/delete',
    body: () => ({ password: PASSWORD }),
    optional: ['password'],
    notices: {
      alice: ['user REMOVED'],
      bob: ['roster REMOVED alice→bob', 'group DESTROYED alice→'],
    },
    ends: ['alice'],
    refusals: [{ code: 11001, change: () => ({ password: 'wrong' }) }],
    async then(w) {
      expect(await w.get('alice', '/user/profile')).toMatchObject({ code: 402 });
      expect(await w.get('bob', '/roster/id', { user_id: w.alice })).toMatchObject({ code: 10021 });
      expect(await w.get('bob', '/roster/list')).toMatchObject({ data: [] });
    },
  },
  {
    methods: GET,
    path: '/user/device/list',
    answer: (w) => [1, 2].map((device_sn) => ({ user_id: w.alice, device_sn, platform: 6, user_agent: 'Web' })),
  },
  {
    methods: POST_DELETE,
    path: '/user/kick',
    prepare: (w) => w.app.devices.open(w.alice, 'alice1', Date.now()),
    query: () => ({ device_sn: 1 }),
    optional: ['device_sn'],
    notices: { alice1: ['user KICKED_BY_OTHER_DEVICE'] },
    ends: ['alice1'],
    refusals: [{ code: 10002, change: () => ({ device_sn: 9 }) }],
  },
  {
    methods: POST_DELETE,
    path: '/user/kick',
    notices: { alice: ['user KICKED_BY_OTHER_DEVICE'] },
    ends: ['alice'],
    then: async (w) => expect(await w.get('alice', '/user/profile')).toMatchObject({ code: 402 }),
  },
  {
    methods: POST_PUT,
    path: '/user/token/bind',
    prepare: (w) => w.app.devices.open(w.alice, 'phone', Date.now()),
    body: () => ({ device_sn: 1, device_token: 'token1', notifier_name: 'certificate' }),
    refusals: [{ code: 10002, change: () => ({ device_sn: 9 }) }],
    then: (w) => expect(w.app.devices.of(w.alice)[0]).toMatchObject({ pushToken: 'token1' }),
  },
  {
    methods: POST_DELETE,
    path: '/user/token/unbind',
    prepare: (w) =>
      w.app.devices.change(w.app.devices.open(w.alice, 'phone', Date.now()).device, { pushToken: 'token1' }),
    query: () => ({ deviceSn: 1 }),
    refusals: [{ code: 10002, change: () => ({ deviceSn: 9 }) }],
    then: (w) => expect(w.app.devices.of(w.alice)[0]!.pushToken).toBeUndefined(),
  },
  {
    methods: POST,
    path: '/user/add_roster',
    by: 'admin for alice',
    body: (w) => ({ list: [w.bob, w.carol] }),
    notices: { alice: ['roster ADDED carol→alice'], carol: ['roster ADDED alice→carol'] },
    refusals: [
      { code: 10010, by: 'alice' },
      { code: 10002, by: 'admin' },
      { code: 10000, change: () => ({ list: [NO_USER] }) },
    ],
  },
  {
    methods: GET,
    path: '/user/rosters',
    by: 'admin for alice',
    answer: (w) => [{ user_id: w.bob, name: 'bob' }],
    refusals: [{ code: 10010, by: 'alice' }],
  },
  {
    methods: 'PUT',
    path: '/user/disable',
    by: 'admin',
    body: (w) => ({ list: [w.alice] }),
    notices: { alice: ['user FROZEN'] },
    ends: ['alice'],
    refusals: [
      { code: 10010, by: 'alice' },
      { code: 10000, change: () => ({ list: [NO_USER] }) },
    ],
  },
  {
    methods: 'PUT',
    path: '/user/enable',
    by: 'admin',
    prepare: freeze,
    body: (w) => ({ list: [w.alice] }),
    refusals: [{ code: 10010, by: 'alice' }],
    then: (w) => expect(w.app.users.get(w.alice)!.frozen).toBe(false),
  },
];
