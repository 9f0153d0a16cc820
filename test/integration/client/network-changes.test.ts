/** The network and the page come and go, and servers that take long, with the times that apps have. */
import { expect, test } from 'vitest';
import { createMiniProgramLifecycle } from '../../../src/platform/mini-program/lifecycle.ts';
import { createMiniProgramSockets } from '../../../src/platform/mini-program/sockets.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';
import { linkedMember } from '../../support/linked-member.ts';
import type { LinkedMember } from '../../support/linked-member.ts';
import { createPhone } from '../../support/mini-program.ts';
import type { MiniProgramRun } from '../../support/mini-program.ts';

/** A busy machine takes its time. */
const SLACK_MS = 500;

/** Waits for a session. @returns how long it took, in ms */
async function back({ onlineAt }: LinkedMember, withinMs = 15_000): Promise<number> {
  const sessions = onlineAt.length;
  const start = Date.now();
  await until(() => onlineAt.length > sessions, 'the session', withinMs);
  return Date.now() - start;
}

test.each(['online', 'show'] as const)('%s after a long time without a network: back at once', async (event) => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await linkedMember(world, 'alice', {}, device);
  device.emit(event === 'online' ? 'offline' : 'hide');
  // Until the pauses are long.
  device.haste = 20;
  await alice.link.leave();
  await quiet(1500);
  await until(() => device.timers.size === 1, 'the retry to wait');
  device.haste = 1;
  await alice.link.comeBack();
  device.emit(event);
  expect(await back(alice)).toBeLessThan(SLACK_MS);
});

test('online while a try hangs on the network of before: the next one begins at once', async () => {
  const world = await startWorld();
  const alice = await linkedMember(world, 'alice');
  alice.link.freeze(true);
  alice.link.cut();
  const connections = alice.link.carried.connections;
  await until(() => alice.link.carried.connections > connections, 'a try');
  await quiet(100);
  alice.link.freeze(false);
  alice.device.emit('online');
  expect(await back(alice)).toBeLessThan(SLACK_MS);
  expect(alice.device.openSockets()).toBe(1);
});

test('a server that takes connections and says nothing is left after 10 s, and tried again at once', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await linkedMember(world, 'alice', {}, device);
  device.haste = 10;
  alice.link.freeze(true);
  alice.link.cut();
  const connections = alice.link.carried.connections;
  await until(() => alice.link.carried.connections === connections + 1, 'a try');
  const triedAt = Date.now();
  await until(() => alice.link.carried.connections === connections + 2, 'the next try');
  expect(Date.now() - triedAt).toBeLessThan(1000 + 100 + SLACK_MS);
  alice.link.freeze(false);
  // The try that hangs has lost what was sent on it.
  expect(await back(alice)).toBeLessThan(1000 + 200 + SLACK_MS);
  device.haste = 1;
});

test('a server that takes 3 s for each answer keeps its sessions, and messages arrive', async () => {
  const world = await startWorld();
  const [alice, bob] = [await linkedMember(world, 'alice', { transport: 'raw' }), await world.member('bob')];
  alice.device.haste = 10;
  world.server.admin.setDelay(300);
  for (let nth = 0; nth < 10; nth++) {
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: String(nth) });
    await quiet(300);
  }
  await bob.events.count('onRosterMessage', 10);
  expect(alice.lostAt).toEqual([]);
  alice.device.haste = 1;
});

test('a server that takes 8 s for each answer loses one session, and keeps the next ones', async () => {
  const world = await startWorld();
  const [alice, bob] = [await linkedMember(world, 'alice', { transport: 'raw' }), await world.member('bob')];
  alice.device.haste = 10;
  world.server.admin.setDelay(800);
  for (let nth = 0; nth < 10; nth++) {
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(nth) });
    await quiet(500);
  }
  await alice.events.count('onRosterMessage', 10);
  expect(alice.lostAt.length).toBeLessThanOrEqual(1);
  alice.device.haste = 1;
}, 20_000);

/** A member whose sockets and events are those of a mini-program. */
async function onPhone(world: World, device: Device): Promise<{ alice: LinkedMember; run: MiniProgramRun }> {
  const phone = createPhone();
  world.cleanup(() => phone.remove());
  const run = phone.launch();
  const { sockets, lifecycle } = {
    sockets: createMiniProgramSockets(run.api),
    lifecycle: createMiniProgramLifecycle(run.api),
  };
  Object.assign(device.platform, { sockets, lifecycle });
  return { alice: await linkedMember(world, 'alice', { transport: 'raw' }, device), run };
}

test('a mini-program whose sockets were closed while it was hidden is back when it is shown', async () => {
  const world = await startWorld();
  const device = createDevice();
  const { alice, run } = await onPhone(world, device);
  run.hide();
  device.haste = 20;
  await alice.link.leave();
  await quiet(1500);
  device.haste = 1;
  await alice.link.comeBack();
  run.show();
  expect(await back(alice)).toBeLessThan(SLACK_MS);
});

test('a mini-program is back at once when its network is, and soon when the network became another', async () => {
  const world = await startWorld();
  const device = createDevice();
  const { alice, run } = await onPhone(world, device);
  run.network(false);
  await until(() => alice.lostAt.length === 1, 'the loss');
  await quiet(1500);
  run.network(true);
  expect(await back(alice)).toBeLessThan(SLACK_MS);
  // From a WLAN to the mobile network: the socket is open, and nothing arrives on it.
  alice.link.freeze(true);
  run.network(true);
  const losses = alice.lostAt.length;
  const changedAt = Date.now();
  await until(() => alice.lostAt.length > losses, 'the loss', 10_000);
  alice.link.freeze(false);
  await back(alice);
  // The platform gets 3 s to close the socket of before.
  expect(Date.now() - changedAt).toBeLessThan(5000 + 3000 + 500 + SLACK_MS);
  expect(run.sockets.now).toBe(1);
}, 20_000);
