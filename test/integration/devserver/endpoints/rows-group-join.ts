import { expect } from 'vitest';
import { GET, NO_GROUP, NO_USER, POST } from './endpoint-table.ts';
import type { Endpoint } from './endpoint-table.ts';
import type { World } from './world.ts';

const theGroup = (w: World): { group_id: number } => ({ group_id: w.group });
const noGroup = { code: 20001, change: () => ({ group_id: NO_GROUP }) };
const notMember = { code: 20002, by: 'carol' } as const;
const closed = {
  code: 20012,
  by: 'bob',
  prepare: (w: World) => w.post('alice', '/group/settings/allow_member_invitation', { ...theGroup(w), value: false }),
} as const;
const wantsToBeAsked = (w: World): unknown =>
  w.post('carol', '/user/settings', { user_id: w.carol, group_confirm: true });
const approval = (mode: number) => (w: World) =>
  w.post('alice', '/group/settings/require_admin_approval', { ...theGroup(w), apply_approval: mode });
const admit = (w: World): unknown => w.post('alice', '/group/invite', { ...theGroup(w), user_list: [w.carol] });
const block = (w: World): unknown => w.post('alice', '/group/block', { ...theGroup(w), user_list: [w.carol] });

async function kickOften(w: World): Promise<void> {
  for (let kick = 0; kick < 4; kick++) {
    await admit(w);
    await w.post('alice', '/group/kick', { ...theGroup(w), user_list: [w.carol] });
  }
}

async function fill(w: World): Promise<void> {
  const group = w.app.groups.get(w.group)!;
  const member = group.members.get(w.bob)!;
  for (let userId = 1; group.members.size < group.capacity; userId++) group.members.set(userId, { ...member, userId });
}

async function inviteCarol(w: World): Promise<void> {
  await wantsToBeAsked(w);
  await w.post('bob', '/group/invite', { ...theGroup(w), user_list: [w.carol], reason: 'come' });
}

const apply = (w: World): unknown => w.post('carol', '/group/apply', { ...theGroup(w), reason: 'please' });

async function showCode(w: World): Promise<void> {
  w.kept['code'] = (await w.get('bob', '/app/qrcode/group_sign', theGroup(w))).data.qr_info;
}

/** What keeps carol from joining, however she tries. */
const obstacles = [
  { code: 20017, prepare: admit },
  { code: 20018, prepare: block },
  { code: 20016, prepare: kickOften },
  { code: 20010, prepare: fill },
];

const joined = ['group JOINED carol→bob'];

/** Invitations, applications and QR codes of groups. */
export const groupJoinRows: readonly Endpoint[] = [
  {
    methods: POST,
    path: '/group/invite',
    by: 'bob',
    body: (w) => ({ ...theGroup(w), user_list: [w.carol, w.alice, NO_USER], reason: 'come' }),
    optional: ['reason'],
    answer: (w) => [
      { user_id: w.carol, result: 'success' },
      { user_id: w.alice, result: 'fail', reason: 'already a group member' },
      { user_id: NO_USER, result: 'fail', reason: 'user does not exist' },
    ],
    notices: { alice: joined, bob: joined, carol: joined },
    refusals: [noGroup, notMember, closed],
  },
  {
    methods: POST,
    path: '/group/invite',
    by: 'bob',
    prepare: wantsToBeAsked,
    body: (w) => ({ ...theGroup(w), user_list: [w.carol], reason: 'come' }),
    optional: ['reason'],
    answer: (w) => [{ user_id: w.carol, result: 'success' }],
    notices: { bob: ['group INVITED bob→carol: come'], carol: ['group INVITED bob→carol: come'] },
  },
  {
    methods: POST,
    path: '/group/invite/handle',
    by: 'carol',
    prepare: inviteCarol,
    body: (w) => ({ ...theGroup(w), approval: true, user_id: w.bob }),
    notices: {
      alice: ['group INVITE_ACCEPTED carol→bob'],
      bob: ['group INVITE_ACCEPTED carol→bob'],
      carol: ['group INVITE_ACCEPTED carol→bob'],
    },
    refusals: [
      noGroup,
      { code: 20015, by: 'bob' },
      {
        code: 20015,
        prepare: (w) => w.post('carol', '/group/invite/handle', { ...theGroup(w), approval: false, user_id: w.bob }),
      },
      ...obstacles.slice(1, 2),
    ],
    then: async (w) => expect(await w.get('carol', '/group/user_joined')).toMatchObject({ data: [w.group] }),
  },
  {
    methods: POST,
    path: '/group/invite/handle',
    by: 'carol',
    prepare: inviteCarol,
    body: (w) => ({ ...theGroup(w), approval: 0, user_id: w.carol, reason: 'no' }),
    optional: ['reason'],
    notices: { bob: ['group INVITE_DECLINED carol→bob: no'], carol: ['group INVITE_DECLINED carol→bob: no'] },
  },
  {
    methods: GET,
    path: '/group/invitation_list',
    by: 'carol',
    prepare: inviteCarol,
    query: () => ({ cursor: '', limit: 10, version: 0 }),
    optional: ['cursor', 'limit', 'version'],
    answer: (w) => [
      {
        ...theGroup(w),
        inviter_id: w.bob,
        invitee_id: w.carol,
        reason: 'come',
        status: 0,
        expired_time: expect.any(Number),
        updated_at: expect.stringMatching(/^\d{4}-/),
      },
    ],
  },
  {
    methods: POST,
    path: '/group/apply',
    by: 'carol',
    body: (w) => ({ ...theGroup(w), reason: 'please' }),
    optional: ['reason'],
    answer: (w) => ({ user_id: w.carol, result: 'success' }),
    notices: { alice: ['group APPLYED carol→: please'] },
    refusals: [noGroup, ...obstacles, { code: 10010, prepare: approval(2) }],
  },
  {
    methods: POST,
    path: '/group/apply',
    by: 'carol',
    prepare: approval(0),
    body: theGroup,
    answer: (w) => ({ user_id: w.carol, result: 'success' }),
    notices: { alice: ['group JOINED carol→'], bob: ['group JOINED carol→'], carol: ['group JOINED carol→'] },
  },
  {
    methods: POST,
    path: '/group/apply/handle',
    prepare: apply,
    body: (w) => ({ ...theGroup(w), user_id: w.carol, approval: true }),
    answer: (w) => ({ user_id: w.carol, result: 'success' }),
    notices: {
      alice: ['group APPLY_ACCEPTED alice→carol'],
      bob: ['group JOINED carol→'],
      carol: ['group APPLY_ACCEPTED alice→carol'],
    },
    refusals: [noGroup, notMember, { code: 20012, by: 'bob' }, { code: 20014, change: (w) => ({ user_id: w.bob }) }],
  },
  {
    methods: POST,
    path: '/group/apply/handle',
    prepare: apply,
    body: (w) => ({ ...theGroup(w), user_id: w.carol, approval: false, reason: 'no' }),
    optional: ['reason'],
    answer: (w) => ({ user_id: w.carol, result: 'success' }),
    notices: { alice: ['group APPLY_DECLINED alice→carol: no'], carol: ['group APPLY_DECLINED alice→carol: no'] },
  },
  {
    methods: POST,
    path: '/group/application_list',
    prepare: apply,
    body: (w) => ({ group_list: [w.group] }),
    query: () => ({ cursor: '', limit: 10, version: 0 }),
    optional: ['cursor', 'limit', 'version'],
    answer: (w) => [
      { ...theGroup(w), applicant_id: w.carol, reason: 'please', status: 0, expired_time: expect.any(Number) },
    ],
    then: async (w) =>
      expect(await w.post('bob', '/group/application_list', { group_list: [w.group] })).toMatchObject({ data: [] }),
  },
  ...(
    [
      ['/app/qrcode/group_sign', { expired: expect.any(Number) }],
      ['/group/qrcode/sign', { create_at: expect.any(Number), expire_at: expect.any(Number) }],
    ] as const
  ).map(([path, times]) => ({
    methods: GET,
    path,
    by: 'bob' as const,
    query: theGroup,
    answer: () => ({ qr_info: expect.any(String), ...times }),
    refusals: [noGroup, notMember, closed],
  })),
  joinByCode(GET, '/app/qrcode/group_invite', 'query'),
  joinByCode(POST, '/group/qrcode/invite', 'body'),
];

function joinByCode(methods: string, path: string, place: 'query' | 'body'): Endpoint {
  return {
    methods,
    path,
    by: 'carol',
    prepare: showCode,
    [place]: (w: World) => ({ qr_info: w.kept['code'] }),
    notices: { alice: joined, bob: joined, carol: joined },
    refusals: [
      { code: 20024, change: () => ({ qr_info: 'nonsense' }) },
      {
        code: 20025,
        change: (w) => ({
          qr_info: w.app.groupCodes.issue({ groupId: w.group, issuerId: w.bob }, 0, Date.now()).code,
        }),
      },
      { code: 20001, prepare: (w) => w.post('alice', '/group/destroy', {}, theGroup(w)) },
      ...obstacles,
    ],
  };
}
