import { expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { startWorld } from '../../support/virtual-world.ts';
import type { VirtualWorld } from '../../support/virtual-world.ts';

const HOUR_MS = 3_600_000;

/** Times that a clock shows. */
const TIMES = {
  now: ({ time }: VirtualWorld) => time.now(),
  1970: () => 1000,
  yesterday: ({ time }: VirtualWorld) => time.now() - 24 * HOUR_MS,
  tomorrow: ({ time }: VirtualWorld) => time.now() + 24 * HOUR_MS,
};

/** Sets the clock of a device. Its timers are right. */
function setClock(world: VirtualWorld, { platform }: Device, time: keyof typeof TIMES): void {
  const shift = TIMES[time](world) - world.time.now();
  Object.assign(platform.clock, { now: () => world.time.now() + shift });
}

const kinds = {
  text: { content: 'patient' },
  file: { file: new Blob(['patient']) },
};

test.each([
  ['at 1970 and corrected', 'text', 1970, 'now'],
  ['at 1970 and corrected', 'file', 1970, 'now'],
  ['set back a day', 'text', 'now', 'yesterday'],
  ['set back to 1970', 'file', 'now', 1970],
  ['set forward a day', 'text', 'now', 'tomorrow'],
] as const)(
  'C6: while the clock is %s, a %s that waits is sent once and does not expire',
  async (_, kind, before, after) => {
    const world = await startWorld();
    const device = createDevice();
    const alice = await world.member('alice', { sendExpiryMs: HOUR_MS }, device);
    const bob = await world.member('bob');
    alice.client.disConnect();
    setClock(world, device, before);
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, ...kinds[kind] });
    // Less than the limit, by the timers.
    await world.time.pass(HOUR_MS / 2);
    setClock(world, device, after);
    await world.time.during(alice.client.tokenLogin(alice.id, alice.client.userManage.getToken()!));
    expect(await world.time.during(bob.events.next('onRosterMessage'))).toMatchObject({ type: kind });
    const { mid: sent } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    expect(sent).toBe(mid);
    expect(alice.events.all('onSendingMessageStatusChanged').filter(({ status }) => status === 'failed')).toEqual([]);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  },
);

test.each([
  ['from 1970 to now', 1970, 'now'],
  ['from now to 1970', 'now', 1970],
  ['back a day', 'now', 'yesterday'],
] as const)('a clock that is corrected between two runs, %s: what waits is sent', async (_, before, after) => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', { sendExpiryMs: HOUR_MS }, device);
  const bob = await world.member('bob');
  alice.client.disConnect();
  setClock(world, device, before);
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'patient' });
  await alice.client.dispose();
  setClock(world, device, after);
  const next = world.client({ autoLogin: true, sendExpiryMs: HOUR_MS }, device);
  expect(await world.time.during(bob.events.next('onRosterMessage'))).toMatchObject({ content: 'patient' });
  const sent = await next.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(sent.mid).toBe(mid);
});

test('a message that waits longer than the limit fails, also while the clock stands still', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', { sendExpiryMs: HOUR_MS }, device);
  const bob = await world.member('bob');
  alice.client.disConnect();
  Object.assign(device.platform.clock, { now: () => 1000 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'too late' });
  const failed = (): unknown[] =>
    alice.events.all('onSendingMessageStatusChanged').filter(({ status }) => status === 'failed');
  await world.time.pass(HOUR_MS - 1000);
  expect(failed()).toEqual([]);
  await world.time.pass(2000);
  expect(failed()).toMatchObject([{ error: { reason: 'ServerTimeOut' } }]);
});
