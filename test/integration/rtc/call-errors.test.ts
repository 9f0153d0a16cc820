// What `start` says when the server has no calls. The other side hears nothing.
import { afterEach, expect, test, vi } from 'vitest';
import { createClient } from '../../../src/entries/node.ts';
import type { FlooClient } from '../../../src/entries/node.ts';
import { calls } from '../../../src/rtc/index.ts';
import { openMemoryServer } from '../../../testkit/src/test-server.ts';
import { FakeConnection, stubBrowser } from '../../unit/rtc/fake-browser.ts';

const clients: FlooClient[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map(async (client) => client.dispose()));
  vi.unstubAllGlobals();
});

/** Alice has a camera and a browser with WebRTC. */
async function open(dns: { rtc?: 'absent' | 'empty' } = {}) {
  const { server, core } = openMemoryServer();
  const [alice, bob] = [server.addUser('alice'), server.addUser('bob')];
  server.befriend('alice', 'bob');
  core.controls.setDns(dns);
  const client = createClient({ ...server.clientOptions(), rtc: calls({ iceServers: [] }), logLevel: 'error' });
  clients.push(client);
  await client.login(alice.credentials);
  await server.settled();
  const devices = stubBrowser();
  const nothingIsLeft = async (): Promise<void> => {
    await server.clock.advance(70_000);
    expect([client.calls.current, FakeConnection.open(), devices.live()]).toEqual([null, [], []]);
    expect(bob.messages('alice')).toEqual([]);
  };
  return { client, bob, devices, nothingIsLeft, server };
}

test.each([{ rtc: 'absent' }, { rtc: 'empty' }] as const)('servers that name no media server: %o', async (dns) => {
  const { client, bob, devices, nothingIsLeft } = await open(dns);
  expect(client.calls.isSupported).toBe(true);
  await expect(client.calls.start({ uid: bob.id })).rejects.toMatchObject({ reason: 'ServerRtcNotOpen', code: 733 });
  // The user was not asked for a device.
  expect(devices.asked).toEqual([]);
  await nothingIsLeft();
});

test('a server that refuses signals', async () => {
  const { client, bob, nothingIsLeft } = await open();
  await expect(client.calls.start({ uid: bob.id })).rejects.toMatchObject({ reason: 'ServerRtcNotOpen', code: 733 });
  await nothingIsLeft();
});

test('a client without a connection', async () => {
  const { client, bob, server, nothingIsLeft } = await open();
  server.device('device').goOffline();
  await expect(client.calls.start({ uid: bob.id })).rejects.toMatchObject({ reason: 'ServerNotReachable' });
  await nothingIsLeft();
});

test.each([
  ['NotAllowedError', 'UserPermissionDenied', { device: 'microphone' }],
  ['NotFoundError', 'NotFound', { device: 'microphone' }],
  ['OverconstrainedError', 'NotFound', { device: 'microphone' }],
  ['NotReadableError', 'GeneralError', { device: 'microphone' }],
  ['AbortError', 'GeneralError', { device: 'microphone' }],
])('a device that gives %s: %s', async (name, reason, details) => {
  const { client, bob, devices, nothingIsLeft } = await open();
  // Some are tried once more.
  devices.failures.microphone.push(name, name);
  await expect(client.calls.start({ uid: bob.id })).rejects.toMatchObject({ reason, details, cause: { name } });
  await nothingIsLeft();
});
