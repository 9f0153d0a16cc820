import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { decodeFrame, encodeFrame, FrameCommand, MessageBodyType, MetaNameSpace } from 'flooim/wire';
import type { DownFrame, Meta, SyncDown, SyncUp, UpFrame } from 'flooim/wire';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

type Answer = (request: UpFrame) => DownFrame | Uint8Array | undefined;

interface Between {
  /** Answers a request in the place of the server; undefined lets it through. */
  answer: Answer;
  /** Sends a frame to the client. */
  push(frame: DownFrame): void;
  /** Requests that were answered here. */
  asked: number;
  host: string;
}

/** A socket host in front of the dev server, which answers what the test wants. */
async function startBetween(world: World): Promise<Between> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const between: Between = {
    answer: () => undefined,
    push: (frame) => server.clients.forEach((socket) => socket.send(encodeFrame(frame, 'down'))),
    asked: 0,
    host: `127.0.0.1:${port}`,
  };
  server.on('connection', (socket) => {
    const upstream = new WebSocket(world.server.url.replace('http', 'ws'));
    const opened = new Promise((resolve) => upstream.once('open', resolve));
    upstream.on('message', (data) => socket.send(data));
    upstream.on('close', () => socket.close());
    socket.on('close', () => upstream.close());
    socket.on('message', (data: Buffer) => {
      const answer = between.answer(decodeFrame(new Uint8Array(data), 'up'));
      if (!answer) return void opened.then(() => upstream.send(data));
      between.asked++;
      socket.send(answer instanceof Uint8Array ? answer : encodeFrame(answer, 'down'));
    });
  });
  world.cleanup(() => {
    server.clients.forEach((socket) => socket.terminate());
    server.close();
  });
  return between;
}

async function start(): Promise<{ between: Between; alice: Member; bob: Member }> {
  const world = await startWorld();
  const between = await startBetween(world);
  const entry = (host: string): object => ({ protocol: 'http', host, ip_list: ['127.0.0.1'] });
  const clusters = [{ ratel: [entry(`127.0.0.1:${world.server.port}`)], webim: [entry(between.host)] }];
  const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters }] };
  const dns = await world.http((_request, response) => response.end(JSON.stringify({ code: 200, data })));
  const bob = await world.member('bob');
  const alice = await world.member('alice', { transport: 'raw', dnsServer: `http://${dns}/` });
  return { between, alice, bob };
}

const page = (payload: SyncDown): DownFrame => ({ command: FrameCommand.SYNC, payload });

/** The request for a page of this conversation. */
const syncOf = (frame: UpFrame, uid: string): SyncUp | undefined =>
  frame.command === FrameCommand.SYNC && !frame.payload?.meta && frame.payload?.xid?.uid === uid
    ? frame.payload
    : undefined;

const text = (id: number, from: string, to: string): Meta => ({
  ...{ id: String(id), from: { uid: from }, to: { uid: to }, timestamp: '1700000000000' },
  ...{ ns: MetaNameSpace.MESSAGE, payload: { type: MessageBodyType.CHAT, content: `old ${id}` } },
});

const sleep = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a server that goes on and brings nothing', () => {
  let step = 0;
  test.each<[string, (request: SyncUp, bob: Member, alice: Member) => SyncDown | undefined]>([
    ['D6: keys that grow for ever', () => ({ metas: [], next_key: String(++step) })],
    ['D6: keys A, B, A, B', () => ({ metas: [], next_key: String(1 + (++step % 2)) })],
    ['D6: one key', () => ({ metas: [], next_key: '7' })],
    ['D6: the same page', (_, bob, alice) => ({ metas: [text(5, bob.uid, alice.uid)], next_key: String(++step) })],
  ])('%s: is left, reported once, and asked again at a notice', async (_, answer) => {
    const { between, alice, bob } = await start();
    between.answer = (frame) => {
      const request = syncOf(frame, bob.uid);
      const payload = request && answer(request, bob, alice);
      return payload && page({ xid: { uid: bob.uid }, ...payload });
    };
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hidden' });
    await alice.events.next('flooError');
    await sleep(300);
    expect(between.asked).toBeLessThan(30);
    expect(alice.events.all('flooError')).toMatchObject([{ category: 'ServerResponseInvalid' }]);
    between.answer = () => undefined;
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'seen' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'hidden');
    await alice.events.next('onRosterMessage', ({ content }) => content === 'seen');
    expect(alice.events.all('reconnect')).toEqual([]);
  });

  test('D6: history that repeats beside a hole is left', async () => {
    const { between, alice, bob } = await start();
    between.answer = (frame) =>
      syncOf(frame, bob.uid)?.is_full_sync
        ? page({ xid: { uid: bob.uid }, is_full_sync: true, metas: [text(500, bob.uid, alice.uid)], next_key: '500' })
        : undefined;
    const push = (id: number, prev: string): void =>
      between.push(
        page({ xid: { uid: bob.uid }, metas: [text(id, bob.uid, alice.uid)], prev_mid: prev, next_key: '0' }),
      );
    push(100, '0');
    push(500, '400');
    await alice.events.count('onRosterMessage', 2);
    await sleep(500);
    expect(between.asked).toBeLessThan(40);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'live' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'live');
  });

  test('D6: notices in a loop, and lists that name a conversation for ever, are followed at a slowing pace', async () => {
    const { between, alice, bob } = await start();
    between.answer = (frame) => (syncOf(frame, bob.uid) ? page({ xid: { uid: bob.uid }, next_key: '0' }) : undefined);
    for (let round = 0; round < 100; round++) {
      between.push({ command: FrameCommand.NOTICE, payload: { xid: { uid: bob.uid } } });
      between.push({ command: FrameCommand.UNREAD, payload: { unread: [{ xid: { uid: bob.uid }, n: 1, type: 1 }] } });
      await sleep(5);
    }
    expect(between.asked).toBeLessThan(40);
    between.answer = () => undefined;
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'seen' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'seen');
  });

  test('D9: an answer that cannot be read ends its sync at once, and the others go on', async () => {
    const { between, alice, bob } = await start();
    between.answer = (frame) => (syncOf(frame, bob.uid) ? Uint8Array.of(0xff, 0xff) : undefined);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hidden' });
    await alice.events.next('flooError');
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'meanwhile' });
    await bob.events.next('onRosterMessage', ({ content }) => content === 'meanwhile');
    // Longer than the answer to a request may take.
    await sleep(1700);
    expect(alice.events.all('reconnect')).toEqual([]);
    expect(between.asked).toBeLessThan(10);
    between.answer = () => undefined;
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'seen' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'hidden');
  });

  test('a backlog of hundreds of pages comes at full speed', async () => {
    const { between, alice, bob } = await start();
    between.answer = (frame) => {
      const request = syncOf(frame, bob.uid);
      if (!request) return undefined;
      const key = Number(request.key ?? '0');
      return page({
        xid: { uid: bob.uid },
        metas: key < 300 ? [text(key + 1, bob.uid, alice.uid)] : [],
        next_key: key < 300 ? String(key + 1) : '0',
      });
    };
    between.push({ command: FrameCommand.NOTICE, payload: { xid: { uid: bob.uid } } });
    await alice.events.count('onRosterMessage', 300);
    expect(between.asked).toBeGreaterThanOrEqual(300);
    expect(alice.events.all('flooError')).toEqual([]);
  });
});
