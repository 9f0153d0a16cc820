import { describe, expect, test, vi } from 'vitest';
import { FrameCommand } from 'flooim/wire';
import type { SyncUp } from 'flooim/wire';
import type { SendingStatusEvent } from '../../../src/client-events.ts';
import type { ClientOptions } from '../../../src/options.ts';
import { unpackItems } from '../../../src/store/segment-record.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member } from '../../support/client-world.ts';

const WAYS: [string, ClientOptions][] = [
  ['socket.io, engine 3', { transport: 'socket.io' }],
  ['socket.io, engine 4', { transport: 'socket.io', engine: 4 }],
  ['raw', { transport: 'raw' }],
];

const mentions = (list: string[], all: boolean): object => ({ mentionAll: all, mentionList: list.map(Number) });

describe.each(WAYS)('over %s', (_way, options) => {
  test('a message: sending, sent, echo at the sender, told at the receiver', async () => {
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

  test('typing is told to the other side and kept nowhere', async () => {
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

  test('100 messages each way at once arrive in order, each once', async () => {
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

test('a message is stored before it is told, and told before its page is acknowledged', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice', { transport: 'raw' }), await world.member('bob')];
  const { device } = alice;
  device.commit = async (store, batch) => {
    await quiet(20);
    await store.commit(batch);
  };
  const stored: Promise<unknown>[] = [];
  alice.client.on('onRosterMessage', ({ id }) => {
    device.trace.push('told');
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
  expect(at('commit')).toBeLessThan(at('told'));
  expect(at('told')).toBeLessThan(at(acknowledged));
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

test('the answer to a message waits to be stored, and is when the page is hidden', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const { device } = alice;
  const send = async (): Promise<string> => {
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    const isSent = (told: SendingStatusEvent): boolean => told.mid === mid && told.status === 'sent';
    const { message } = await alice.events.next('onSendingMessageStatusChanged', isSent);
    await quiet();
    return message!.id;
  };
  const kv = await device.platform.kv.open(`flooim.welovemaxim.${alice.uid}`);
  const stored = async (): Promise<string[]> =>
    unpackItems(await kv.get(`s/r${bob.uid}/${'0'.padStart(20, '0')}`)).map(({ id }) => id);
  // What is learned of a new conversation is stored with it.
  const first = await send();
  expect(await stored()).toEqual([first]);
  // Its time does not come in this test.
  device.haste = 1 / 1000;
  const second = await send();
  expect(await stored()).toEqual([first]);
  device.emit('hide');
  await vi.waitFor(async () => expect(await stored()).toEqual([first, second]));
});

test('what one’s other device sent is told as one’s own', async () => {
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

describe('read', () => {
  test('one, then all: counts here, receipts there, and the other device', async () => {
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

  test('elsewhere, of messages that came in the same page', async () => {
    const world = await startWorld();
    const [alice, bob, desk] = [await world.member('alice'), await world.member('bob'), await world.member('alice')];
    desk.client.disConnect();
    for (let i = 0; i < 5; i++) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(i) });
    const told = await alice.events.count('onRosterMessage', 5);
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
    expect(kept.map(({ id, status }) => [id, status])).toEqual(told.map(({ id }) => [id, 2]));
  });

  test('of a group goes to one’s own devices, and to authors only where the message asks for it', async () => {
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

  test('of a group elsewhere, of messages that came in the same page', async () => {
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

  test('what is read already sends nothing', async () => {
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

test('a mention is told before its message, and marks the conversation', async () => {
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
  const tell = async (send: () => number): Promise<void> => {
    const before = alice.events.all('recentlistUpdate').length;
    send();
    await until(() => alice.events.all('recentlistUpdate').length > before, 'the list to change');
    // Two messages of one ms are told apart by their ids.
    await quiet(2);
  };
  await tell(() => bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' }));
  await tell(() => carol.client.sysManage.sendRosterMessage({ uid: alice.id, content: '2' }));
  expect(order()).toEqual([carol.id, bob.id]);
  await tell(() => alice.client.sysManage.sendGroupMessage({ gid, content: '3' }));
  expect(order()).toEqual([gid, carol.id, bob.id]);
  await tell(() => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '4' }));
  expect(order()).toEqual([bob.id, gid, carol.id]);
  expect(alice.client.userManage.getConversationList().map(({ content }) => content)).toEqual(['4', '3', '2']);
});

describe('a send that is refused fails with the server’s code', () => {
  test.each([
    [12, 'censored', 'MessageCensored', 'MessageCensored'],
    [20, 'slowly', 'MessageRateLimitExceeded', 'MessageRateLimitExceeded'],
    [11, 'banned', 'UserBanned', 'GroupMemberBanned'],
    [8, 'bad', 'MessageInvalid', 'MessageInvalid'],
    [2, 'no', 'ServerFireplaceUnknownError', 'ServerFireplaceUnknownError'],
  ])('%i %s', async (code, reason, toUser, toGroup) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    world.server.admin.refuseSend({ code, reason, count: 2 });
    const mids = [
      alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '1' }),
      alice.client.sysManage.sendGroupMessage({ gid, content: '2' }),
    ];
    const failed = await alice.events.count('onSendingMessageStatusChanged', 2, ({ status }) => status === 'failed');
    expect(failed).toMatchObject([
      { mid: mids[0], errorCode: code, errorReason: reason, error: { reason: toUser }, message: { content: '1' } },
      { mid: mids[1], errorCode: code, errorReason: reason, error: { reason: toGroup }, message: { content: '2' } },
    ]);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toEqual([]);
    expect(alice.events.all('flooError')).toEqual([]);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'next' });
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'next' });
    // A refused one is not tried again by itself.
    world.server.admin.dropSockets();
    await alice.events.next('loginSuccess');
    await quiet(20);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
    expect(bob.events.all('onGroupMessage')).toEqual([]);
  });

  test('a member who is banned in the group, and one who is none', async () => {
    const world = await startWorld();
    const [alice, bob, carol] = [await world.member('alice'), await world.member('bob'), await world.member('carol')];
    const gid = world.group(alice, bob);
    world.app.groups.get(gid)!.banned.set(bob.id, -1);
    bob.client.sysManage.sendGroupMessage({ gid, content: 'x' });
    const failed = await bob.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
    expect(failed).toMatchObject({ errorCode: 11, error: { reason: 'GroupMemberBanned' } });
    carol.client.sysManage.sendGroupMessage({ gid, content: 'x' });
    expect(await carol.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed')).toMatchObject(
      { errorCode: 2, errorReason: 'not a group member' },
    );
  });
});

describe('bad arguments', () => {
  test('throw before anything is sent', async () => {
    const world = await startWorld();
    const { client, id } = await world.member('alice');
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const { sysManage, rosterManage, groupManage } = client;
    const bad: (() => unknown)[] = [
      () => sysManage.sendRosterMessage({ content: 'x' } as never),
      () => sysManage.sendRosterMessage({ uid: 'bob', content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: NaN, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: -1, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: 1.5, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: 2 ** 60, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: null as never, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: '99999999999999999999', content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: 1, content: 'x', type: 'smell' as never }),
      () => sysManage.sendRosterMessage({ uid: 1, content: 'x', ext: circular }),
      () => sysManage.sendRosterMessage(undefined as never),
      () => sysManage.sendGroupMessage({ content: 'x' } as never),
      () => sysManage.sendInputStatusMessage('x', 'typing'),
      () => sysManage.requireHistoryMessage('x', 0, 20),
      () => sysManage.requireHistoryMessage(id, 'x', 20),
      () => rosterManage.readRosterMessage('x'),
      () => groupManage.readGroupMessage(1, 'x'),
    ];
    for (const [index, call] of bad.entries()) {
      expect(call, `call ${index}`).toThrow(expect.objectContaining({ name: 'FlooError', reason: 'InvalidParam' }));
    }
    await quiet(20);
    const sent = world.server.admin
      .receivedFrames()
      .filter(({ frame, error }) => error !== undefined || frame?.command === FrameCommand.SYNC);
    expect(sent).toEqual([]);
    expect(client.isLogin()).toBe(true);
  });

  test('and a send before the login throws UserNotLogin', async () => {
    const world = await startWorld();
    const { client } = world.client();
    const notLoggedIn = expect.objectContaining({ reason: 'UserNotLogin' }) as Error;
    expect(() => client.sysManage.sendRosterMessage({ uid: 1, content: 'x' })).toThrow(notLoggedIn);
    expect(() => client.sysManage.sendGroupMessage({ gid: 1, content: 'x' })).toThrow(notLoggedIn);
    expect(() => client.sysManage.sendInputStatusMessage(1, 'typing')).toThrow(notLoggedIn);
    expect(() => client.sysManage.requireHistoryMessage(1, 0, 20)).toThrow(notLoggedIn);
    await expect(client.rosterManage.asyncGetRosterIdList()).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await expect(client.rosterManage.asyncGetRosterIdList(true)).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await expect(client.groupManage.asyncCreate({ name: 'g' })).rejects.toMatchObject({ reason: 'UserNotLogin' });
    expect(client.rosterManage.getRosterMessageByRid(1)).toEqual([]);
    expect(client.rosterManage.getAllRosterDetail()).toEqual({});
    expect(client.rosterManage.getUnreadCount(1)).toBe(0);
    expect(client.userManage.getConversationList()).toEqual([]);
  });
});

test('a handler that throws harms nobody: the next handler, the next message, the page', async () => {
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
