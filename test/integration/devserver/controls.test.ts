import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FrameCommand, StatusErrorCode, UserNoticeType } from 'flooim/wire';
import type { BareClient } from '../../support/bare-client.ts';
import { startRoom } from './harness.ts';
import type { Room, TestUser } from './harness.ts';

/** How long a test waits to see that nothing is sent. A local answer takes a few ms. */
const SILENCE_MS = 100;

async function pair(room: Room): Promise<{ alice: TestUser; bob: TestUser; a: BareClient; b: BareClient }> {
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  return { alice, bob, a: await alice.device(), b: await bob.device('b', 'socket.io') };
}

async function isSilent(client: BareClient): Promise<boolean> {
  const before = client.inbox.length;
  await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  return client.inbox.length === before && !client.isClosed;
}

test('sockets are cut for one user, for all, and in the middle of a frame', async () => {
  const room = await startRoom();
  const { server } = room;
  const { alice, a, b } = await pair(room);
  expect(server.admin.dropSockets({ uid: alice.id, midFrame: true })).toBe(1);
  await a.closed;
  expect(b.isClosed).toBe(false);
  expect(server.admin.dropSockets()).toBe(1);
  await b.closed;
  expect(server.admin.connections()).toEqual([]);
});

test.each(['raw', 'socket.io'] as const)(
  'a stalled %s connection is open and silent, then goes on',
  async (transport) => {
    const { server, user } = await startRoom({ pingIntervalMs: 50, pingTimeoutMs: 1000 });
    const alice = await user('alice');
    const a = await alice.device('a', transport);
    expect(server.admin.stall({ uid: String(alice.id), on: true })).toBe(1);
    a.sendFrame({ command: FrameCommand.UNREAD });
    expect(await isSilent(a)).toBe(true);
    server.admin.stall({ on: false });
    expect((await a.next()).command).toBe(FrameCommand.UNREAD);
  },
);

test('new connections can be held at the handshake', async () => {
  const { server } = await startRoom();
  server.admin.stall({ on: true, alsoNew: true });
  const socket = new WebSocket(server.url.replace('http', 'ws'));
  const failed = new Promise<void>((resolve) => socket.on('error', () => resolve()));
  await new Promise((resolve) => setTimeout(resolve, SILENCE_MS));
  expect(socket.readyState).toBe(WebSocket.CONNECTING);
  server.admin.stall({ on: false });
  await failed;
});

test('an answer is dropped, but its request is performed', async () => {
  const room = await startRoom();
  const { bob, a } = await pair(room);
  room.server.admin.dropAnswers({ count: 1, command: 'send' });
  a.sendFrame({
    command: 1,
    payload: { meta: { id: '5', to: { uid: String(bob.id) }, ns: 1, payload: { type: 2, content: 'lost ack' } } },
  });
  expect(await a.unread()).toMatchObject({ [bob.id]: 0 });
  expect(await isSilent(a)).toBe(true);
  const again = await a.send(bob.id, { type: 2, content: 'lost ack' }, '5');
  expect(again.status?.reason).toBe('client msg id duplicated');
});

test('pages are sent twice, reversed or late', async () => {
  const room = await startRoom();
  const { alice, bob, a, b } = await pair(room);
  for (const content of ['1', '2']) await a.text(bob.id, content);
  room.server.admin.duplicatePages(1);
  room.server.admin.reversePages(true);
  const page = await b.sync(alice.id);
  expect(page.metas).toMatchObject([{ payload: { content: '2' } }, { payload: { content: '1' } }]);
  expect(await b.nextSync()).toEqual(page);
  room.server.admin.setDelay(100);
  const start = Date.now();
  const answers = [b.unread(), b.sync(alice.id, page.next_key)];
  await Promise.all(answers);
  expect(Date.now() - start).toBeGreaterThanOrEqual(95);
});

test('items are pushed as pages or one by one instead of Notice frames', async () => {
  const room = await startRoom();
  const { alice, bob, a, b } = await pair(room);
  const first = await a.text(bob.id, '1');
  await b.nextNotice(alice.id);
  room.server.admin.pushEager(true);
  await a.text(bob.id, '2');
  const page = await b.nextSync();
  expect(page).toMatchObject({
    is_eager_sync: true,
    metas: [{ payload: { content: '1' } }, { payload: { content: '2' } }],
  });
  expect(page.next_key).not.toBe('0');
  room.server.admin.pushEager('item');
  const third = await a.text(bob.id, '3');
  const item = await b.nextSync();
  expect(item).toMatchObject({ is_eager_sync: true, next_key: '0', metas: [{ id: third.server_mid }] });
  expect(BigInt(item.prev_mid!)).toBeGreaterThan(BigInt(first.server_mid!));
});

test('a kick and other notices reach a user', async () => {
  const room = await startRoom();
  const { alice, bob, a, b } = await pair(room);
  room.server.admin.kick({ uid: alice.id, type: UserNoticeType.KICKED_BY_OTHER_DEVICE });
  expect((await a.nextSync()).metas).toMatchObject([{ payload: { type: UserNoticeType.KICKED_BY_OTHER_DEVICE } }]);
  await a.closed;
  await b.syncAll(0);
  room.server.admin.kick({ uid: bob.id, type: UserNoticeType.DNS_UPDATE, content: 'c' });
  await b.nextNotice(0);
  expect(await b.syncAll(0)).toMatchObject([{ payload: { type: UserNoticeType.DNS_UPDATE, content: 'c' } }]);
});

test('provisions and sends are refused with any status, a given number of times', async () => {
  const { server, user, open } = await startRoom();
  const [alice, bob] = [await user('alice'), await user('bob')];
  server.admin.refuseProvision({ code: StatusErrorCode.TOO_MANY_DEVICES, reason: 'too many', count: 1 });
  const client = await open();
  const login = { xid: { uid: String(alice.id) }, token: alice.token, device_guid: 'a' };
  expect((await client.provision(login)).status).toMatchObject({
    code: StatusErrorCode.TOO_MANY_DEVICES,
    reason: 'too many',
  });
  expect((await client.provision(login)).status?.code).toBe(StatusErrorCode.OK);
  server.admin.refuseSend({ code: StatusErrorCode.WORD_CENSORED });
  expect((await client.text(bob.id, 'x')).status?.code).toBe(StatusErrorCode.WORD_CENSORED);
  expect((await client.text(bob.id, 'x')).status?.code).toBe(StatusErrorCode.OK);
});

describe('REST and DNS faults', () => {
  test('a path fails by code or by HTTP status, a given number of times, or hangs', async () => {
    const { server, user } = await startRoom();
    const alice = await user('alice');
    server.admin.failRest({ path: '/roster/list', code: 40003 });
    expect(await alice.get('/roster/list')).toMatchObject({ code: 40003 });
    expect(await alice.get('/roster/list')).toMatchObject({ code: 200 });
    server.admin.failRest({ path: '/v2/*', httpStatus: 503 });
    expect((await fetch(`${server.dnsUrl}?app_id=a`)).status).toBe(503);
    server.admin.failRest({ path: '/user/profile', hang: true });
    const hanging = alice.get('/user/profile');
    const winner = await Promise.race([hanging, new Promise((resolve) => setTimeout(resolve, SILENCE_MS, 'timeout'))]);
    expect(winner).toBe('timeout');
    server.admin.clearFaults();
    await expect(hanging).rejects.toThrow();
  });

  test('a DNS answer lists dead hosts first, or another app status', async () => {
    const { server } = await startRoom();
    const ask = async () => (await (await fetch(`${server.dnsUrl}?app_id=a`)).json()).data;
    const dead = '127.0.0.1:9';
    const own = `127.0.0.1:${server.port}`;
    server.admin.setDns({
      extraHosts: { webim: [dead] },
      clusters: [{ ratel: [dead], webim: [dead] }],
      app_status: 'frozen',
    });
    const { app_status, dns_list } = await ask();
    expect(app_status).toBe('frozen');
    expect(dns_list[0].clusters).toMatchObject([
      { ratel: [{ host: dead }], webim: [{ host: dead }], rtc: [{ host: own }] },
      { ratel: [{ host: own }], webim: [{ host: dead }, { host: own }] },
    ]);
    server.admin.setDns({});
    expect((await ask()).dns_list[0].clusters).toHaveLength(1);
  });
});

test('the admin API offers the controls by HTTP', async () => {
  const { server, user } = await startRoom();
  const alice = await user('alice');
  const a = await alice.device();
  const call = async (name: string, body?: object) => {
    const response = await fetch(`${server.adminUrl}/${name}`, {
      method: 'POST',
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.json();
  };
  expect(await call('connections')).toEqual({ ok: true, result: [{ uid: alice.id, deviceSN: 1, transport: 'raw' }] });
  expect(await call('receivedFrames', { uid: alice.id })).toMatchObject({ ok: true, result: [] });
  await a.unread();
  expect(await call('receivedFrames', { uid: alice.id })).toMatchObject({
    result: [{ uid: alice.id, frame: { command: 0 } }],
  });
  expect(await call('sendBytes', { uid: String(alice.id), bytes: Buffer.of(0x18, 0).toString('base64') })).toEqual({
    ok: true,
    result: 1,
  });
  await a.next(({ command }) => command === FrameCommand.UNREAD);
  expect(await call('kick', { uid: 5, type: 3 })).toMatchObject({ ok: false });
  expect(await call('dropSockets')).toEqual({ ok: true, result: 1 });
  await a.closed;
});

test('reset deletes users and faults, seeds again, and never reuses an id', async () => {
  const { server, user } = await startRoom({ seed: 'demo' });
  const alice = server.data.app('welovemaxim').users.byName('alice')!;
  const old = await user('dave');
  const device = await old.device();
  server.admin.failRest({ path: '*', count: 5 });
  server.admin.reset();
  await device.closed;
  expect(await old.get('/user/profile')).toMatchObject({ code: 10008 });
  expect(server.admin.receivedFrames()).toEqual([]);
  expect(server.data.app('welovemaxim').users.byName('alice')!.id).toBeGreaterThan(alice.id);
});

test('engine.io 4 clients are served, too', async () => {
  const { server } = await startRoom({ pingIntervalMs: 60 });
  const socket = new WebSocket(`ws://127.0.0.1:${server.port}/socket.io/?EIO=4&transport=websocket`);
  const received: (string | Buffer)[] = [];
  const enough = new Promise<void>((resolve) =>
    socket.on('message', (data, isBinary) => {
      received.push(isBinary ? (data as Buffer) : String(data));
      if (String(data).startsWith('0')) socket.send('40');
      if (String(data).startsWith('40')) {
        socket.send('451-["frame",{"_placeholder":true,"num":0}]');
        socket.send(Buffer.of(0x18, 0));
      }
      if (received.includes('2') && isBinary) resolve();
      if (String(data) === '2' && received.some((one) => one instanceof Buffer)) resolve();
    }),
  );
  await enough;
  expect(received.some((one) => typeof one === 'string' && one.startsWith('451-["frame"'))).toBe(true);
  socket.close();
});

test('close ends sockets and listeners and can be called twice', async () => {
  const room = await startRoom();
  const { a, b } = await pair(room);
  await room.server.close();
  await Promise.all([a.closed, b.closed, room.server.close()]);
  await expect(fetch(room.server.url)).rejects.toThrow();
});
