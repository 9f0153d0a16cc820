import { describe, expect, test, vi } from 'vitest';
import { FrameCommand } from 'flooim/wire';
import { toOwnMessage } from '../../../src/model/message.ts';
import type { Message } from '../../../src/model/message.ts';
import { isMessage, toPublic } from '../../../src/store/schema.ts';
import { unpackItems } from '../../../src/store/segment-record.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, i) => String(i));

/** How often the server got each client mid. */
function sends(world: World): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { frame } of world.server.admin.receivedFrames()) {
    const mid = frame?.command === FrameCommand.SYNC ? frame.payload!.meta?.id : undefined;
    if (mid) counts.set(mid, (counts.get(mid) ?? 0) + 1);
  }
  return counts;
}

/** The messages of one side as it has them: in memory, and in the database. */
async function kept({ client, device, uid }: Member, peer: Member): Promise<Message[]> {
  const kv = await device.platform.kv.open(`flooim.welovemaxim.${uid}`);
  const inMemory = client.rosterManage.getRosterMessageByRid(peer.id);
  // An answer is stored a moment after it is emitted.
  await vi.waitFor(async () => {
    const rows = await kv.range({ from: `s/r${peer.uid}/`, to: `s/r${peer.uid}0` });
    const stored = rows.flatMap(({ value }) => unpackItems(value).filter(isMessage).map(toPublic));
    expect(stored.map((message) => toOwnMessage(message, uid))).toEqual(inMemory);
    expect(await kv.range({ from: 'o/', to: 'o0' }), 'outbox').toEqual([]);
  });
  return inMemory;
}

const SENT = { status: 'sent' };
const isSent = ({ status }: { status: string }): boolean => status === 'sent';

describe('after a lost answer the message is sent once and stored once, under the server’s id, on both sides', () => {
  test('detected by a timeout', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', { answerTimeoutMs: 200 }), await world.member('bob')];
    world.server.admin.dropAnswers({ command: 'send', count: 1 });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    const { id } = await bob.events.next('onRosterMessage');
    const sent = await alice.events.next('onSendingMessageStatusChanged', isSent);
    expect(sent).toMatchObject({ ...SENT, mid, message: { id, content: 'x' } });
    expect(sends(world).get(String(mid))).toBe(2);
    expect(alice.events.all('reconnect')).toHaveLength(1);
    await quiet(30);
    expect(alice.events.all('onSendingMessageStatusChanged').map(({ status }) => status)).toEqual(['sending', 'sent']);
    expect(alice.events.all('onRosterMessage').map((message) => message.id)).toEqual([id]);
    expect(await kept(alice, bob)).toMatchObject([{ id, clientMid: String(mid), content: 'x' }]);
    expect(await kept(bob, alice)).toMatchObject([{ id }]);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  });

  test.each(['roster', 'group'] as const)('detected by the end of the socket, many at once: %s', async (kind) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    const name = kind === 'group' ? 'onGroupMessage' : 'onRosterMessage';
    world.server.admin.dropAnswers({ command: 'send', count: 20 });
    // Three of them look the same.
    const contents = numbers(20).map((content, index) => (index < 3 ? 'same' : content));
    const mids = contents.map((content) =>
      kind === 'group'
        ? alice.client.sysManage.sendGroupMessage({ gid, content })
        : alice.client.sysManage.sendRosterMessage({ uid: bob.id, content }),
    );
    const received = await bob.events.count(name, 20);
    world.server.admin.dropSockets({ uid: alice.id });
    const sent = await alice.events.count('onSendingMessageStatusChanged', 20, isSent);
    expect(new Set(sent.map(({ mid }) => mid))).toEqual(new Set(mids));
    const idsByMid = new Map(sent.map(({ mid, message }) => [mid, message!.id]));
    expect(mids.map((mid) => idsByMid.get(mid))).toEqual(received.map(({ id }) => id));
    await quiet(30);
    expect(alice.events.all('onSendingMessageStatusChanged')).toHaveLength(40);
    expect(alice.events.all(name)).toHaveLength(20);
    expect(bob.events.all(name)).toHaveLength(20);
    const own = kind === 'group' ? alice.client.groupManage.getGroupMessage(gid) : await kept(alice, bob);
    expect(own.map(({ id, clientMid }) => [id, clientMid])).toEqual(
      received.map(({ id }, index) => [id, String(mids[index])]),
    );
  });

  test('with more than a page of other messages in between', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.dropAnswers({ command: 'send', count: 1 });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'lost' });
    const { id } = await bob.events.next('onRosterMessage');
    alice.client.disConnect();
    for (const content of numbers(70)) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
    await bob.events.count('onSendingMessageStatusChanged', 70, isSent);
    await alice.client.login({ name: 'alice', password: PASSWORD });
    const sent = await alice.events.next('onSendingMessageStatusChanged', isSent);
    expect(sent).toMatchObject({ mid, message: { id } });
    await alice.events.count('onRosterMessage', 71);
    await quiet(30);
    expect((await kept(alice, bob)).map((message) => message.id)[0]).toBe(id);
    expect(await kept(alice, bob)).toHaveLength(71);
    expect(await kept(bob, alice)).toHaveLength(71);
  });

  test('for a receipt', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'x' });
    const { id } = await alice.events.next('onRosterMessage');
    await bob.events.next('onSendingMessageStatusChanged', isSent);
    world.server.admin.dropAnswers({ command: 'send', count: 2 });
    alice.client.rosterManage.readRosterMessage(bob.id);
    await bob.events.next('onMessageStatusChanged', ({ mid }) => mid === id);
    world.server.admin.dropSockets({ uid: alice.id });
    await alice.events.next('loginSuccess');
    await until(() => [...sends(world).values()].filter((count) => count === 2).length === 2, 'both receipts again');
    await quiet(30);
    expect(alice.events.all('onSendingMessageStatusChanged')).toEqual([]);
    expect(await kept(alice, bob)).toMatchObject([{ id, status: 2 }]);
    expect(bob.events.all('onMessageStatusChanged')).toHaveLength(1);
  });
});

test('a send that did not reach the server is sent once with the next socket, in order', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  world.server.admin.stall({ uid: alice.id, on: true });
  const mids = numbers(5).map((content) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content }));
  await alice.events.count('onSendingMessageStatusChanged', 5);
  world.server.admin.dropSockets({ uid: alice.id });
  await alice.events.next('reconnect');
  mids.push(...['5', '6'].map((content) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content })));
  const received = await bob.events.count('onRosterMessage', 7);
  expect(received.map(({ content }) => content)).toEqual(numbers(7));
  const sent = await alice.events.count('onSendingMessageStatusChanged', 7, isSent);
  expect(sent.map(({ mid }) => mid)).toEqual(mids);
  await quiet(30);
  expect(bob.events.all('onRosterMessage')).toHaveLength(7);
  expect(await kept(alice, bob)).toHaveLength(7);
});

describe('at the moment a message is emitted as sent', () => {
  test.each(['roster', 'group'] as const)('every read contains it once: %s', async (type) => {
    const world = await startWorld();
    const [{ client }, bob] = [await world.member('alice'), await world.member('bob')];
    const id = type === 'group' ? world.group({ id: client.userManage.getUid()! }, bob) : bob.id;
    const { sysManage } = client;
    const name = { id, type };
    const send = (content: string): number =>
      type === 'group'
        ? sysManage.sendGroupMessage({ gid: id, content })
        : sysManage.sendRosterMessage({ uid: id, content });
    const texts = ['word one', 'word two', 'word three'];
    const done = new Promise<void>((resolve, reject) => {
      let count = 0;
      const look = async ({ id: mid }: Message): Promise<void> => {
        const soFar = texts.slice(0, ++count);
        expect(sysManage.getSendingMessages(id, type)).toEqual([]);
        const reads = [
          sysManage.getMessages(name).then(({ messages }) => messages.map(({ content }) => content)),
          sysManage.getMessage({ ...name, mid }).then((message) => message?.content),
          sysManage.countMessages(name),
          sysManage.searchMessages('word').then((hits) => hits.map(({ message }) => message.content).reverse()),
        ];
        expect(await Promise.all(reads)).toEqual([soFar, texts[count - 1], count, soFar]);
        if (count === texts.length) resolve();
        else send(texts[count]!);
      };
      client.on('onSendingMessageStatusChanged', ({ status, message }) => {
        if (status === 'sent') look(message!).catch(reject);
      });
    });
    send(texts[0]!);
    await done;
  });

  test('a disposed client has stored it', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const disposed = new Promise<void>((resolve) => {
      alice.client.on('onSendingMessageStatusChanged', ({ status }) => {
        if (status === 'sent') void alice.client.dispose().then(resolve);
      });
    });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    await disposed;
    const next = world.client({}, alice.device);
    await next.events.next('loginSuccess');
    expect(await kept({ ...alice, ...next }, bob)).toMatchObject([{ clientMid: String(mid) }]);
    expect(sends(world).get(String(mid))).toBe(1);
  });

  test('the next run has it once, and nobody else has it twice', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const { commit } = alice.device;
    alice.client.on('onSendingMessageStatusChanged', ({ status }) => {
      if (status === 'sent') alice.device.commit = async () => Promise.reject(new Error('killed'));
    });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    const { message } = await alice.events.next('onSendingMessageStatusChanged', isSent);
    await alice.client.dispose();
    alice.device.commit = commit;
    const next = world.client({}, alice.device);
    expect(await next.events.next('onSendingMessageStatusChanged')).toMatchObject({ ...SENT, mid, message });
    await quiet(30);
    expect(sends(world).get(String(mid))).toBe(2);
    expect(next.events.all('onRosterMessage')).toHaveLength(1);
    expect(await kept({ ...alice, ...next }, bob)).toMatchObject([{ id: message!.id, clientMid: String(mid) }]);
    expect(await kept(bob, alice)).toMatchObject([{ id: message!.id }]);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  });
});

test('client ids are unique and ascending, also over a restart and two devices', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const draw = (client: Member['client']): number[] =>
    numbers(50).map((content) => client.sysManage.sendRosterMessage({ uid: bob.id, content }));
  const first = draw(alice.client);
  await alice.events.count('onSendingMessageStatusChanged', 50, isSent);
  await alice.client.dispose();
  const next = await world.member('alice', {}, alice.device);
  const second = draw(next.client);
  const mids = [...first, ...second];
  expect(mids).toEqual([...mids].sort((a, b) => a - b));
  expect(new Set(mids).size).toBe(100);
  expect(mids.every(Number.isSafeInteger)).toBe(true);
  await bob.events.count('onRosterMessage', 100);
});

describe('a new client on the same storage', () => {
  test('shows conversations and messages without the network, and emits when they are ready', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    for (const content of numbers(3)) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
    bob.client.sysManage.sendGroupMessage({ gid, content: 'g' });
    await alice.events.count('onRosterMessage', 3);
    await alice.events.next('onGroupMessage');
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'mine' });
    await alice.events.next('onSendingMessageStatusChanged', isSent);
    alice.client.rosterManage.readRosterMessage(bob.id, alice.events.all('onRosterMessage')[0]!.id);
    await bob.events.next('onMessageStatusChanged');
    await until(() => gid in alice.client.groupManage.getAllGroupDetail(), 'the details of the group');
    await until(() => bob.uid in alice.client.rosterManage.getAllRosterDetail(), 'bob’s details');
    const shown = ({ client }: Pick<Member, 'client'>): unknown => ({
      list: client.userManage.getConversationList(),
      messages: client.rosterManage.getRosterMessageByRid(bob.id),
      group: client.groupManage.getGroupMessage(gid),
      unread: [client.rosterManage.getUnreadCount(bob.id), client.groupManage.getUnreadCount(gid)],
      users: client.rosterManage.getAllRosterDetail(),
      groups: client.groupManage.getAllGroupDetail(),
    });
    const before = shown(alice);
    expect(before).toMatchObject({ unread: [2, 1] });
    await alice.client.dispose();

    world.server.admin.failRest({ path: '*', hang: true, count: 100 });
    world.server.admin.stall({ on: true, alsoNew: true });
    const next = world.client({}, alice.device);
    expect(next.client.userManage.getUid()).toBe(alice.id);
    await next.events.next('recentlistUpdate');
    expect(shown(next)).toEqual(before);
    expect(next.client.isLogin()).toBe(true);
    expect(next.events.all('loginSuccess')).toEqual([]);
    // A message written now waits for the server.
    const mid = next.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'written offline' });
    await next.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sending');
    world.server.admin.clearFaults();
    await next.events.next('loginSuccess');
    expect(await next.events.next('onSendingMessageStatusChanged')).toMatchObject({ ...SENT, mid });
    await bob.events.next('onRosterMessage', ({ content }) => content === 'written offline');
    expect(next.events.all('onRosterMessage')).toHaveLength(1);
  });

  test('sends an unanswered message once: it had not arrived', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.stall({ uid: alice.id, on: true });
    const mids = numbers(3).map((content) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content }));
    await alice.events.count('onSendingMessageStatusChanged', 3);
    world.server.admin.dropSockets({ uid: alice.id });
    await alice.client.dispose();
    const next = world.client({}, alice.device);
    const sent = await next.events.count('onSendingMessageStatusChanged', 3);
    expect(sent.map(({ status, mid }) => [status, mid])).toEqual(mids.map((mid) => ['sent', mid]));
    expect((await bob.events.count('onRosterMessage', 3)).map(({ content }) => content)).toEqual(numbers(3));
    await quiet(30);
    expect(bob.events.all('onRosterMessage')).toHaveLength(3);
    expect(await kept({ ...alice, ...next }, bob)).toHaveLength(3);
  });

  test('sends an unanswered message once: it had arrived', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.dropAnswers({ command: 'send', count: 3 });
    const mids = numbers(3).map((content) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content }));
    const received = await bob.events.count('onRosterMessage', 3);
    await alice.client.dispose();
    const next = world.client({}, alice.device);
    const sent = await next.events.count('onSendingMessageStatusChanged', 3);
    expect(sent.map(({ status, mid, message }) => [status, mid, message!.id])).toEqual(
      mids.map((mid, index) => ['sent', mid, received[index]!.id]),
    );
    await quiet(30);
    expect(bob.events.all('onRosterMessage')).toHaveLength(3);
    expect((await kept({ ...alice, ...next }, bob)).map(({ id }) => id)).toEqual(received.map(({ id }) => id));
  });

  test('does not send a refused message again', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.refuseSend({ code: 12, reason: 'censored' });
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'rude' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
    await alice.client.dispose();
    const next = world.client({}, alice.device);
    await next.events.next('loginSuccess');
    await quiet(30);
    expect(bob.events.all('onRosterMessage')).toEqual([]);
    expect(next.events.all('onSendingMessageStatusChanged')).toEqual([]);
  });

  test('does not emit stored messages again', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', { transport: 'raw' }), await world.member('bob')];
    // The page is stored and emitted, but its acknowledgement never leaves.
    alice.client.on('onRosterMessage', () => alice.client.disConnect());
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'x' });
    await alice.events.next('onRosterMessage');
    await alice.client.dispose();
    const device = world.app.devices.of(alice.id)[0]!;
    expect(world.app.queues.undelivered(device, bob.id)).toHaveLength(1);
    const next = world.client({}, alice.device);
    await until(() => world.app.queues.undelivered(device, bob.id).length === 0, 'the page to be acknowledged');
    expect(next.events.all('onRosterMessage')).toEqual([]);
    expect(next.client.rosterManage.getUnreadCount(bob.id)).toBe(1);
  });
});
