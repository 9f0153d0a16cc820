import { describe, expect, test } from 'vitest';
import { createDevServer, DEMO_PASSWORD } from 'flooim-devserver';
import { FrameCommand } from 'flooim/wire';
import { quiet, until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';
import { temporaryDirectory } from '../../support/data-dir.ts';

const provisions = ({ server }: World): number =>
  server.admin.receivedFrames().filter(({ frame }) => frame?.command === FrameCommand.PROVISION).length;

describe.each(['socket.io', 'raw'] as const)('over %s', (transport) => {
  test.each([false, true])('a cut socket (in the middle of a frame: %s) is replaced', async (midFrame) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', { transport }), await world.member('bob')];
    expect(world.server.admin.dropSockets({ uid: alice.id, midFrame })).toBe(1);
    expect((await alice.events.next('reconnect')).reason).toMatch(/./);
    // Written while nobody is connected.
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'meanwhile' });
    expect(alice.client.isLogin()).toBe(true);
    await alice.events.next('loginSuccess');
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'meanwhile' });
    const names = alice.events.heard.map(({ name }) => name);
    expect(names.indexOf('reconnect')).toBeLessThan(names.lastIndexOf('loginSuccess'));
    expect(alice.events.all('loginFail')).toEqual([]);
    expect(alice.events.all('flooError')).toEqual([]);
    expect(world.server.admin.connections().filter(({ uid }) => uid === alice.id)).toHaveLength(1);
  });

  test('many cuts leave exactly one connection; no message is lost or emitted twice', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice', { transport }), await world.member('bob', { transport })];
    for (let i = 0; i < 12; i++) {
      bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(i) });
      world.server.admin.dropSockets({ midFrame: i % 2 === 0 });
      await quiet(Math.random() * 30);
    }
    const received = await alice.events.count('onRosterMessage', 12);
    expect(received.map(({ content }) => content)).toEqual(Array.from({ length: 12 }, (_, i) => String(i)));
    await until(() => world.server.admin.connections().length === 2, 'both to be back');
    await quiet(100);
    expect(
      world.server.admin
        .connections()
        .map(({ uid }) => uid)
        .sort(),
    ).toEqual([alice.id, bob.id]);
    expect(alice.device.openSockets()).toBe(1);
    expect(alice.events.all('onRosterMessage')).toHaveLength(12);
  });

  test('a half-open socket is detected by its silence after a heartbeat', async () => {
    const world = await startWorld();
    const device = createDevice();
    const alice = await world.member('alice', { transport, answerTimeoutMs: 20_000, connectTimeoutMs: 20_000 }, device);
    // The answer to the first heartbeat is a sign of life, too.
    await quiet(50);
    // Heartbeats of 50 s, and answers within 20 s, in milliseconds.
    world.server.admin.stall({ uid: alice.id, on: true });
    device.haste = 200;
    device.emit('show');
    expect((await alice.events.next('reconnect')).reason).toMatch(/silent|ping-timeout/);
    device.haste = 1;
    await alice.events.next('loginSuccess');
    world.server.admin.dropSockets();
  });

  test('a socket is probed when the page or the network comes back', async () => {
    const world = await startWorld();
    const alice = await world.member('alice', { transport });
    const { device } = alice;
    device.emit('hide');
    device.emit('show');
    device.emit('online');
    await quiet(50);
    expect(alice.events.all('reconnect')).toEqual([]);
    expect(provisions(world)).toBe(1);
    world.server.admin.stall({ uid: alice.id, on: true });
    device.haste = 100;
    device.emit('online');
    device.haste = 1;
    expect((await alice.events.next('reconnect')).reason).toMatch(/silent/);
    await alice.events.next('loginSuccess');
  });
});

test('Engine.IO’s own heartbeat detects a half-open socket and keeps a quiet one', async () => {
  const world = await startWorld({ pingIntervalMs: 100, pingTimeoutMs: 150 });
  const three = await world.member('alice', { engine: 3 });
  const four = await world.member('bob', { engine: 4 });
  // Longer than a missing heartbeat goes unnoticed: interval plus timeout.
  await quiet(300);
  expect([three, four].map(({ events }) => events.all('reconnect'))).toEqual([[], []]);
  world.server.admin.stall({ on: true });
  for (const { events } of [three, four]) {
    expect((await events.next('reconnect')).reason).toMatch(/^ping-timeout/);
    await events.next('loginSuccess');
  }
});

test('a send without an answer detects a half-open socket', async () => {
  const world = await startWorld();
  const [alice, bob] = [
    await world.member('alice', { transport: 'raw', answerTimeoutMs: 200 }),
    await world.member('bob'),
  ];
  world.server.admin.stall({ uid: alice.id, on: true });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
  expect((await alice.events.next('reconnect')).reason).toMatch(/not answered/);
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'x' });
  await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  await quiet(30);
  expect(bob.events.all('onRosterMessage')).toHaveLength(1);
});

test('a sync without an answer is repeated on another socket', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice', { answerTimeoutMs: 200 }), await world.member('bob')];
  world.server.admin.dropAnswers({ command: 'sync', count: 1 });
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'x' });
  await alice.events.next('reconnect');
  expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'x' });
  await quiet(30);
  expect(alice.events.all('onRosterMessage')).toHaveLength(1);
});

test('a socket that closes while its page is stored has no later effect', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice', { answerTimeoutMs: 250 }), await world.member('bob')];
  for (const mode of ['off', 'page'] as const) {
    world.server.admin.pushEager(mode);
    alice.device.commit = async (store, batch) => {
      alice.device.commit = async (later, writes) => later.commit(writes);
      world.server.admin.dropSockets({ uid: alice.id });
      await quiet(30);
      await store.commit(batch);
    };
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: mode });
    expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: mode });
    await alice.events.next('loginSuccess');
    const lost = alice.events.all('reconnect').length;
    // Longer than a sync may stay without an answer.
    await quiet(300);
    expect(alice.events.all('reconnect'), mode).toHaveLength(lost);
    expect(world.app.queues.undelivered(world.app.devices.of(alice.id)[0]!, bob.id)).toEqual([]);
  }
  expect(alice.events.all('onRosterMessage')).toHaveLength(2);
});

test('the client reconnects when the server restarts on the same port', async () => {
  const world = await startWorld();
  const dataDir = temporaryDirectory(world);
  const first = await createDevServer({ dataDir, seed: 'demo' });
  const { port } = first;
  const { client, events, device } = world.client({ dnsServer: first.dnsUrl, requestTimeoutMs: 300 });
  await client.login({ name: 'alice', password: DEMO_PASSWORD });
  events.skip();
  const before = device.delays.length;
  await first.close();
  await events.next('reconnect');
  const waits = (): number => device.delays.slice(before).filter((delayMs) => delayMs < 40).length;
  await until(() => waits() > 2, 'the third retry');
  expect(client.isLogin()).toBe(true);
  expect(events.all('loginFail')).toEqual([]);

  const second = await createDevServer({ dataDir, port });
  world.cleanup(async () => {
    await client.dispose();
    await second.close();
  });
  await events.next('loginSuccess');
  expect(client.isLogin()).toBe(true);
  expect(second.admin.connections()).toHaveLength(1);
});

describe('there is no reconnect', () => {
  test.each(['logout', 'disConnect', 'dispose'] as const)('after %s', async (end) => {
    const world = await startWorld();
    const { client, events, device } = await world.member('alice');
    await client[end]();
    await until(() => world.server.admin.connections().length === 0, 'the socket to close');
    device.emit('online');
    device.emit('show');
    await quiet(120);
    expect(world.server.admin.connections()).toEqual([]);
    expect(device.openSockets()).toBe(0);
    expect(provisions(world)).toBe(1);
    expect(events.all('reconnect')).toEqual([]);
    expect([...device.timers.values()]).toEqual([]);
  });

  test.each(['logout', 'disConnect', 'dispose'] as const)('after %s while waiting to reconnect', async (end) => {
    const world = await startWorld();
    const { client, events, device } = await world.member('alice', { backoff: { baseMs: 100, capMs: 100 } });
    world.server.admin.dropSockets();
    await events.next('reconnect');
    await client[end]();
    // The store puts what waits on the disk, also while nobody is online.
    await quiet(60);
    expect([...device.timers.values()]).toEqual([]);
    device.emit('online');
    await quiet(150);
    expect(provisions(world)).toBe(1);
  });
});

describe('the network or the page comes back while a retry waits', () => {
  test.each(['online', 'show'] as const)('%s: it connects at once', async (event) => {
    const world = await startWorld();
    const device = createDevice();
    const { events } = await world.member('alice', { backoff: { baseMs: 60_000, capMs: 60_000 } }, device);
    world.server.admin.dropSockets();
    await events.next('reconnect');
    await until(() => device.timers.size === 1, 'the retry to wait');
    const start = Date.now();
    device.emit(event);
    await events.next('loginSuccess');
    expect(Date.now() - start).toBeLessThan(1000);
  });

  test.each(['offline', 'hide'] as const)('%s changes nothing', async (event) => {
    const world = await startWorld();
    const { client, events, device } = await world.member('alice');
    device.emit(event);
    await quiet(30);
    expect(client.isLogin()).toBe(true);
    expect(events.all('reconnect')).toEqual([]);
  });
});

test('retries become slower for a server that accepts and drops at once', async () => {
  const world = await startWorld();
  const device = createDevice();
  Object.assign(device.platform, { random: () => 0.99 });
  const { events } = await world.member('alice', { backoff: { baseMs: 8, capMs: 1000 } }, device);
  // The session is dropped before anything was synced.
  world.server.admin.dropAnswers({ command: 'unread', count: 100 });
  device.delays.length = 0;
  for (let i = 0; i < 5; i++) {
    world.server.admin.dropSockets();
    await events.next('loginSuccess');
  }
  const waits = device.delays.filter((delayMs) => delayMs < 1000);
  expect(waits).toEqual([7, 15, 31, 63, 127]);
  // Once it answers, the next loss is met quickly again.
  world.server.admin.clearFaults();
  world.server.admin.dropSockets();
  await events.next('loginSuccess');
  await until(() => world.server.admin.receivedFrames().at(-1)?.frame?.command === FrameCommand.UNREAD, 'UNREAD');
  await quiet(30);
  device.delays.length = 0;
  world.server.admin.dropSockets();
  await events.next('loginSuccess');
  expect(device.delays.filter((delayMs) => delayMs < 1000)).toEqual([7]);
});

test('heartbeats are sent while logged in', async () => {
  const world = await startWorld();
  const device = createDevice();
  device.haste = 1000;
  // Raw: pings of Engine.IO would be as hasty.
  const options = { transport: 'raw', answerTimeoutMs: 1_000_000, connectTimeoutMs: 1_000_000 } as const;
  const { id } = await world.member('alice', options, device);
  const unreads = (): number =>
    world.server.admin.receivedFrames({ uid: id }).filter(({ frame }) => frame?.command === FrameCommand.UNREAD).length;
  await until(() => unreads() >= 4, 'four heartbeats');
  expect(provisions(world)).toBe(1);
});
