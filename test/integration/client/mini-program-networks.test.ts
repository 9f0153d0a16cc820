/** The network of a mini-program comes and goes, with the times that apps have. Its sockets are closed by the platform, one at a time. */
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
  await until(() => run.sockets.now === 1, 'the socket of before to be closed');
}, 20_000);
