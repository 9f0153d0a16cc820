import { expect, test } from 'vitest';
import { GroupNoticeType, MetaNameSpace, RosterNoticeType, UserNoticeType } from 'flooim/wire';
import type { Meta } from 'flooim/wire';
import type { BareClient } from '../../support/bare-client.ts';
import { startRoom } from './harness.ts';

interface NoticePayload {
  type: number;
  from: string | undefined;
  to: (string | undefined)[];
  content: string;
}

/** The notices of one namespace that wait in the system queue, as plain facts. */
async function noticesIn(device: BareClient, ns: number): Promise<NoticePayload[]> {
  const metas: Meta[] = await device.syncAll(0);
  return metas
    .filter((meta) => meta.ns === ns)
    .map(({ payload }) => {
      const {
        type,
        from,
        to = [],
        content,
      } = payload as { type: number; from?: { uid?: string }; to?: { uid?: string }[]; content: string };
      return { type, from: from?.uid, to: to.map(({ uid }) => uid), content };
    });
}

const roster = (device: BareClient): Promise<NoticePayload[]> => noticesIn(device, MetaNameSpace.ROSTER_NOTICE);
const group = (device: BareClient): Promise<NoticePayload[]> => noticesIn(device, MetaNameSpace.GROUP_NOTICE);

test('a friend application and its acceptance send notices', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob', { auth_mode: 1 })];
  const [a, b] = [await alice.device(), await bob.device()];
  const [aliceId, bobId] = [String(alice.id), String(bob.id)];
  expect(await alice.post('/roster/apply', { user_id: bob.id, alias: 'Bobby', reason: 'hi' })).toMatchObject({
    data: true,
  });
  await b.nextNotice(0);
  expect(await roster(b)).toEqual([{ type: RosterNoticeType.APPLIED, from: aliceId, to: [bobId], content: 'hi' }]);
  expect((await bob.get('/roster/apply/list')).data).toMatchObject([{ user_id: alice.id, reason: 'hi', status: 0 }]);
  expect(await bob.post('/roster/accept', {}, { user_id: alice.id })).toMatchObject({ data: true });
  const accepted = [{ type: RosterNoticeType.ACCEPTED, from: bobId, to: [aliceId], content: '' }];
  for (const device of [a, b]) {
    await device.nextNotice(0);
    expect(await roster(device)).toEqual(accepted);
  }
  expect((await alice.get('/roster/list')).data).toEqual([bob.id]);
  expect((await alice.get('/roster/id', { user_id: bob.id })).data).toMatchObject({ alias: 'Bobby', relation: 0 });
  expect(await bob.post('/roster/accept', {}, { user_id: alice.id })).toMatchObject({ code: 10005 });
  expect(await alice.post('/roster/apply', { user_id: bob.id })).toMatchObject({ code: 10005 });
  await alice.post('/roster/delete', {}, { user_id: bob.id });
  expect((await bob.get('/roster/id', { user_id: alice.id })).data).toMatchObject({ relation: 1 });
});

test('a friend application is declined, refused, or answered by a question', async () => {
  const { user } = await startRoom();
  const alice = await user('alice');
  const bob = await user('bob', { auth_mode: 1 });
  const shy = await user('shy', { auth_mode: 3 });
  const quiz = await user('quiz', { auth_mode: 2, auth_question: '?', auth_answer: '42' });
  const a = await alice.device();
  await alice.post('/roster/apply', { user_id: bob.id });
  await bob.post('/roster/decline', { user_id: alice.id, reason: 'no' });
  expect(await roster(a)).toEqual([
    { type: RosterNoticeType.DECLINED, from: String(bob.id), to: [String(alice.id)], content: 'no' },
  ]);
  expect(await bob.post('/roster/accept', {}, { user_id: alice.id })).toMatchObject({ code: 10007 });
  expect(await alice.post('/roster/apply', { user_id: shy.id })).toMatchObject({ code: 10012 });
  expect(await alice.post('/roster/apply', { user_id: quiz.id, auth_answer: '1' })).toMatchObject({ code: 10007 });
  expect(await alice.post('/roster/apply', { user_id: quiz.id, auth_answer: '42' })).toMatchObject({ data: true });
  expect(await roster(a)).toEqual([
    { type: RosterNoticeType.ADDED, from: String(quiz.id), to: [String(alice.id)], content: '' },
  ]);
});

test('a changed nickname reaches friends and the user’s other devices', async () => {
  const { user } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  await alice.post('/roster/apply', { user_id: bob.id });
  const b = await bob.device();
  await b.syncAll(0);
  const phone = await alice.device('phone');
  await alice.post('/user/nickname', {}, { nick_name: 'Al' });
  expect(await roster(b)).toMatchObject([
    { type: RosterNoticeType.INFO_UPDATED, from: String(alice.id), content: '{"nick_name":"Al"}' },
  ]);
  // The only device with this token is taken for the acting one.
  expect(await noticesIn(phone, MetaNameSpace.USER_NOTICE)).toEqual([]);
  const web = await alice.device('web');
  await phone.syncAll(0);
  await alice.post('/user/nickname', {}, { nick_name: 'Ally' });
  for (const device of [phone, web]) {
    expect(await noticesIn(device, MetaNameSpace.USER_NOTICE)).toMatchObject([{ type: UserNoticeType.INFO_UPDATED }]);
  }
});

test('a new group adds users who need no invitation and invites the others', async () => {
  const { user } = await startRoom();
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol', { group_confirm: true })];
  const [a, b, c] = [await alice.device(), await bob.device(), await carol.device()];
  const [aliceId, bobId, carolId] = [alice, bob, carol].map(({ id }) => String(id));
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id, carol.id] })).data;
  const joined = { type: GroupNoticeType.JOINED, from: bobId, to: [aliceId], content: '' };
  const invited = { type: GroupNoticeType.INVITED, from: aliceId, to: [carolId], content: '' };
  expect(await group(a)).toEqual([
    { type: GroupNoticeType.CREATED, from: aliceId, to: [], content: '' },
    joined,
    invited,
  ]);
  expect(await group(b)).toEqual([joined]);
  expect(await group(c)).toEqual([invited]);
  expect((await carol.get('/group/invitation_list')).data).toMatchObject([
    { group_id, inviter_id: alice.id, status: 0 },
  ]);
  expect(await carol.post('/group/invite/handle', { group_id, approval: true, user_id: alice.id })).toMatchObject({
    data: true,
  });
  const accepted = [{ type: GroupNoticeType.INVITE_ACCEPTED, from: carolId, to: [aliceId], content: '' }];
  for (const device of [a, b, c]) expect(await group(device)).toEqual(accepted);
  expect(await carol.post('/group/invite/handle', { group_id, approval: true, user_id: carol.id })).toMatchObject({
    code: 20015,
  });
  expect((await carol.get('/group/user_joined')).data).toEqual([group_id]);
});

test('an approved application to a group sends notices', async () => {
  const { user } = await startRoom();
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id] })).data;
  const [a, b, c] = [await alice.device(), await bob.device(), await carol.device()];
  for (const device of [a, b]) await device.syncAll(0);
  expect((await carol.post('/group/apply', { group_id, reason: 'please' })).data).toMatchObject({ result: 'success' });
  expect(await group(a)).toMatchObject([{ type: GroupNoticeType.APPLYED, from: String(carol.id), content: 'please' }]);
  expect((await alice.post('/group/application_list', { group_list: [group_id] })).data).toMatchObject([
    { applicant_id: carol.id },
  ]);
  expect(await bob.post('/group/apply/handle', { group_id, user_id: carol.id, approval: true })).toMatchObject({
    code: 20012,
  });
  await alice.post('/group/apply/handle', { group_id, user_id: carol.id, approval: 1 });
  const accepted = [{ type: GroupNoticeType.APPLY_ACCEPTED, from: String(alice.id), to: [String(carol.id)] }];
  expect(await group(a)).toMatchObject(accepted);
  expect(await group(c)).toMatchObject(accepted);
  expect(await group(b)).toMatchObject([{ type: GroupNoticeType.JOINED, from: String(carol.id) }]);
});

test('moderation sends notices to all members and to the removed user', async () => {
  const { user } = await startRoom();
  const [alice, bob, carol] = [await user('alice'), await user('bob'), await user('carol')];
  const { group_id } = (await alice.post('/group/create', { name: 'g', user_list: [bob.id, carol.id] })).data;
  const [b, c] = [await bob.device(), await carol.device()];
  for (const device of [b, c]) await device.syncAll(0);
  const user_list = [bob.id];
  await alice.post('/group/admin/add', { group_id, user_list });
  expect((await carol.get('/group/admin_list', { group_id })).data).toMatchObject([{ user_id: bob.id }]);
  await alice.post('/group/admin/remove', { group_id, user_list });
  await alice.post('/group/ban', { group_id, user_list, duration: 3 });
  expect((await carol.get('/group/banned_list', { group_id })).data).toMatchObject([
    { user_id: bob.id, expired_time: expect.any(Number) },
  ]);
  await alice.post('/group/unban', { group_id, user_list });
  await alice.post('/group/settings/ban_all', { group_id, duration: -1 });
  await alice.post('/group/settings/unban_all', { group_id });
  await alice.post('/group/info/name', { group_id, value: 'new' });
  await alice.post('/group/kick', { group_id, user_list });
  const info = (property: string, value: unknown) => JSON.stringify({ property, [property]: value });
  const expected = [
    { type: GroupNoticeType.ADMIN_GRANTED, to: [String(bob.id)] },
    { type: GroupNoticeType.ADMIN_REVOKED },
    { type: GroupNoticeType.BANNED, content: '3' },
    { type: GroupNoticeType.UNBANNED },
    { type: GroupNoticeType.INFO_UPDATED, to: [], content: info('ban_expire_time', -1) },
    { type: GroupNoticeType.INFO_UPDATED, content: info('ban_expire_time', 0) },
    { type: GroupNoticeType.INFO_UPDATED, content: info('name', 'new') },
    { type: GroupNoticeType.KICKED, to: [String(bob.id)] },
  ];
  expect(await group(c)).toMatchObject(expected);
  expect(await group(b)).toMatchObject(expected);
  expect((await bob.get('/group/user_joined')).data).toEqual([]);
});
