import { describe, expect, test } from 'vitest';
import { FrameCommand, MessageBodyType, MetaNameSpace } from 'flooim/wire';
import type { Meta, SyncUp } from 'flooim/wire';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { expectInOrder, numbers } from './message-order.ts';

function syncs(world: World, { id }: Pick<Member, 'id'>, conversation: number): SyncUp[] {
  return world.server.admin
    .receivedFrames({ uid: id })
    .filter(({ frame }) => frame?.command === FrameCommand.SYNC)
    .map(({ frame }) => frame!.payload as SyncUp)
    .filter(({ meta, xid }) => !meta && xid?.uid === String(conversation));
}

describe('each message is emitted once and in ascending order', () => {
  const faults: [string, (world: World) => void][] = [
    ['pages that come twice', ({ server }) => server.admin.duplicatePages(100)],
    ['pages in reverse', ({ server }) => server.admin.reversePages(true)],
    ['pages pushed unasked', ({ server }) => server.admin.pushEager('page')],
    ['items pushed one by one', ({ server }) => server.admin.pushEager('item')],
    [
      'pages pushed twice, reversed and late',
      ({ server }) => {
        server.admin.pushEager('page');
        server.admin.reversePages(true);
        server.admin.duplicatePages(100);
        server.admin.setDelay(5);
      },
    ],
  ];
  test.each(faults)('online, with %s', async (_what, fault) => {
    const world = await startWorld({ pageSize: 7 });
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    fault(world);
    for (const content of numbers(40)) {
      bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
      bob.client.sysManage.sendGroupMessage({ gid, content });
    }
    await alice.events.count('onRosterMessage', 40);
    await alice.events.count('onGroupMessage', 40);
    // A message that would be emitted twice comes with the next login.
    world.server.admin.clearFaults();
    world.server.admin.dropSockets({ uid: alice.id });
    await alice.events.next('loginSuccess');
    const device = world.app.devices.of(alice.id)[0]!;
    await until(() => world.app.queues.undelivered(device, bob.id).length === 0, 'everything to be acknowledged');
    await until(() => world.app.queues.undelivered(device, gid).length === 0, 'the group to be acknowledged');
    expectInOrder(alice.events.all('onRosterMessage'), numbers(40));
    expectInOrder(alice.events.all('onGroupMessage'), numbers(40));
    expect(alice.client.rosterManage.getUnreadCount(bob.id)).toBe(40);
    expect(alice.client.groupManage.getUnreadCount(gid)).toBe(40);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(40);
    expect(alice.events.all('flooError')).toEqual([]);
  });

  test.each(faults.slice(0, 2))('offline before, with %s: 500 messages', async (_what, fault) => {
    const world = await startWorld({ pageSize: 60, compressPagesOver: 1000 });
    const [alice, bob] = [await world.register('alice'), await world.member('bob')];
    for (const content of numbers(500)) bob.client.sysManage.sendRosterMessage({ uid: alice, content });
    await bob.events.count('onSendingMessageStatusChanged', 500, ({ status }) => status === 'sent');
    fault(world);
    const { client, events } = await world.member('alice');
    const received = await events.count('onRosterMessage', 500);
    expectInOrder(received, numbers(500));
    expect(client.rosterManage.getUnreadCount(bob.id)).toBe(500);
    expect(client.rosterManage.getRosterMessageByRid(bob.id).map(({ content }) => content)).toEqual(
      numbers(500).slice(400),
    );
    const device = world.app.devices.of(alice)[0]!;
    await until(() => world.app.queues.undelivered(device, bob.id).length === 0, 'everything to be acknowledged');
    world.server.admin.clearFaults();
    world.server.admin.dropSockets();
    await events.next('loginSuccess');
    await quiet(50);
    expect(events.all('onRosterMessage')).toHaveLength(500);
  });

  test('an item that is pushed before the first sync waits for the older ones', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.member('bob')];
    for (const content of numbers(5)) bob.client.sysManage.sendRosterMessage({ uid: alice, content });
    await bob.events.count('onSendingMessageStatusChanged', 5, ({ status }) => status === 'sent');
    world.server.admin.pushEager('item');
    world.server.admin.setDelay(30);
    const { client, events } = world.client();
    const login = client.login({ name: 'alice', password: PASSWORD });
    await until(() => world.server.admin.connections().length === 2, 'the provision to arrive');
    bob.client.sysManage.sendRosterMessage({ uid: alice, content: '5' });
    await login;
    expectInOrder(await events.count('onRosterMessage', 6), numbers(6));
    await quiet(60);
    expect(events.all('onRosterMessage')).toHaveLength(6);
  });
});

test('500 queued messages of 10 senders arrive in order with one login', async () => {
  const world = await startWorld();
  const alice = await world.register('alice');
  const senders: number[] = [];
  for (let i = 0; i < 10; i++) senders.push(await world.register(`sender_${i}`));
  for (const content of numbers(50)) {
    for (const sender of senders) {
      world.app.queues.put(alice, sender, queueItem(world, sender, alice, content));
    }
  }
  const { client, events } = await world.member('alice');
  const received = await events.count('onRosterMessage', 500);
  for (const sender of senders) {
    expectInOrder(
      received.filter(({ from }) => from === String(sender)),
      numbers(50),
    );
  }
  expect(client.userManage.getConversationList().map(({ id, unread }) => [id, unread])).toEqual(
    [...senders].reverse().map((id) => [id, 50]),
  );
  await until(() => senders.every((id) => id in client.rosterManage.getAllRosterDetail()), 'the senders’ details');
});

function queueItem(
  world: World,
  from: number,
  to: number,
  content: string,
): Parameters<World['app']['queues']['put']>[2] {
  const id = world.app.ids.itemId();
  const at = Date.now() + Number(id % 1000003n);
  const meta: Meta = {
    id: String(id),
    from: { uid: String(from), deviceSN: 1 },
    to: { uid: String(to), deviceSN: 0 },
    timestamp: String(at),
    ns: MetaNameSpace.MESSAGE,
    payload: { type: MessageBodyType.CHAT, content },
  };
  return { id, at, meta };
}

test('notices during the sync of a conversation cause one more sync', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  world.server.admin.setDelay(60);
  for (const content of numbers(50)) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  expectInOrder(await alice.events.count('onRosterMessage', 50), numbers(50));
  world.server.admin.clearFaults();
  await quiet(100);
  // Each sync is a request and the key that acknowledges its page.
  expect(syncs(world, alice, bob.id).length).toBeLessThanOrEqual(6);
});
