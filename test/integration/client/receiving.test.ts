import { describe, expect, test } from 'vitest';
import { FrameCommand, MessageBodyType, MetaNameSpace, encodeFrame } from 'flooim/wire';
import type { Meta, SyncUp } from 'flooim/wire';
import type { Message } from '../../../src/model/message.ts';
import { createDevice } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** Told once each, in this order and by ascending ids. */
function expectInOrder(told: readonly Message[], contents: readonly string[]): void {
  expect(told.map(({ content }) => content)).toEqual(contents);
  const ids = told.map(({ id }) => BigInt(id));
  expect(ids).toEqual([...ids].sort((a, b) => (a < b ? -1 : 1)));
}

function syncs(world: World, { id }: Pick<Member, 'id'>, conversation: number): SyncUp[] {
  return world.server.admin
    .receivedFrames({ uid: id })
    .filter(({ frame }) => frame?.command === FrameCommand.SYNC)
    .map(({ frame }) => frame!.payload as SyncUp)
    .filter(({ meta, xid }) => !meta && xid?.uid === String(conversation));
}

/** Messages that are history only: no queue holds them, so nobody is given them unasked. */
function seedHistory(world: World, from: number, to: number, count: number): string[] {
  const group = world.app.groups.isGroupId(to);
  return Array.from({ length: count }, (_, index) => {
    const id = world.app.ids.itemId();
    world.app.messages.add(
      {
        id,
        fromId: from,
        fromDevice: 0,
        toId: to,
        inGroup: group,
        timestamp: Date.now(),
        body: { type: group ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT, content: String(index) },
        status: 0,
        readBy: new Set(),
        hiddenFor: new Set(),
      },
      group
        ? [...world.app.groups.get(to)!.members.keys()].map((user) => [user, to])
        : [
            [from, to],
            [to, from],
          ],
    );
    return String(id);
  });
}

describe('each message is told once and in ascending order', () => {
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
    // Whatever would be told twice comes with the next login.
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
    const told = await events.count('onRosterMessage', 500);
    expectInOrder(told, numbers(500));
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

  test('an item that is pushed before the first sync waits for what is older', async () => {
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

test('500 messages of 10 senders, queued for one login', async () => {
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
  const told = await events.count('onRosterMessage', 500);
  for (const sender of senders) {
    expectInOrder(
      told.filter(({ from }) => from === String(sender)),
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

test('notices that come while a conversation syncs are answered by one sync more', async () => {
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

describe('history', () => {
  test('goes back to the beginning in pages, each message told once as history', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.register('bob')];
    const ids = seedHistory(world, bob, alice, 250);
    const { client, events } = await world.member('alice');
    await events.count('recentlistUpdate', 1);
    expect(client.userManage.getConversationList()).toEqual([
      {
        type: 'roster',
        id: bob,
        content: '',
        ext: {},
        timestamp: '',
        hasAt: false,
        draft: '',
        draftTimestamp: '',
        unread: 0,
      },
    ]);
    expect(events.all('onRosterMessage')).toEqual([]);

    let next = '0';
    let pages = 0;
    do {
      const before = events.all('onRosterMessage').length;
      client.sysManage.requireHistoryMessage(bob, next, 20);
      const page = await events.next('onReceiveHistoryMsg');
      expect(page.conversationId).toBe(String(bob));
      const told = events.all('onRosterMessage').slice(before);
      expect(told).toHaveLength(pages === 12 ? 10 : 20);
      const end = 250 - pages * 20;
      expect(told.map(({ id }) => id)).toEqual(ids.slice(Math.max(0, end - 20), end));
      next = page.next;
      pages++;
    } while (next !== '0');
    expect(pages).toBe(13);
    const told = events.all('onRosterMessage');
    expect(new Set(told.map(({ id }) => id)).size).toBe(250);
    expect(told.every(({ isHistory }) => isHistory)).toBe(true);
    expect(client.rosterManage.getUnreadCount(bob)).toBe(0);
    expect(events.all('onUnreadChange')).toEqual([]);
    expect(client.rosterManage.getRosterMessageByRid(bob).map(({ id }) => id)).toEqual(ids.slice(150));
    expect(client.userManage.getConversationList()).toMatchObject([{ id: bob, content: '249' }]);
  });

  test('of a group, and of a conversation without any', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.register('bob')];
    const gid = world.group({ id: bob }, { id: alice });
    const ids = seedHistory(world, bob, gid, 30);
    const { client, events } = await world.member('alice');
    client.sysManage.requireHistoryMessage(gid, 0, 500);
    expect(await events.next('onReceiveHistoryMsg')).toEqual({ next: '0', conversationId: String(gid) });
    expect(events.all('onGroupMessage').map(({ id }) => id)).toEqual(ids);
    client.sysManage.requireHistoryMessage(bob, 0, 20);
    expect(await events.next('onReceiveHistoryMsg')).toEqual({ next: '0', conversationId: String(bob) });
    expect(events.all('onRosterMessage')).toEqual([]);
  });

  test('asked for while offline comes after the reconnect; several at once come one after the other', async () => {
    const world = await startWorld();
    const [, bob] = [await world.register('alice'), await world.register('bob')];
    const ids = seedHistory(world, bob, await world.register('alice'), 30);
    const { client, events } = await world.member('alice');
    world.server.admin.stall({ on: false, alsoNew: true });
    world.server.admin.dropSockets();
    await events.next('reconnect');
    client.sysManage.requireHistoryMessage(bob, 0, 10);
    client.sysManage.requireHistoryMessage(bob, ids[20]!, 10);
    client.sysManage.requireHistoryMessage(bob, ids[10]!, 10);
    await events.next('loginSuccess');
    const pages = await events.count('onReceiveHistoryMsg', 3);
    expect(pages.map(({ next }) => next)).toEqual([ids[20], ids[10], '0']);
    expect(new Set(events.all('onRosterMessage').map(({ id }) => id)).size).toBe(30);
  });

  test('whose answer is lost is asked for again', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.register('bob')];
    seedHistory(world, bob, alice, 5);
    const { client, events } = await world.member('alice', { answerTimeoutMs: 200 });
    world.server.admin.dropAnswers({ command: 'history', count: 1 });
    client.sysManage.requireHistoryMessage(bob, 0, 20);
    expect(await events.next('onReceiveHistoryMsg')).toMatchObject({ next: '0' });
    expect(events.all('onRosterMessage')).toHaveLength(5);
    expect(events.all('onReceiveHistoryMsg')).toHaveLength(1);
  });
});

describe('frames that cannot be read cost nothing else', () => {
  const frames: [string, Uint8Array, string][] = [
    ['garbage', Uint8Array.of(0xff, 0xff, 0xff), 'ServerResponseInvalid'],
    [
      'a truncated frame',
      encodeFrame({ command: 1, payload: { metas: [], next_key: '5' } }, 'down').subarray(0, -1),
      'ServerResponseInvalid',
    ],
    ['an unknown command', Uint8Array.of(0x18, 9), 'ServerResponseInvalid'],
    ['a payload that is none', Uint8Array.of(0x18, 1, 0x22, 2, 0x12, 0x7f), 'ServerResponseInvalid'],
    ['zlib that is none', Uint8Array.of(0x10, 1, 0x18, 1, 0x22, 2, 1, 2), 'ServerResponseInvalid'],
    ['an encrypted frame', Uint8Array.of(0x18, 1, 0x28, 1, 0x22, 1, 0), 'ServerEncryptMethodUnsupported'],
  ];
  test.each(['raw', 'socket.io'] as const)('over %s', async (transport) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', { transport }), await world.member('bob')];
    for (const [what, bytes, reason] of frames) {
      expect(world.server.admin.sendBytes({ uid: alice.id, bytes }), what).toBe(1);
      const told = await alice.events.next('flooError');
      expect([what, told.category, told.error.reason]).toEqual([what, reason, reason]);
    }
    // Empty bytes are a frame: UNREAD without a payload.
    world.server.admin.sendBytes({ uid: alice.id, bytes: new Uint8Array(0) });
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'still here' });
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'still here' });
    expect(alice.events.all('flooError')).toHaveLength(frames.length);
    expect(alice.events.all('reconnect')).toEqual([]);
  });

  test('nor does an item of a page', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const item = (id: number, content: string): Meta => ({
      id: String(id),
      from: { uid: bob.uid },
      to: { uid: alice.uid },
      ns: MetaNameSpace.MESSAGE,
      timestamp: '1700000000000',
      payload: { type: MessageBodyType.CHAT, content },
    });
    const bad = { ...item(2, ''), payload: Uint8Array.of(0x22, 0x7f) } as unknown as Meta;
    const page = { xid: { uid: bob.uid }, metas: [item(1, 'one'), bad, item(3, 'three')], next_key: '0' };
    world.server.admin.sendBytes({ uid: alice.id, bytes: encodeFrame({ command: 1, payload: page }, 'down') });
    expect(await alice.events.next('flooError')).toMatchObject({
      category: 'ServerResponseInvalid',
      error: { details: { id: '2', ns: 1 } },
    });
    expectInOrder(await alice.events.count('onRosterMessage', 2), ['one', 'three']);
  });

  test('nor do items of kinds that are not known, or without what they should have', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const head = { from: { uid: bob.uid }, to: { uid: alice.uid }, timestamp: '1700000000000' };
    const metas = [
      { ...head, id: '11', ns: 99, payload: Uint8Array.of(1) },
      { ...head, id: '12', ns: MetaNameSpace.MESSAGE },
      { ...head, id: '13', ns: MetaNameSpace.MESSAGE, payload: { type: 9, content: 'what' } },
      { ...head, id: '14', ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.OPER } },
      {
        ...head,
        id: '15',
        ns: MetaNameSpace.MESSAGE,
        payload: { type: MessageBodyType.OPER, operation: { type: 77, mid: '1' } },
      },
      { ...head, id: '16', ns: MetaNameSpace.GROUP_NOTICE },
      { ...head, id: '17', ns: MetaNameSpace.GROUP_NOTICE, payload: {} },
      { ...head, id: '18', ns: MetaNameSpace.ROSTER_NOTICE, payload: { type: 1 } },
      { ...head, id: '19', ns: MetaNameSpace.USER_NOTICE, payload: { type: 77 } },
      { ...head, id: '20', ns: MetaNameSpace.CONVERSATION, payload: {} },
      { ...head, id: '21', ns: MetaNameSpace.RTC_SIGNAL, payload: {} },
      { ...head, id: '22', ns: MetaNameSpace.INFO, payload: {} },
      {
        ...head,
        id: '23',
        ns: MetaNameSpace.MESSAGE,
        payload: {
          type: MessageBodyType.CHAT,
          ctype: 42,
          content: 'new kind',
          config: '{"__proto__":{"polluted":1}}',
          attachment: 'no json',
        },
      },
      { id: '24', ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.CHAT, content: 'from the system' } },
      { ...head, id: '25', ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.CHAT, content: 'last' } },
    ] as unknown as Meta[];
    const page = { xid: { uid: bob.uid }, metas, next_key: '0' };
    world.server.admin.sendBytes({ uid: alice.id, bytes: encodeFrame({ command: 1, payload: page }, 'down') });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'last');
    expect(alice.events.all('onRosterMessage').map(({ content, type }) => [content, type])).toContainEqual([
      'new kind',
      undefined,
    ]);
    expect(alice.events.all('onRosterMessage')).toContainEqual(
      expect.objectContaining({ content: 'from the system', from: '0' }),
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(alice.events.all('flooError')).toEqual([]);
    expect(alice.client.isLogin()).toBe(true);
  });
});

describe('a batch that is refused, as the values in it are not to be stored,', () => {
  test('is not acknowledged, and told when it could be stored', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const { device, events } = alice;
    let failures = 1;
    device.commit = async (store, batch) => {
      if (batch.some((write) => 'key' in write && write.key.startsWith('s/')) && failures-- > 0)
        throw new TypeError('not to be stored');
      await store.commit(batch);
    };
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    expect(await events.next('flooError')).toMatchObject({ category: 'DbOperationFailed', desc: 'not to be stored' });
    expect(events.all('onRosterMessage')).toEqual([]);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '2' });
    expectInOrder(await events.count('onRosterMessage', 2), ['1', '2']);
  });

  test('fails a send before anything leaves', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    alice.device.commit = async () => Promise.reject(new TypeError('not to be stored'));
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    expect(await alice.events.next('onSendingMessageStatusChanged')).toMatchObject({
      status: 'failed',
      mid,
      error: { reason: 'DbOperationFailed' },
    });
    await quiet(30);
    expect(bob.events.all('onRosterMessage')).toEqual([]);
  });

  test('is had again with the next socket when it was an answer', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    let failures = 1;
    alice.device.commit = async (store, batch) => {
      if (batch.some(({ op }) => op === 'delete') && failures-- > 0) throw new TypeError('not to be stored');
      await store.commit(batch);
    };
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    expect(await alice.events.next('flooError')).toMatchObject({ category: 'DbOperationFailed' });
    world.server.admin.dropSockets({ uid: alice.id });
    const sent = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    const { id } = await bob.events.next('onRosterMessage');
    expect(sent).toMatchObject({ mid, message: { id } });
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ id, clientMid: String(mid) }]);
    await quiet(20);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  });
});

describe('storage that fails', () => {
  test('in the middle: messages flow both ways, in memory, and it is told once', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    await alice.events.next('onRosterMessage');
    alice.device.commit = async () => Promise.reject(Object.assign(new Error('full'), { name: 'QuotaExceededError' }));
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '2' });
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: '2' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '3' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    await bob.events.next('onRosterMessage', ({ content }) => content === '3');
    // The server has nothing left for a socket to come.
    world.server.admin.dropSockets({ uid: alice.id });
    await alice.events.next('loginSuccess');
    await quiet();
    expectInOrder(alice.events.all('onRosterMessage'), ['1', '2', '3']);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([
      { content: '1' },
      { content: '2' },
      { content: '3', clientMid: String(mid) },
    ]);
    expect(alice.events.all('storageDegraded')).toMatchObject([{ reason: 'DbOperationFailed', rawMessage: 'full' }]);
    expect(alice.events.all('flooError')).toEqual([]);
  });

  test('from the start: a login is a login, and another one finds what the first one got', async () => {
    const world = await startWorld();
    const [bob, device] = [await world.member('bob'), createDevice()];
    device.platform.kv.open = async () => Promise.reject(new Error('denied'));
    const alice = await world.member('alice', {}, device);
    expect(alice.events.all('storageDegraded')).toMatchObject([{ reason: 'DbOperationFailed', rawMessage: 'denied' }]);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
    await alice.events.next('onRosterMessage');
    await alice.client.logout();
    await alice.client.login({ name: 'alice', password: PASSWORD });
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([{ content: '1' }]);
    expect(alice.events.all('storageDegraded')).toHaveLength(2);
  });
});
