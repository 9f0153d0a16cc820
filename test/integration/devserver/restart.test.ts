import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConversationOperationType, MessageBodyType, MessageOperationType, MetaNameSpace } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import { createDevServer } from 'flooim-devserver';
import type { Truth } from 'flooim-devserver';
import { expect, onTestFinished, test } from 'vitest';
import type { BareClient } from '../../support/bare-client.ts';
import { startRoom } from './harness.ts';
import type { Room, TestUser } from './harness.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flooim-restart-'));
  onTestFinished(async () => rm(path, { recursive: true }));
  return path;
}

/** Closes the room's server and starts one at the same address on the same data. */
async function restart(room: Room, dataDir: string): Promise<Room> {
  const { port, adminPort } = room.server;
  await room.server.close();
  return startRoom({ dataDir, port, adminPort });
}

const operation = (type: number, mid: string, conversation: number, body: IMessageBody = {}): IMessageBody => ({
  ...body,
  type: MessageBodyType.OPER,
  operation: { type, mid, xid: { uid: String(conversation) } },
});

interface Pair {
  readonly alice: TestUser;
  readonly bob: TestUser;
  readonly phone: BareClient;
  readonly desk: BareClient;
}

/** Alice with one device and bob with one. */
async function startPair(room: Room): Promise<Pair> {
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  return { alice, bob, phone: await alice.device(), desk: await bob.device() };
}

async function sendTexts(from: BareClient, to: TestUser, count: number): Promise<string[]> {
  const mids: string[] = [];
  for (let index = 1; index <= count; index++) mids.push((await from.text(to.id, `text ${index}`)).server_mid!);
  return mids;
}

test('messages have the same ids, edits, read marks and gaps, and ids continue', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir });
  const { alice, bob, phone, desk } = await startPair(room);
  const mids = await sendTexts(phone, bob, 6);
  await phone.send(
    bob.id,
    operation(MessageOperationType.REPLACE, mids[0]!, bob.id, { content: 'edited', ext: '{"a":1}' }),
  );
  await phone.send(bob.id, operation(MessageOperationType.APPEND, mids[0]!, bob.id, { ext: '{"b":2}' }));
  await phone.send(bob.id, operation(MessageOperationType.RECALL, mids[1]!, bob.id));
  await desk.send(bob.id, operation(MessageOperationType.READ_ALL, mids[3]!, alice.id));
  await desk.send(bob.id, operation(MessageOperationType.READ_CANCEL, mids[2]!, alice.id));
  await desk.send(bob.id, operation(MessageOperationType.DELETE, mids[3]!, alice.id));
  await desk.send(alice.id, operation(MessageOperationType.READ_ACK, mids[4]!, alice.id));
  await desk.send(alice.id, operation(MessageOperationType.DELIVER_ACK, mids[5]!, alice.id));
  const before = room.server.admin.truth();
  const history = await desk.history(alice.id, '0', 20);

  const next = await restart(room, dataDir);
  expect(next.server.admin.truth()).toEqual(before);
  const again = await bob.device();
  expect(await again.history(alice.id, '0', 20)).toEqual(history);
  const read = next.server.admin.truth({ uid: bob.id }).users[0]!.conversations[0]!;
  expect(read.messages.map(({ id, body }) => [id, body.content, body.ext])).toEqual([
    [mids[0], 'edited', '{"a":1,"b":2}'],
    [mids[2], 'text 3', undefined],
    [mids[4], 'text 5', undefined],
    [mids[5], 'text 6', undefined],
  ]);
  expect(read.unread).toBe(2);
  const phoneAgain = await alice.device();
  const { server_mid } = await phoneAgain.send(bob.id, { type: MessageBodyType.CHAT, content: 'later' }, '99');
  const ids = before.users
    .flatMap(({ devices }) => devices)
    .flatMap(({ queues }) => queues.flatMap(({ undelivered }) => undelivered));
  expect(BigInt(server_mid!)).toBeGreaterThan(ids.map(BigInt).reduce((a, b) => (a > b ? a : b)));
});

test('a device goes on where it was: position, sent mids, conversations that it or its user deleted', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir, pageSize: 2 });
  const { alice, bob, phone, desk } = await startPair(room);
  await phone.send(bob.id, { type: MessageBodyType.CHAT, content: 'once' }, '77');
  await sendTexts(phone, bob, 4);
  const first = await desk.sync(alice.id);
  await desk.sync(alice.id, first.next_key);
  await phone.sendMeta({
    id: '78',
    ns: MetaNameSpace.CONVERSATION,
    payload: { operation: { type: ConversationOperationType.DELETE, xid: { uid: String(bob.id) } } },
  });

  const next = await restart(room, dataDir);
  const again = await bob.device();
  expect(again.deviceSN).toBe(desk.deviceSN);
  expect(await again.unread()).toEqual({ [alice.id]: 3 });
  expect((await again.sync(alice.id)).metas).toHaveLength(3);
  const phoneAgain = await alice.device();
  expect(await phoneAgain.unread()).toEqual({});
  const twice = await phoneAgain.send(bob.id, { type: MessageBodyType.CHAT, content: 'once' }, '77');
  expect(twice.status).toMatchObject({ reason: 'client msg id duplicated' });
  await again.sendMeta({
    id: '79',
    ns: MetaNameSpace.CONVERSATION,
    payload: { operation: { type: ConversationOperationType.DELETE_EVERYWHERE, xid: { uid: String(alice.id) } } },
  });
  const last = await restart(next, dataDir);
  const messagesOf = ({ users }: Truth): number[] =>
    users.map(({ conversations }) => conversations[0]!.messages.length);
  expect(messagesOf(last.server.admin.truth())).toEqual([5, 0]);
});

test('a revoked token stays revoked, and a valid one valid', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir });
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  room.server.admin.revokeToken({ uid: bob.id });
  await restart(room, dataDir);
  expect(await alice.get('/user/profile')).toMatchObject({ code: 200 });
  expect(await bob.get('/user/profile')).toMatchObject({ code: 402 });
});

test('only an empty folder is seeded; reset empties it for good and ids continue', async () => {
  const dataDir = await folder();
  const usersOf = (room: Room): [string, number][] =>
    room.server.admin.truth().users.map(({ username, id }) => [username, id]);
  const first = await startRoom({ dataDir, seed: 'demo' });
  const dave = await first.user('dave');
  const users = usersOf(first);
  await first.server.close();
  const second = await startRoom({ dataDir, seed: 'demo' });
  expect(usersOf(second)).toEqual(users);
  second.server.admin.reset();
  const seeded = usersOf(second);
  expect(seeded.map(([name]) => name)).toEqual(['alice', 'bob', 'carol']);
  expect(seeded[0]![1]).toBeGreaterThan(dave.id);
  await second.server.close();
  const third = await startRoom({ dataDir, seed: 'demo' });
  expect(usersOf(third)).toEqual(seeded);
});

test('a second server on a folder is refused, and the folder is free when the first is closed', async () => {
  const dataDir = await folder();
  const room = await startRoom({ dataDir });
  await expect(createDevServer({ dataDir })).rejects.toThrow(
    `cannot open the data in ${dataDir}: another server uses it`,
  );
  await room.server.close();
  // A port that is taken must leave the folder free.
  const other = await startRoom();
  await expect(createDevServer({ dataDir, adminPort: other.server.port })).rejects.toThrow('EADDRINUSE');
  await startRoom({ dataDir });
});

test('DNS and file URLs name the hosts that stand before the server', async () => {
  const dnsHosts = ['127.0.0.1:5001', '127.0.0.1:5002'];
  const room = await startRoom({ dnsHosts, publicUrl: 'http://127.0.0.1:5001' });
  const hosts = dnsHosts.map((host) => expect.objectContaining({ host }));
  room.server.admin.setDns({ extraHosts: ['127.0.0.1:2'] });
  const { data } = await room.rest('/v2/app_dns', { query: { app_id: 'any' } });
  expect(data.dns_list[0].clusters).toEqual([
    expect.objectContaining({ ratel: [expect.objectContaining({ host: '127.0.0.1:2' }), ...hosts] }),
  ]);
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const { data: target } = await alice.get('/file/upload/chat', { file_type: 102, to_id: bob.id, to_type: 1 });
  expect([target.upload_url, target.download_url]).toEqual([
    expect.stringMatching('^http://127.0.0.1:5001/upload/'),
    expect.stringMatching('^http://127.0.0.1:5001/file/'),
  ]);
});
