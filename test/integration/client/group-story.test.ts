/** A group from its creation to its end; each member, and the owner's second device, sees every step by its event. */
import { beforeEach, expect, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { hear, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

let world: World;
/** The owner, with two devices. */
let alice: Member;
let alice2: Member;
let bob: Member;
let carol: Member;
let gid: number;

const everybody = (): Member[] => [alice, alice2, bob, carol];
const joined = async ({ client }: Member): Promise<number[]> =>
  (await client.groupManage.asyncGetJoinedGroups()).map(({ group_id }) => group_id);
const membersSeenBy = ({ client }: Member): number[] =>
  client.groupManage.getGroupMembers(gid).map(({ user_id }) => user_id);
const infoSeenBy = ({ client }: Member) => client.groupManage.getAllGroupDetail()[gid];

beforeEach(async () => {
  world = await startWorld();
  alice = await world.member('alice');
  alice2 = await world.member('alice');
  bob = await world.member('bob');
  carol = await world.member('carol');
  const { group_id } = await alice.client.groupManage.asyncCreate({
    name: 'group',
    type: 0,
    user_list: [bob.id, carol.id],
  });
  gid = group_id;
  await hear([bob, carol], 'onGroupListUpdate');
  await until(() => everybody().every((member) => infoSeenBy(member)?.name === 'group'), 'the name of the group');
  for (const { client } of [alice, alice2]) await client.groupManage.asyncGetGroupMembers(gid);
  for (const { events } of everybody()) events.skip();
});

test('is created with the users who need no invitation', async () => {
  await alice.client.groupManage.asyncCreate({ name: 'another', user_list: [bob.id] });
  for (const { events } of [alice, alice2]) {
    const [list, created] = [
      await events.next('onGroupListUpdate', (meta) => meta !== undefined),
      await events.next('onGroupCreated'),
    ];
    expect(list).toEqual(created);
    const group = Number(created.payload.gid.uid);
    await events.next('onGroupMemberChanged', (changed) => changed === group);
    expect(Number((await events.next('onGroupJoined')).payload.from.uid)).toBe(bob.id);
  }
  const { payload } = await bob.events.next('onGroupJoined');
  expect(payload.from.uid).toBe(bob.uid);
  expect(await joined(bob)).toEqual([gid, Number(payload.gid.uid)]);
});

test('invites users who require an invitation', async () => {
  const [dave, erin] = [await world.member('dave'), await world.member('erin')];
  for (const { client, id } of [dave, erin])
    await client.userManage.asyncUpdateSettings({ user_id: id, group_confirm: true });
  await alice.client.groupManage.asyncInvite({ group_id: gid, user_list: [dave.id, erin.id], reason: 'come' });
  for (const { events, client } of [dave, erin]) {
    const invited = await events.next('onGroupInvited');
    expect(await events.next('onGroupNotice')).toEqual(invited);
    expect(client.sysManage.getNoticeMessage()).toEqual([invited]);
    expect(invited.payload).toMatchObject({ content: 'come', from: { uid: alice.uid }, gid: { uid: String(gid) } });
    expect(await client.groupManage.asyncGetInvitationList()).toMatchObject([{ group_id: gid, inviter_id: alice.id }]);
  }

  await dave.client.groupManage.asyncInviteHandle({ group_id: gid, user_id: dave.id, approval: true });
  await hear([...everybody(), dave], 'onGroupInvitedAccepted');
  await dave.events.next('onGroupListUpdate');
  expect(await joined(dave)).toEqual([gid]);
  expect(dave.client.sysManage.getNoticeMessage()).toEqual([]);
  for (const owner of [alice, alice2])
    await owner.events.next('onGroupMemberChanged', () => membersSeenBy(owner).includes(dave.id));

  await erin.client.groupManage.asyncInviteHandle({ group_id: gid, user_id: erin.id, approval: false });
  await hear([alice, erin], 'onGroupInvitedDeclined');
  expect(await joined(erin)).toEqual([]);
});

test('gets applications', async () => {
  const [dave, erin] = [await world.member('dave'), await world.member('erin')];
  for (const { client } of [dave, erin]) await client.groupManage.asyncApply({ group_id: gid, reason: 'please' });
  for (const { events } of [alice, alice2]) {
    const metas = await events.count('onGroupApplyed', 2);
    expect(metas.map(({ payload }) => [payload.from.uid, payload.content])).toEqual([
      [dave.uid, 'please'],
      [erin.uid, 'please'],
    ]);
  }
  const applications = await alice.client.groupManage.asyncGetApplicationList({ group_list: [gid] });
  expect(applications.map(({ applicant_id }) => applicant_id).sort()).toEqual([dave.id, erin.id]);

  await alice.client.groupManage.asyncApplyHandle({ group_id: gid, user_id: dave.id, approval: true });
  await hear([alice, alice2, dave], 'onGroupApplyAccepted');
  await dave.events.next('onGroupListUpdate');
  expect(await joined(dave)).toEqual([gid]);
  await hear([bob, carol], 'onGroupJoined', ({ payload }) => payload.from.uid === dave.uid);
  await alice2.events.next('onGroupMemberChanged', () => membersSeenBy(alice2).includes(dave.id));

  await alice.client.groupManage.asyncApplyHandle({ group_id: gid, user_id: erin.id, approval: false });
  await hear([alice, alice2, erin], 'onGroupApplyDeclined');
  expect(await joined(erin)).toEqual([]);
  expect(alice2.client.sysManage.getNoticeMessage()).toEqual([]);
  expect(erin.client.sysManage.getNoticeMessage()).toMatchObject([{ payload: { from: { uid: alice.uid } } }]);
});

test('has admins', async () => {
  await alice.client.groupManage.asyncAdminAdd({ group_id: gid, user_list: [bob.id] });
  for (const { payload } of await hear(everybody(), 'onGroupAdminGranted'))
    expect(payload.to.map(({ uid }) => uid)).toEqual([bob.uid]);
  expect(await bob.client.groupManage.asyncGetAdminList({ group_id: gid })).toMatchObject([{ user_id: bob.id }]);
  await alice.client.groupManage.asyncAdminRemove({ group_id: gid, user_list: [bob.id] });
  await hear(everybody(), 'onGroupAdminRevoked');
});

test('bans members, and everybody', async () => {
  const { groupManage } = alice.client;
  await groupManage.asyncGroupBan({ group_id: gid, user_list: [carol.id], duration: 10 });
  const ban = { groupId: gid, toUids: [carol.id] };
  expect(await hear(everybody(), 'onGroupBaned')).toEqual(everybody().map(() => ({ ...ban, content: '10' })));
  carol.client.sysManage.sendGroupMessage({ gid, content: 'x' });
  expect(await carol.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed')).toMatchObject({
    error: { reason: 'GroupMemberBanned' },
  });
  await groupManage.asyncGroupUnban({ group_id: gid, user_list: [carol.id] });
  expect(await hear(everybody(), 'onGroupUnbaned')).toEqual(everybody().map(() => ban));

  await groupManage.asyncBanAll({ group_id: gid, duration: -1 });
  const all = { groupId: gid, toUids: [], all: true };
  expect(await hear(everybody(), 'onGroupBaned')).toEqual(everybody().map(() => ({ ...all, content: -1 })));
  expect(everybody().map((member) => infoSeenBy(member)?.ban_expire_time)).toEqual([-1, -1, -1, -1]);
  await groupManage.asyncUnBanAll({ group_id: gid });
  expect(await hear(everybody(), 'onGroupUnbaned')).toEqual(everybody().map(() => all));
});

test('is muted on both devices of the user who muted it', async () => {
  await alice.client.groupManage.asyncGroupMsgMutemode({ group_id: gid, msg_mute_mode: 1 });
  await hear([alice, alice2], 'onGroupMuted');
  for (const owner of [alice, alice2])
    await owner.events.next('onGroupListUpdate', () => infoSeenBy(owner)?.msg_mute_mode === 1);
  await alice2.client.groupManage.asyncGroupMsgMutemode({ group_id: gid, msg_mute_mode: 0 });
  await hear([alice, alice2], 'onGroupUnmuted');
  expect(bob.events.all('onGroupMuted')).toEqual([]);
});

test('changes its name and settings; a member changes its card', async () => {
  await alice.client.groupManage.asyncUpdateName({ group_id: gid, value: 'renamed' });
  for (const member of everybody()) {
    await member.events.next('onGroupListUpdate');
    await member.events.next('onGroupInfoUpdated');
    expect(infoSeenBy(member)?.name).toBe('renamed');
  }
  await alice.client.groupManage.asyncUpdateHistoryVisible({ group_id: gid, value: true });
  await hear(everybody(), 'onGroupInfoUpdated');
  expect(infoSeenBy(carol)?.history_visible).toBe(true);

  await carol.client.groupManage.asyncUpdateDisplayName({ group_id: gid, value: 'Caroline' });
  for (const owner of [alice, alice2]) {
    const card = () => owner.client.groupManage.getGroupMembers(gid).find(({ user_id }) => user_id === carol.id);
    await owner.events.next('onGroupMemberChanged', () => card()?.display_name === 'Caroline');
  }
});

test('has announcements and shared files', async () => {
  const { groupManage } = alice.client;
  const { id } = await groupManage.asyncAnnouncementEdit({ group_id: gid, title: 't', content: 'c' });
  await hear(everybody(), 'onGroupAnnouncementUpdated');
  expect(await bob.client.groupManage.asyncGetAnnouncementList({ group_id: gid })).toMatchObject([{ title: 't' }]);
  await groupManage.asyncAnnouncementDelete({ group_id: gid, announcement_id: id });
  await hear(everybody(), 'onGroupAnnouncementUpdated');

  const file = { group_id: gid, name: 'f', size: 1, url: 'http://h/f?x', type: 'txt' };
  const { file_id } = await bob.client.groupManage.asyncFileUpload(file);
  await hear(everybody(), 'onGroupFileUploaded');
  await bob.client.groupManage.asyncFileDelete({ group_id: gid, file_list: [file_id] });
  await hear(everybody(), 'onGroupFileDeleted');
});

test('gets another owner', async () => {
  await alice.client.groupManage.asyncOwnerTransfer({ group_id: gid, new_owner: bob.id });
  for (const { payload } of await hear(everybody(), 'onGroupOwnerAssigned')) expect(payload.to[0]!.uid).toBe(bob.uid);
  for (const member of everybody())
    await member.events.next('onGroupListUpdate', () => infoSeenBy(member)?.owner_id === bob.id);
});

test.each([
  ['kicked', 'asyncKick', 'onGroupKicked'],
  ['blocked', 'asyncGroupBlock', 'onGroupBlocked'],
] as const)('a member who is %s is out, with the conversation', async (_what, call, event) => {
  alice.client.sysManage.sendGroupMessage({ gid, content: 'hello' });
  await hear(everybody(), 'onGroupMessage');
  expect(carol.client.groupManage.getUnreadCount(gid)).toBe(1);
  await alice.client.groupManage[call]({ group_id: gid, user_list: [carol.id] });
  await hear(everybody(), event);
  expect(await joined(carol)).toEqual([]);
  expect(carol.client.userManage.getConversationList()).toEqual([]);
  expect(carol.client.groupManage.getGroupMessage(gid)).toEqual([]);
  expect(carol.client.groupManage.getUnreadCount(gid)).toBe(0);
  expect(carol.events.all('onGroupListUpdate').length).toBeGreaterThan(0);
  for (const owner of [alice, alice2]) {
    expect(owner.events.all('onGroupMemberChanged')).toContain(gid);
    expect(membersSeenBy(owner)).toEqual([alice.id, bob.id]);
  }
  expect(await joined(bob)).toEqual([gid]);
});

test('lets an unblocked user join again', async () => {
  await alice.client.groupManage.asyncGroupBlock({ group_id: gid, user_list: [carol.id] });
  await carol.events.next('onGroupBlocked');
  await alice.client.groupManage.asyncGroupUnblock({ group_id: gid, user_list: [carol.id] });
  await hear([alice, alice2], 'onGroupUnblocked');
});

test('disappears on both devices of a member who leaves', async () => {
  const bob2 = await world.member('bob');
  bob.client.sysManage.sendGroupMessage({ gid, content: 'bye' });
  await hear([alice, alice2, bob, bob2, carol], 'onGroupMessage');
  await bob2.client.groupManage.asyncLeave({ group_id: gid });
  await hear([alice, alice2, bob, bob2, carol], 'onGroupLeaved');
  for (const member of [bob, bob2]) {
    expect(await joined(member)).toEqual([]);
    expect(member.client.userManage.getConversationList()).toEqual([]);
  }
  expect(membersSeenBy(alice2)).toEqual([alice.id, carol.id]);
});

test('is destroyed with its conversation for every member', async () => {
  bob.client.sysManage.sendGroupMessage({ gid, content: 'last words' });
  await hear(everybody(), 'onGroupMessage');
  await alice2.client.groupManage.asyncDestroy({ group_id: gid });
  await hear(everybody(), 'onGroupDestoryed');
  for (const member of everybody()) {
    expect(await joined(member)).toEqual([]);
    expect(member.client.userManage.getConversationList()).toEqual([]);
    expect(member.events.all('flooError')).toEqual([]);
  }
});

test('many notices at once cause one request for the changed data', async () => {
  const newcomers = await Promise.all(
    ['d', 'e', 'f', 'g', 'h'].map(async (name) => world.register(`newcomer_${name}`)),
  );
  const asked = (): number =>
    world.server.admin.receivedRequests().filter(({ path }) => path === '/group/members/display_name').length;
  alice.client.disConnect();
  alice2.client.disConnect();
  await bob.client.groupManage.asyncInvite({ group_id: gid, user_list: newcomers });
  await bob.events.count('onGroupJoined', newcomers.length);
  const before = asked();
  await alice.client.login({ name: 'alice', password: 'secret12' });
  await alice.events.next('onGroupMemberChanged', () => membersSeenBy(alice).length === 3 + newcomers.length);
  expect(asked() - before).toBe(1);
});
