/** Two people become friends, talk and part; each device sees every step by its event. */
import { beforeEach, expect, test } from 'vitest';
import type { NoticeMeta } from '../../../src/model/notice.ts';
import type { RosterItem } from '../../../src/model/user.ts';
import { quiet } from '../../support/client-events.ts';
import { hear, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

let world: World;
/** Each with two devices. */
let alice: Member;
let alice2: Member;
let bob: Member;
let bob2: Member;

beforeEach(async () => {
  world = await startWorld();
  alice = await world.member('alice');
  alice2 = await world.member('alice');
  bob = await world.member('bob');
  bob2 = await world.member('bob');
  await bob.client.userManage.asyncUpdateAuthmode({ value: 1 });
});

const fromTo = (metas: readonly NoticeMeta[]): [from: string, to: string[]][] =>
  metas.map(({ payload: { from, to } }) => [from.uid, to.map(({ uid }) => uid)]);

const friendsOf = async ({ client }: Member): Promise<number[]> => client.rosterManage.asyncGetRosterIdList();

/** An event says that bob changed, and then he has. */
async function bobIs({ client, events }: Member, expected: Partial<RosterItem>): Promise<void> {
  const isSo = (): boolean =>
    Object.entries(expected).every(([field, value]) => {
      const bobNow: object = client.rosterManage.getRosterInfo(bob.id);
      return bobNow[field as keyof typeof bobNow] === value;
    });
  await events.next('onRosterInfoUpdate', (ids) => ids.includes(bob.id) && isSo());
}

async function befriend(): Promise<void> {
  await alice.client.rosterManage.asyncApply({ user_id: bob.id, alias: '', reason: 'hi' });
  await hear([bob, bob2], 'onRosterApplied');
  await bob.client.rosterManage.asyncAccept({ user_id: alice.id });
  await hear([alice, alice2, bob, bob2], 'onRosterAccepted');
  for (const { events } of [alice, alice2, bob, bob2]) events.skip();
}

test('an application that is accepted', async () => {
  await alice.client.rosterManage.asyncApply({ user_id: bob.id, alias: '', reason: 'hi' });
  const applied = await hear([bob, bob2], 'onRosterApplied');
  expect(applied.map(({ payload }) => payload.content)).toEqual(['hi', 'hi']);
  expect(fromTo(applied)).toEqual([
    [alice.uid, [bob.uid]],
    [alice.uid, [bob.uid]],
  ]);
  expect(await bob.client.rosterManage.asyncGetApplyList({ cursor: '' })).toMatchObject([{ user_id: alice.id }]);

  await bob.client.rosterManage.asyncAccept({ user_id: alice.id });
  for (const member of [alice, alice2, bob, bob2]) {
    await member.events.next('onRosterListUpdate');
    const meta = await member.events.next('onRosterAccepted');
    expect(Number(meta.payload.from.uid)).toBe(bob.id);
    expect(await friendsOf(member)).toEqual([member.id === alice.id ? bob.id : alice.id]);
  }
});

test('an application that is declined', async () => {
  await alice.client.rosterManage.asyncApply({ user_id: bob.id, alias: '' });
  await bob.events.next('onRosterApplied');
  await bob.client.rosterManage.asyncDecline({ user_id: alice.id, reason: 'no' });
  for (const { payload } of await hear([alice, alice2], 'onRosterDeclined')) expect(payload.content).toBe('no');
  expect(await friendsOf(alice)).toEqual([]);
});

test('a user who needs no consent is added at once on both sides', async () => {
  await bob.client.userManage.asyncUpdateAuthmode({ value: 0 });
  await alice.client.rosterManage.asyncApply({ user_id: bob.id, alias: '' });
  const added = await hear([alice, alice2, bob, bob2], 'onRosterAdded');
  expect(fromTo(added)).toEqual([
    [bob.uid, [alice.uid]],
    [bob.uid, [alice.uid]],
    [alice.uid, [bob.uid]],
    [alice.uid, [bob.uid]],
  ]);
  const lists = await hear([alice, bob], 'onRosterListUpdate', (meta) => meta !== undefined);
  expect(lists).toEqual([added[0], added[2]]);
  expect(await friendsOf(bob2)).toEqual([alice.id]);
});

test('friends exchange messages and set aliases', async () => {
  await befriend();
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'hello' });
  for (const { content } of await hear([alice, alice2, bob, bob2], 'onRosterMessage')) expect(content).toBe('hello');

  await alice.client.rosterManage.asyncUpdateRosterAlias({ user_id: bob.id, alias: 'Bobby' });
  await bobIs(alice, { alias: 'Bobby' });
  await bobIs(alice2, { alias: 'Bobby' });

  await bob.client.userManage.asyncUpdateNickName({ nick_name: 'The Bob' });
  await bobIs(alice, { alias: 'Bobby', nick_name: 'The Bob' });
  await bobIs(alice2, { alias: 'Bobby', nick_name: 'The Bob' });
  await bob2.events.next('flooNotice', ({ category, desc }) => category === 'userNotice' && desc === 'INFO_UPDATED');

  await alice.client.rosterManage.asyncUpdateRosterExt({ user_id: bob.id, ext: 'x', mute_notification: true });
  await hear([alice, alice2], 'onRosterMuted');
  expect(alice2.client.rosterManage.getRosterInfo(bob.id)).toMatchObject({ ext: 'x', mute_notification: true });
});

test('blocking notifies the own devices, not the blocked user', async () => {
  await befriend();
  const { rosterManage } = alice.client;
  await rosterManage.asyncBlockAdd({ user_id: bob.id });
  await hear([alice, alice2], 'onRosterBlocked');
  await bobIs(alice, { relation: 3 });
  await bobIs(alice2, { relation: 3 });
  expect(await rosterManage.asyncGetBlockedlist()).toEqual([bob.id]);

  await rosterManage.asyncBlockRemove({ user_id: bob.id });
  await hear([alice, alice2], 'onRosterUnblocked');
  await bobIs(alice2, { relation: 0 });
  expect(bob.events.all('onRosterBlocked')).toEqual([]);
});

test('a removed friend disappears from both own devices with the conversation, without a notice to the friend', async () => {
  await befriend();
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hello' });
  await hear([alice, alice2, bob2], 'onRosterMessage');
  await alice.client.rosterManage.asyncDeleteRoster({ user_id: bob.id });
  await hear([alice, alice2], 'onRosterRemoved');
  for (const { client, events } of [alice, alice2]) {
    expect(events.all('recentlistUpdate').length).toBeGreaterThan(0);
    expect(client.userManage.getConversationList()).toEqual([]);
    expect(client.rosterManage.getRosterMessageByRid(bob.id)).toEqual([]);
    expect(client.rosterManage.getUnreadCount(bob.id)).toBe(0);
  }
  expect(await friendsOf(alice2)).toEqual([]);
  await quiet();
  expect(await friendsOf(bob)).toEqual([alice.id]);
  expect(bob.events.all('onRosterRemoved')).toEqual([]);
  expect(alice.events.all('flooError')).toEqual([]);
});

test('events during an offline time are emitted when the device is back', async () => {
  alice2.client.disConnect();
  await befriendWithout();
  await alice2.client.login({ name: 'alice', password: 'secret12' });
  await alice2.events.next('onRosterAccepted');
  expect(await friendsOf(alice2)).toEqual([bob.id]);

  async function befriendWithout(): Promise<void> {
    await alice.client.rosterManage.asyncApply({ user_id: bob.id, alias: '' });
    await bob.events.next('onRosterApplied');
    await bob.client.rosterManage.asyncAccept({ user_id: alice.id });
    await alice.events.next('onRosterAccepted');
  }
});
