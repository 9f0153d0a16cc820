/**
 * Sockets of Socket.IO that look fine while nothing arrives any more, with the times that apps have. Engine.IO has a heartbeat of
 * its own. Everything else about half-open sockets is in `half-open-raw.test.ts`, in virtual time.
 */
import { expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { linkedMember } from '../../support/linked-member.ts';
import type { LinkedMember } from '../../support/linked-member.ts';

/** A busy machine takes its time. */
const SLACK_MS = 500;

/** Runs something many times a second until the test ends. */
function keepOn(world: World, everyMs: number, run: () => void): void {
  const timer = setInterval(run, everyMs);
  world.cleanup(() => clearInterval(timer));
}

const send = (from: Member, to: Member, content: string): void =>
  void from.client.sysManage.sendRosterMessage({ uid: to.id, content });

/** Freezes the member's link. @returns how long the member took to leave the socket, in ms */
async function noticed({ link, lostAt }: LinkedMember, withinMs: number): Promise<number> {
  const losses = lostAt.length;
  const frozenAt = Date.now();
  link.freeze(true);
  await until(() => lostAt.length > losses, 'the loss to be noticed', withinMs);
  link.freeze(false);
  return lostAt[losses]! - frozenAt;
}

test('E3: a half-open socket is noticed within 10 s while the app receives, sends, or both', async () => {
  const world = await startWorld();
  const peer = await world.member('peer');
  const transport = 'socket.io';
  const receives = await linkedMember(world, 'receives', { transport });
  const sends = await linkedMember(world, 'sends', { transport });
  const both = await linkedMember(world, 'both', { transport });
  keepOn(world, 100, () => {
    for (const member of [receives, both]) send(peer, member, 'x');
    for (const member of [sends, both]) send(member, peer, 'x');
  });
  // Idle: nobody asks for a sign of life any more.
  const oneMore = await linkedMember(world, 'one more', { transport });
  oneMore.device.haste = 100;
  await quiet(1000);
  oneMore.device.haste = 1;
  oneMore.link.freeze(true);
  send(oneMore, peer, 'after a pause');
  const burst = await linkedMember(world, 'burst', { transport });
  burst.link.freeze(true);
  for (let nth = 0; nth < 100; nth++) send(burst, peer, `burst ${'x'.repeat(50)}`);
  const members: LinkedMember[] = [receives, sends, both, oneMore, burst];
  const times = await Promise.all(members.map(async (member) => noticed(member, 15_000)));
  expect(Math.max(...times)).toBeLessThan(10_000);
  for (const { onlineAt } of members) await until(() => onlineAt.length === 2, 'the session');
  await peer.events.count('onRosterMessage', 100, ({ content }) => content.startsWith('burst'));
  await peer.events.count('onRosterMessage', 1, ({ content }) => content === 'after a pause');
}, 40_000);

test('an idle half-open socket is noticed by its heartbeat', async () => {
  const world = await startWorld();
  const device = createDevice();
  // Heartbeats are 50 s apart and have 20 s.
  device.haste = 50;
  const member = await linkedMember(world, 'alice', { transport: 'socket.io' }, device);
  await quiet(1000);
  expect(await noticed(member, 5000)).toBeLessThan(70_000 / 50 + SLACK_MS);
  device.haste = 1;
  await until(() => member.onlineAt.length === 2, 'the session', 10_000);
}, 20_000);
