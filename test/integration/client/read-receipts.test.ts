import { describe, expect, test } from 'vitest';
import type { SyncUp } from 'flooim/wire';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member } from '../../support/memory-world.ts';

describe('reading messages', () => {
  test('one, then all: changes the unread count, sends receipts and updates the other device', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const desk = await world.member('alice');
    for (const content of ['1', '2', '3']) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
    const [first, second, third] = await alice.events.count('onRosterMessage', 3);
    await desk.events.count('onRosterMessage', 3);
    expect(alice.client.rosterManage.getUnreadCount(bob.id)).toBe(3);
    expect(alice.events.all('onUnreadChange').at(-1)).toBe(bob.uid);
    await bob.events.count('onSendingMessageStatusChanged', 3, ({ status }) => status === 'sent');
    alice.events.skip();

    alice.client.rosterManage.readRosterMessage(bob.id, second!.id);
    expect(await alice.events.next('onMessageStatusChanged')).toEqual({ uid: bob.uid, mid: second!.id });
    expect(await alice.events.next('onUnreadChange')).toBe(bob.uid);
    expect(alice.client.rosterManage.getUnreadCount(bob.id)).toBe(2);
    expect(await bob.events.next('onMessageStatusChanged')).toEqual({ uid: alice.uid, mid: second!.id });
    const statuses = ({ client }: Member, peer: Member): number[] =>
      client.rosterManage.getRosterMessageByRid(peer.id).map(({ status }) => status);
    expect(statuses(bob, alice)).toEqual([0, 2, 0]);
    expect(statuses(alice, bob)).toEqual([0, 2, 0]);

    alice.client.rosterManage.readRosterMessage(bob.id);
    const rest = await bob.events.count('onMessageStatusChanged', 3);
    expect(rest.map(({ mid }) => mid)).toEqual([second!.id, first!.id, third!.id]);
    expect(statuses(bob, alice)).toEqual([2, 2, 2]);
    expect(statuses(alice, bob)).toEqual([2, 2, 2]);
    expect(alice.client.rosterManage.getUnreadCount(bob.id)).toBe(0);
    await until(() => desk.client.rosterManage.getUnreadCount(bob.id) === 0, 'the other device to count none');
    expect(desk.events.all('onUnreadChange').at(-1)).toBe(bob.uid);
    expect(statuses(desk, bob)).toEqual([2, 2, 2]);
    expect(desk.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, unread: 0 }]);
    expect(alice.events.all('onSendingMessageStatusChanged')).toEqual([]);
  });

  test('on another device counts for messages that come in the same page', async () => {
    const world = await startWorld();
    const [alice, bob, desk] = [await world.member('alice'), await world.member('bob'), await world.member('alice')];
    desk.client.disConnect();
    for (let i = 0; i < 5; i++) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(i) });
    const received = await alice.events.count('onRosterMessage', 5);
    alice.client.rosterManage.readRosterMessage(bob.id);
    await bob.events.count('onMessageStatusChanged', 5);
    const readAll = (): boolean =>
      world.server.admin.receivedFrames({ uid: alice.id }).some(({ frame }) => {
        const { meta } = (frame?.payload ?? {}) as SyncUp;
        return meta?.to?.uid === alice.uid;
      });
    await until(readAll, 'READ_ALL to arrive');
    await desk.client.login({ name: 'alice', password: PASSWORD });
    await desk.events.count('onRosterMessage', 5);
    await until(() => desk.client.rosterManage.getUnreadCount(bob.id) === 0, 'none unread');
    const kept = desk.client.rosterManage.getRosterMessageByRid(bob.id);
    expect(kept.map(({ id, status }) => [id, status])).toEqual(received.map(({ id }) => [id, 2]));
  });

  test('of a group reaches the own devices, and authors only when the message asks for a receipt', async () => {
    const world = await startWorld();
    const [alice, bob, desk] = [await world.member('alice'), await world.member('bob'), await world.member('alice')];
    const gid = world.group(alice, bob);
    bob.client.sysManage.sendGroupMessage({ gid, content: 'no receipt' });
    bob.client.sysManage.sendGroupMessage({ gid, content: 'receipt', config: { groupMemberList: [alice.id] } });
    const [, asking] = await alice.events.count('onGroupMessage', 2);
    await desk.events.count('onGroupMessage', 2);
    expect(alice.client.groupManage.getUnreadCount(gid)).toBe(2);
    alice.client.groupManage.readGroupMessage(gid);
    expect(await bob.events.next('onMessageStatusChanged')).toMatchObject({ mid: asking!.id });
    await until(() => desk.client.groupManage.getUnreadCount(gid) === 0, 'the other device to count none');
    expect(alice.client.groupManage.getUnreadCount(gid)).toBe(0);
    await quiet(20);
    expect(bob.events.all('onMessageStatusChanged')).toHaveLength(1);
    expect(bob.client.groupManage.getGroupMessage(gid).map(({ status }) => status)).toEqual([0, 2]);
  });

  test('of a group on another device counts for messages that come in the same page', async () => {
    const world = await startWorld();
    const [alice, bob, desk] = [await world.member('alice'), await world.member('bob'), await world.member('alice')];
    const gid = world.group(alice, bob);
    desk.client.disConnect();
    for (let i = 0; i < 5; i++) bob.client.sysManage.sendGroupMessage({ gid, content: String(i) });
    await alice.events.count('onGroupMessage', 5);
    alice.client.groupManage.readGroupMessage(gid);
    const queued = (): number => world.app.queues.undelivered(world.app.devices.of(alice.id)[1]!, gid).length;
    await until(() => queued() === 6, 'READ_ALL to arrive');
    await desk.client.login({ name: 'alice', password: PASSWORD });
    await desk.events.count('onGroupMessage', 5);
    await until(() => queued() === 0, 'the page to be stored');
    expect(desk.client.groupManage.getUnreadCount(gid)).toBe(0);
    expect(desk.client.groupManage.getGroupMessage(gid).map(({ status }) => status)).toEqual([2, 2, 2, 2, 2]);
  });

  test('that are read already sends nothing', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    await alice.events.next('onRosterMessage');
    alice.client.rosterManage.readRosterMessage(bob.id);
    await bob.events.next('onMessageStatusChanged');
    const frames = (): number => world.server.admin.receivedFrames({ uid: alice.id }).length;
    await quiet(20);
    const before = frames();
    alice.client.rosterManage.readRosterMessage(bob.id);
    alice.client.rosterManage.readRosterMessage(bob.id, '123');
    alice.client.rosterManage.readRosterMessage('999');
    await quiet(20);
    expect(frames()).toBe(before);
  });
});
