import { expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';

const HOUR_MS = 3_600_000;

/** Sets the clock of a device. */
function setClock({ platform }: Device, time: number): void {
  const shift = time - Date.now();
  Object.assign(platform.clock, { now: () => Date.now() + shift });
}

const kinds = {
  text: { content: 'patient' },
  file: { file: new Blob(['patient']) },
};

test.each([
  ['at 1970 and corrected', 'text', 1000, Date.now()],
  ['at 1970 and corrected', 'file', 1000, Date.now()],
  ['set back a day', 'text', Date.now(), Date.now() - 24 * HOUR_MS],
  ['set back to 1970', 'file', Date.now(), 1000],
  ['set forward a day', 'text', Date.now(), Date.now() + 24 * HOUR_MS],
] as const)(
  'C6: while the clock is %s, a %s that waits is sent once and does not expire',
  async (_, kind, before, after) => {
    const world = await startWorld();
    const device = createDevice();
    const alice = await world.member('alice', { sendExpiryMs: HOUR_MS }, device);
    const bob = await world.member('bob');
    alice.client.disConnect();
    setClock(device, before);
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, ...kinds[kind] });
    await quiet(500);
    setClock(device, after);
    await alice.client.tokenLogin(alice.id, alice.client.userManage.getToken()!);
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ type: kind });
    const { mid: sent } = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    expect(sent).toBe(mid);
    expect(alice.events.all('onSendingMessageStatusChanged').filter(({ status }) => status === 'failed')).toEqual([]);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  },
);

test.each([
  ['from 1970 to now', 1000, Date.now()],
  ['from now to 1970', Date.now(), 1000],
  ['back a day', Date.now(), Date.now() - 24 * HOUR_MS],
])('a clock that is corrected between two runs, %s: what waits is sent', async (_, before, after) => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', { sendExpiryMs: HOUR_MS }, device);
  const bob = await world.member('bob');
  alice.client.disConnect();
  setClock(device, before);
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'patient' });
  await alice.client.dispose();
  setClock(device, after);
  const next = world.client({ autoLogin: true, sendExpiryMs: HOUR_MS }, device);
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'patient' });
  const sent = await next.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(sent.mid).toBe(mid);
});

test('a message that waits longer than the limit fails, also while the clock stands still', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', { sendExpiryMs: 100 }, device);
  const bob = await world.member('bob');
  alice.client.disConnect();
  Object.assign(device.platform.clock, { now: () => 1000 });
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'too late' });
  const failed = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  expect(failed.error?.reason).toBe('ServerTimeOut');
});
