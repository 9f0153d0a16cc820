import { describe, expect, test, vi } from 'vitest';
import type { SendingStatusEvent } from '../../../src/client-events.ts';
import type { ClientOptions } from '../../../src/options.ts';
import { unpackItems } from '../../../src/store/segment-record.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member } from '../../support/client-world.ts';

const WAYS: [string, ClientOptions][] = [
  ['socket.io, engine 3', { transport: 'socket.io' }],
  ['socket.io, engine 4', { transport: 'socket.io', engine: 4 }],
  ['raw', { transport: 'raw' }],
];

const mentions = (list: string[], all: boolean): object => ({ mentionAll: all, mentionList: list.map(Number) });

describe.each(WAYS)('over %s', (_way, options) => {
  test('a message is sending, then sent, and is emitted at the sender and at the receiver', async () => {
    const world = await startWorld({ compressPagesOver: 10 });
    const [alice, bob] = [await world.member('alice', options), await world.member('bob', options)];
    const mid = alice.client.sysManage.sendRosterMessage({
      uid: bob.id,
      content: 'hello ✓ 😀',
      ext: { a: 1 },
      config: '{"b":9007199254740993}',
    });
    expect(Number.isSafeInteger(mid)).toBe(true);
    const sending = await alice.events.next('onSendingMessageStatusChanged');
    expect(sending).toMatchObject({ status: 'sending', mid, uid: bob.id, message: { id: String(mid), status: 0 } });
    const sent = await alice.events.next('onSendingMessageStatusChanged');
    expect(sent).toMatchObject({ status: 'sent', mid, message: { content: 'hello ✓ 😀', clientMid: String(mid) } });
    const { id } = sent.message!;
    expect(BigInt(id)).toBeGreaterThan(2n ** 53n);
    const received = await bob.events.next('onRosterMessage');
    expect(received).toMatchObject({
      id,
      from: alice.uid,
      to: bob.uid,
      content: 'hello ✓ 😀',
      ext: '{"a":1}',
      type: 'text',
      toType: 'roster',
      isHistory: false,
      config: { b: '9007199254740993' },
    });
    const names = alice.events.heard.map(({ name }) => name);
    expect(names.indexOf('onRosterMessage')).toBeLessThan(names.lastIndexOf('onSendingMessageStatusChanged'));
    expect(alice.events.all('onRosterMessage')).toMatchObject([{ id, from: alice.uid, content: 'hello ✓ 😀' }]);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toMatchObject([
      { id, timestamp: received.timestamp },
    ]);
    expect(bob.client.rosterManage.getRosterMessageByRid(alice.uid)).toEqual([received]);
    expect(bob.client.userManage.getConversationList()).toMatchObject([
      { type: 'roster', id: alice.id, content: 'hello ✓ 😀', unread: 1 },
    ]);
    expect(alice.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, unread: 0 }]);
    expect(world.server.admin.connections().map(({ transport }) => transport)).toEqual([
      options.transport,
      options.transport,
    ]);
  });

  test('a group message', async () => {
    const world = await startWorld();
    const members = [];
    for (const name of ['alice', 'bob', 'carol']) members.push(await world.member(name, options));
    const [alice, bob, carol] = members as [Member, Member, Member];
    const gid = world.group(alice, bob, carol);
    const mid = alice.client.sysManage.sendGroupMessage({
      gid,
      content: 'to all',
      type: 'image',
      attachment: { url: 'u' },
    });
    const { message } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    const shape = {
      id: message!.id,
      from: alice.uid,
      to: String(gid),
      content: 'to all',
      type: 'image',
      toType: 'group',
      attach: { url: 'u' },
    };
    for (const { events, client } of [bob, carol]) {
      expect(await events.next('onGroupMessage')).toMatchObject(shape);
      expect(client.groupManage.getGruopMessage(gid)).toMatchObject([shape]);
      expect(client.groupManage.getUnreadCount(gid)).toBe(1);
      expect(client.userManage.getConversationList()).toMatchObject([{ type: 'group', id: gid, content: 'image' }]);
      await until(() => gid in client.groupManage.getAllGroupDetail(), 'the details of the group');
    }
    expect(await alice.events.next('onGroupMessage')).toMatchObject({ ...shape, clientMid: String(mid) });
    expect(alice.client.groupManage.getUnreadCount(gid)).toBe(0);
    expect(bob.events.all('onRosterMessage')).toEqual([]);
  });

  test('typing is emitted on the other side and stored nowhere', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', options), await world.member('bob', options)];
    alice.client.sysManage.sendInputStatusMessage(bob.id, 'typing');
    alice.client.sysManage.sendInputStatusMessage(bob.uid, 'nothing');
    const typing = { ext: '{"input_status":"typing"}', from: alice.uid, to: bob.uid };
    expect(await bob.events.next('onInputStatusMessage')).toEqual(typing);
    expect(await bob.events.next('onInputStatusMessage')).toMatchObject({ ext: '{"input_status":"nothing"}' });
    expect(bob.client.userManage.getConversationList()).toEqual([]);
    expect(bob.client.rosterManage.getUnreadCount(alice.id)).toBe(0);
    expect(bob.client.rosterManage.getRosterMessageByRid(alice.id)).toEqual([]);
    expect(bob.events.all('onRosterMessage')).toEqual([]);
    expect(alice.events.all('onSendingMessageStatusChanged')).toEqual([]);
    expect(alice.client.userManage.getConversationList()).toEqual([]);
  });

  test('100 messages each way at the same time arrive in order, each once', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', options), await world.member('bob', options)];
    for (let i = 0; i < 100; i++) {
      alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: `a${i}` });
      bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: `b${i}` });
    }
    for (const [me, letter] of [
      [alice, 'b'],
      [bob, 'a'],
    ] as const) {
      const got = await me.events.count('onRosterMessage', 100, ({ from }) => from !== me.uid);
      expect(got.map(({ content }) => content)).toEqual(Array.from({ length: 100 }, (_, i) => `${letter}${i}`));
      const sent = await me.events.count('onSendingMessageStatusChanged', 100, ({ status }) => status === 'sent');
      expect(new Set(sent.map(({ mid }) => mid)).size).toBe(100);
    }
    await quiet(30);
    expect(alice.events.all('onRosterMessage')).toHaveLength(200);
  });
});

test('a message is stored before it is emitted, and emitted before its page is acknowledged', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice', { transport: 'raw' }), await world.member('bob')];
  const { device } = alice;
  device.commit = async (store, batch) => {
    await quiet(20);
    await store.commit(batch);
  };
  const stored: Promise<unknown>[] = [];
  alice.client.on('onRosterMessage', ({ id }) => {
    device.trace.push('emit');
    const open = device.platform.kv.open(`flooim.welovemaxim.${alice.uid}`);
    stored.push(
      open.then(async (kv) =>
        unpackItems(await kv.get(`s/r${bob.uid}/${'0'.padStart(20, '0')}`)).find((message) => message.id === id),
      ),
    );
  });
  device.trace.length = 0;
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'safe' });
  const acknowledged = `frame sync ${bob.uid} key`;
  await until(() => device.trace.includes(acknowledged), 'the page to be acknowledged');
  const at = (start: string): number => device.trace.findIndex((line) => line.startsWith(start));
  expect(device.trace.find((line) => line.startsWith('commit'))).toContain(`s/r${bob.uid}/`);
  expect(at('commit')).toBeLessThan(at('emit'));
  expect(at('emit')).toBeLessThan(at(acknowledged));
  expect(await Promise.all(stored)).toMatchObject([{ content: 'safe' }]);
});

test('a message is in the outbox before its first byte leaves', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice', { transport: 'raw' }), await world.member('bob')];
  const { device } = alice;
  device.trace.length = 0;
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
  await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  const row = device.trace.findIndex(
    (line) => line.startsWith('commit') && line.includes(`o/${String(mid).padStart(20, '0')}`),
  );
  expect(row).toBeGreaterThanOrEqual(0);
  expect(row).toBeLessThan(device.trace.indexOf(`frame send ${mid}`));
});

test('the answer to a message is stored later, or at once when the page is hidden', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const { device } = alice;
  const send = async (): Promise<string> => {
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    const isSent = (event: SendingStatusEvent): boolean => event.mid === mid && event.status === 'sent';
    const { message } = await alice.events.next('onSendingMessageStatusChanged', isSent);
    await quiet();
    return message!.id;
  };
  const kv = await device.platform.kv.open(`flooim.welovemaxim.${alice.uid}`);
  const stored = async (): Promise<string[]> =>
    unpackItems(await kv.get(`s/r${bob.uid}/${'0'.padStart(20, '0')}`)).map(({ id }) => id);
  // The first message of a conversation is stored with the conversation, without a delay.
  const first = await send();
  expect(await stored()).toEqual([first]);
  // Makes the delay longer than this test.
  device.haste = 1 / 1000;
  const second = await send();
  expect(await stored()).toEqual([first]);
  device.emit('hide');
  await vi.waitFor(async () => expect(await stored()).toEqual([first, second]));
});

test('a message sent by another device of the same user is emitted as an own message', async () => {
  const world = await startWorld();
  const bob = await world.member('bob');
  const [phone, desk] = [await world.member('alice'), await world.member('alice')];
  const gid = world.group(phone, bob);
  phone.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'from the phone' });
  expect(await desk.events.next('onRosterMessage')).toMatchObject({
    from: phone.uid,
    to: bob.uid,
    content: 'from the phone',
  });
  expect(desk.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(1);
  expect(desk.client.rosterManage.getUnreadCount(bob.id)).toBe(0);
  expect(desk.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, unread: 0 }]);
  phone.client.sysManage.sendGroupMessage({ gid, content: 'to the group' });
  expect(await desk.events.next('onGroupMessage')).toMatchObject({ from: phone.uid });
  expect(desk.client.groupManage.getUnreadCount(gid)).toBe(0);
  expect(phone.events.all('onRosterMessage')).toHaveLength(1);
});

test('a mention is emitted before its message and marks the conversation', async () => {
  const world = await startWorld();
  const [alice, bob, carol] = [await world.member('alice'), await world.member('bob'), await world.member('carol')];
  const gid = world.group(alice, bob, carol);
  bob.client.sysManage.sendGroupMessage({ gid, content: '@alice', config: mentions([alice.uid], false) });
  expect(await alice.events.next('onMentionMessage')).toMatchObject({ content: '@alice', toType: 'group' });
  const names = alice.events.heard.map(({ name }) => name);
  expect(names.indexOf('onMentionMessage')).toBeLessThan(names.indexOf('onGroupMessage'));
  expect(alice.client.userManage.getConversationList()).toMatchObject([{ id: gid, hasAt: true }]);
  await carol.events.next('onGroupMessage');
  expect(carol.events.all('onMentionMessage')).toEqual([]);
  expect(carol.client.userManage.getConversationList()).toMatchObject([{ id: gid, hasAt: false }]);
  bob.client.sysManage.sendGroupMessage({ gid, content: '@all', config: mentions([], true) });
  expect(await carol.events.next('onMentionMessage')).toMatchObject({ content: '@all' });
  await bob.events.count('onGroupMessage', 2);
  expect(bob.events.all('onMentionMessage')).toEqual([]);
});

test('the conversation list is in the order of the newest message', async () => {
  const world = await startWorld();
  const [alice, bob, carol] = [await world.member('alice'), await world.member('bob'), await world.member('carol')];
  const gid = world.group(alice, bob);
  const order = (): number[] => alice.client.userManage.getConversationList().map(({ id }) => id);
  const sendAndWait = async (send: () => number): Promise<void> => {
    const before = alice.events.all('recentlistUpdate').length;
    send();
    await until(() => alice.events.all('recentlistUpdate').length > before, 'the list to change');
    // Messages of the same millisecond would be ordered by their ids.
    await quiet(2);
  };
  await sendAndWait(() => bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' }));
  await sendAndWait(() => carol.client.sysManage.sendRosterMessage({ uid: alice.id, content: '2' }));
  expect(order()).toEqual([carol.id, bob.id]);
  await sendAndWait(() => alice.client.sysManage.sendGroupMessage({ gid, content: '3' }));
  expect(order()).toEqual([gid, carol.id, bob.id]);
  await sendAndWait(() => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '4' }));
  expect(order()).toEqual([bob.id, gid, carol.id]);
  expect(alice.client.userManage.getConversationList().map(({ content }) => content)).toEqual(['4', '3', '2']);
});

test('a handler that throws does not stop the next handler, the next message or the connection', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const explode = (): never => {
    throw new Error('app bug');
  };
  for (const name of ['onRosterMessage', 'recentlistUpdate', 'onUnreadChange', 'loginSuccess', 'reconnect'] as const) {
    alice.client.on(name, explode);
  }
  const after: string[] = [];
  alice.client.on('onRosterMessage', ({ content }) => after.push(content));
  for (const content of ['1', '2', '3']) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  await alice.events.count('onRosterMessage', 3);
  expect(after).toEqual(['1', '2', '3']);
  world.server.admin.dropSockets({ uid: alice.id });
  await alice.events.next('loginSuccess');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '4' });
  await alice.events.count('onRosterMessage', 4);
  expect(after).toEqual(['1', '2', '3', '4']);
  expect(alice.device.errors.length).toBeGreaterThan(4);
  alice.device.errors.length = 0;
});
