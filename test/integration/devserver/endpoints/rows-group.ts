import { expect } from 'vitest';
import { GET, NO_GROUP, POST, POST_DELETE, POST_PUT } from './endpoint-table.ts';
import type { Endpoint } from './endpoint-table.ts';
import type { World } from './world.ts';

const theGroup = (w: World): { group_id: number } => ({ group_id: w.group });
const noGroup = { code: 20001, change: () => ({ group_id: NO_GROUP }) };
const notMember = { code: 20002, by: 'carol' } as const;
const info = (w: World): object => ({
  group_id: w.group,
  name: 'club',
  owner_id: w.alice,
  type: 0,
  status: 0,
  count: 2,
  capacity: 200,
  member_invite: true,
  member_modify: false,
  apply_approval: 1,
  read_ack: false,
  history_visible: false,
  hide_member_info: false,
  ban_expire_time: 0,
  msg_mute_mode: 0,
  msg_push_mode: 0,
});

/** Life cycle, info and members of groups. */
export const groupRows: readonly Endpoint[] = [
  {
    methods: POST,
    path: '/group/create',
    // Carol wants to be asked before she joins, bob does not.
    prepare: (w) => w.post('carol', '/user/settings', { user_id: w.carol, group_confirm: true }),
    body: (w) => ({ name: 'new', description: 'd', avatar: 'a', type: 1, user_list: [w.bob, w.carol] }),
    optional: ['description', 'avatar', 'type', 'user_list'],
    answer: (w) => ({
      name: 'new',
      description: 'd',
      avatar: 'a',
      type: 1,
      owner_id: w.alice,
      count: 2,
      apply_approval: 1,
    }),
    notices: {
      alice: [
        'group CREATED of another group alice→',
        'group JOINED of another group bob→alice',
        'group INVITED of another group alice→carol',
      ],
      bob: ['group JOINED of another group bob→alice'],
      carol: ['group INVITED of another group alice→carol'],
    },
    refusals: [
      { code: 10002, change: () => ({ name: '' }) },
      { code: 10002, change: () => ({ type: 4 }) },
    ],
  },
  {
    methods: POST_DELETE,
    path: '/group/destroy',
    query: theGroup,
    notices: { alice: ['group DESTROYED alice→'], bob: ['group DESTROYED alice→'] },
    refusals: [noGroup, notMember, { code: 20013, by: 'bob' }],
    then: async (w) => expect(await w.get('bob', '/group/user_joined')).toMatchObject({ data: [] }),
  },
  { methods: GET, path: '/group/user_joined', answer: (w) => [w.group] },
  {
    methods: GET,
    path: '/group/public_list',
    async prepare(w) {
      w.kept['group'] = (await w.post('bob', '/group/create', { name: 'open', type: 1 })).data.group_id;
    },
    answer: (w) => [w.kept['group']],
  },
  { methods: GET, path: '/group/info', by: 'carol', query: theGroup, answer: info, refusals: [noGroup] },
  { methods: GET, path: '/group/settings', query: theGroup, answer: info, refusals: [noGroup] },
  {
    methods: POST,
    path: '/group/info/batch',
    body: (w) => ({ group_list: [NO_GROUP, w.group] }),
    answer: (w) => [{ group_id: w.group, name: 'club', owner: w.alice, count: 2, apply_approval: 1 }],
  },
  {
    methods: GET,
    path: '/group/member_list',
    by: 'bob',
    query: (w) => ({ ...theGroup(w), cursor: '', limit: 10, version: 0 }),
    optional: ['cursor', 'limit', 'version'],
    answer: (w) => [
      { user_id: w.alice, join_time: expect.any(Number) },
      { user_id: w.bob, join_time: expect.any(Number) },
    ],
    refusals: [noGroup, notMember],
  },
  {
    methods: POST,
    path: '/group/members/display_name',
    prepare: (w) => w.post('bob', '/group/display_name', { group_id: w.group, value: 'Bobby' }),
    body: (w) => ({ ...theGroup(w), user_list: [w.bob, w.carol] }),
    answer: (w) => [{ user_id: w.bob, display_name: 'Bobby' }],
    refusals: [noGroup],
  },
  {
    methods: POST_PUT,
    path: '/group/display_name',
    by: 'bob',
    body: (w) => ({ ...theGroup(w), value: 'Bobby' }),
    notices: {
      alice: ['group INFO_UPDATED bob→: {"property":"display_name","display_name":"Bobby"}'],
      bob: ['group INFO_UPDATED bob→: {"property":"display_name","display_name":"Bobby"}'],
    },
    refusals: [noGroup, notMember],
  },
  {
    methods: POST_PUT,
    path: '/group/transfer',
    body: (w) => ({ ...theGroup(w), new_owner: w.bob }),
    answer: (w) => ({ user_id: w.bob, result: 'success' }),
    notices: { alice: ['group OWNER_ASSIGNED alice→bob'], bob: ['group OWNER_ASSIGNED alice→bob'] },
    refusals: [
      noGroup,
      notMember,
      { code: 20013, by: 'bob' },
      { code: 20005, change: (w) => ({ new_owner: w.carol }) },
    ],
    then: async (w) =>
      expect(await w.get('alice', '/group/info', theGroup(w))).toMatchObject({ data: { owner_id: w.bob } }),
  },
  {
    methods: POST_DELETE,
    path: '/group/leave',
    by: 'bob',
    query: theGroup,
    notices: { alice: ['group LEAVED bob→'], bob: ['group LEAVED bob→'] },
    refusals: [noGroup, notMember, { code: 20004, by: 'alice' }],
    then: async (w) => expect(await w.get('bob', '/group/user_joined')).toMatchObject({ data: [] }),
  },
];
