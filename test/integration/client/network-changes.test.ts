/** The network and the page come and go, and servers that take long, with the times that apps have. */
import { expect, test } from 'vitest';
import { startWorld } from '../../support/virtual-world.ts';
import type { FarMember, VirtualWorld } from '../../support/virtual-world.ts';

/** Of a device that is woken: it looks around before it tries. */
const AT_ONCE_MS = 500;

/** Waits for a session. @returns how long it took, in ms */
async function back({ time }: VirtualWorld, { onlineAt }: FarMember): Promise<number> {
  const sessions = onlineAt.length;
  const start = time.now();
  await time.until(() => onlineAt.length > sessions, 'the session', 15_000);
  return onlineAt[sessions]! - start;
}

test.each(['online', 'show'] as const)('%s after a long time without a network: back at once', async (event) => {
  const world = await startWorld();
  const alice = await world.far('alice');
  alice.device.emit(event === 'online' ? 'offline' : 'hide');
  alice.link.leave();
  // Until the pauses are long.
  await world.time.pass(30_000);
  alice.link.comeBack();
  alice.device.emit(event);
  expect(await back(world, alice)).toBeLessThan(AT_ONCE_MS);
});

test('online while a try hangs on the network of before: the next one begins at once', async () => {
  const world = await startWorld();
  const alice = await world.far('alice');
  const { link } = alice;
  link.freeze(true);
  link.cut();
  const { tries } = link;
  await world.time.until(() => link.tries > tries, 'a try');
  await world.time.pass(100);
  link.freeze(false);
  alice.device.emit('online');
  expect(await back(world, alice)).toBeLessThan(AT_ONCE_MS);
  expect(alice.device.openSockets()).toBe(1);
});

test('a server that takes connections and says nothing is left after 10 s, and tried again at once', async () => {
  const world = await startWorld();
  const alice = await world.far('alice');
  const { link } = alice;
  link.freeze(true);
  link.cut();
  const { tries } = link;
  await world.time.until(() => link.tries === tries + 1, 'a try');
  const triedAt = world.time.now();
  await world.time.until(() => link.tries === tries + 2, 'the next try', 15_000);
  expect(world.time.now() - triedAt).toBeLessThan(10_000 + 1000);
  link.freeze(false);
  // The try that hangs has lost what was sent on it.
  expect(await back(world, alice)).toBeLessThan(10_000 + 2000);
});

test('a server that takes 3 s for each answer keeps its sessions, and messages arrive', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.far('alice'), await world.far('bob')];
  world.server.admin.setDelay(3000);
  for (let nth = 0; nth < 10; nth++) {
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: String(nth) });
    await world.time.pass(3000);
  }
  await world.time.during(bob.events.count('onRosterMessage', 10), 60_000);
  expect(alice.lostAt).toEqual([]);
});

test('a server that takes 8 s for each answer loses one session, and keeps the next ones', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.far('alice'), await world.far('bob')];
  world.server.admin.setDelay(8000);
  for (let nth = 0; nth < 10; nth++) {
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(nth) });
    await world.time.pass(5000);
  }
  await world.time.during(alice.events.count('onRosterMessage', 10), 120_000);
  expect(alice.lostAt.length).toBeLessThanOrEqual(1);
});
