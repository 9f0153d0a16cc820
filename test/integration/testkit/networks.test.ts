/** Networks that are slow, thin or silent, and devices that change them. */
import { expect, test } from 'vitest';
import { createTestServer } from '../../../testkit/src/index.ts';
import type { NetworkQuality } from '../../../testkit/src/index.ts';
import { openClient, openPair, shown } from './kit-client.ts';

const HOUR_MS = 3_600_000;

test('what arrives comes in a turn of its own: a login has resolved before the first page is there', async () => {
  const server = createTestServer();
  const [alice, bob] = [server.addUser('alice'), server.addUser('bob')];
  await bob.says('before', { to: 'alice' });
  const im = openClient(server.clientOptions());
  const order: string[] = [];
  im.on('onRosterMessage', () => void order.push('page'));
  await im.login(alice.credentials);
  order.push('login');
  await server.settled();
  expect(order).toEqual(['login', 'page']);
});

test('latency: each way takes so long, of one device only', async () => {
  const { server, im, bob } = await openPair();
  const other = openClient(server.clientOptions({ device: 'laptop' }));
  await other.login(server.user('alice').credentials);
  server.device('phone').setNetwork({ latencyMs: 400 });
  await bob.says('slow', { to: 'alice' });
  expect(shown(other, bob)).toEqual(['slow']);
  await server.clock.advance(1199);
  expect(shown(im, bob)).toEqual([]);
  await server.clock.advance(1);
  expect(shown(im, bob)).toEqual(['slow']);
});

test('bandwidth: what is sent shares the line, files too, and slow is not dead', async () => {
  const { server, im, bob } = await openPair();
  server.device('phone').setNetwork({ latencyMs: 400, bytesPerSecond: 8000 });
  const lost: unknown[] = [];
  im.on('disconnected', () => void lost.push(1));
  im.sysManage.sendRosterMessage({ uid: bob.id, content: 'x'.repeat(40_000) });
  im.sysManage.sendRosterMessage({ uid: bob.id, type: 'file', file: new Blob(['y'.repeat(16_000)]) });
  await server.clock.advance(5400);
  expect(bob.messages('alice')).toEqual([]);
  await server.clock.advance(10_000);
  expect(bob.messages('alice').map(({ content }) => content.length)).toEqual([40_000, 0]);
  expect(lost).toEqual([]);
});

test.each<NonNullable<NetworkQuality['silent']>>(['up', 'down', 'both'])(
  'silent %s: the socket looks open, is left by its heartbeat, and nothing is lost or there twice',
  async (silent) => {
    const { server, im, bob } = await openPair();
    const lost: number[] = [];
    im.on('disconnected', () => void lost.push(server.clock.now()));
    server.device('phone').setNetwork({ silent });
    const from = server.clock.now();
    await bob.says('not heard', { to: 'alice' });
    im.sysManage.sendRosterMessage({ uid: bob.id, content: 'said' });
    await server.settled();
    expect(lost).toEqual([]);
    await server.clock.advance(60_000);
    expect(lost[0]! - from).toBeGreaterThan(1000);
    server.device('phone').setNetwork({});
    await server.clock.advance(60_000);
    expect((await im.explain()).state.state).toBe('online');
    expect(shown(im, bob).sort()).toEqual(['not heard', 'said']);
    expect(bob.messages('alice')).toHaveLength(2);
  },
);

test('a request on a silent network fails when the client has waited long enough', async () => {
  const { server, im, bob } = await openPair();
  server.device('phone').setNetwork({ silent: 'down' });
  const failed = expect(im.rosterManage.asyncApply({ user_id: bob.id, alias: '' })).rejects.toThrow();
  await server.clock.advance(HOUR_MS / 60);
  await failed;
});

test('faults that are undone end no request but those that hang', async () => {
  const { server, im, bob } = await openPair();
  server.device('phone').setNetwork({ latencyMs: 100 });
  server.faults.failRest({ path: '/roster/apply', hang: true });
  const hangs = expect(im.rosterManage.asyncApply({ user_id: bob.id, alias: '' })).rejects.toThrow();
  await server.clock.advance(150);
  const travels = im.userManage.asyncGetProfile(true);
  await server.clock.advance(50);
  server.faults.clear();
  await hangs;
  await server.clock.advance(150);
  await travels;
});

test('another network: the socket of before is left soon, and the next one works', async () => {
  const { server, im, bob } = await openPair();
  const lost: number[] = [];
  im.on('disconnected', () => void lost.push(server.clock.now()));
  const from = server.clock.now();
  server.device('phone').changeNetwork();
  await bob.says('meanwhile', { to: 'alice' });
  expect(shown(im, bob)).toEqual([]);
  await server.clock.advance(10_000);
  expect(lost).toHaveLength(1);
  expect(lost[0]! - from).toBeLessThan(5000);
  expect(shown(im, bob)).toEqual(['meanwhile']);
});

test('an upload on a slow line reports its progress, and a canceled one moves nothing more', async () => {
  const { server, im, bob } = await openPair();
  server.faults.limitTransfers(1000);
  const progress: number[] = [];
  im.on('onUploadProgress', ({ percent }: { percent: number }) => void progress.push(percent));
  const mid = im.sysManage.sendRosterMessage({ uid: bob.id, type: 'file', file: new Blob(['x'.repeat(5000)]) });
  await server.clock.advance(2500);
  expect(progress.length).toBeGreaterThan(2);
  im.rosterManage.recallMessage(bob.id, mid);
  await server.settled();
  const until = progress.length;
  await server.clock.advance(10_000);
  expect(progress).toHaveLength(until);
  expect(bob.messages('alice')).toEqual([]);
});
