/**
 * Raw sockets that look fine while nothing arrives any more, and those that only seem so, with the times that apps have. Those of
 * Socket.IO, which have heartbeats of their own, are in `half-open.test.ts`.
 */
import { expect, test } from 'vitest';
import { startWorld } from '../../support/virtual-world.ts';
import type { FarMember, VirtualWorld } from '../../support/virtual-world.ts';
import type { Member } from '../../support/memory-world.ts';

const send = (from: Member, to: Member, content: string): void =>
  void from.client.sysManage.sendRosterMessage({ uid: to.id, content });

/** Runs something again and again while time passes. */
async function keepOn({ time }: VirtualWorld, everyMs: number, run: () => void, until: () => boolean): Promise<void> {
  const end = time.now() + 30_000;
  while (!until() && time.now() < end) {
    run();
    await time.pass(everyMs);
  }
}

/** How long a member took to leave its socket, which was frozen at that time, in ms. */
const noticed = ({ lostAt }: FarMember, frozenAt: number): number => lostAt[0]! - frozenAt;

test('E3: a half-open socket is noticed within 10 s while the app receives, sends, or both', async () => {
  const world = await startWorld();
  const peer = await world.member('peer');
  const [receives, sends, both, oneMore, burst] = [
    await world.far('receives'),
    await world.far('sends'),
    await world.far('both'),
    await world.far('one more'),
    await world.far('burst'),
  ];
  const members = [receives, sends, both, oneMore, burst];
  const talk = (): void => {
    for (const member of [receives, both]) send(peer, member, 'x');
    for (const member of [sends, both]) send(member, peer, 'x');
  };
  // For the one more, idle: nobody asks for a sign of life any more.
  await world.time.pass(100_000);
  for (let nth = 0; nth < 10; nth++) {
    talk();
    await world.time.pass(100);
  }
  const frozenAt = world.time.now();
  for (const { link } of members) link.freeze(true);
  send(oneMore, peer, 'after a pause');
  for (let nth = 0; nth < 100; nth++) send(burst, peer, `burst ${'x'.repeat(50)}`);
  await keepOn(world, 100, talk, () => members.every(({ lostAt }) => lostAt.length > 0));
  expect(Math.max(...members.map((member) => noticed(member, frozenAt)))).toBeLessThan(10_000);
  for (const { link } of members) link.freeze(false);
  for (const { onlineAt } of members) await world.time.until(() => onlineAt.length === 2, 'the session', 20_000);
  await world.time.during(
    Promise.all([
      peer.events.count('onRosterMessage', 100, ({ content }) => content.startsWith('burst')),
      peer.events.count('onRosterMessage', 1, ({ content }) => content === 'after a pause'),
    ]),
  );
});

test('an idle half-open socket is noticed by its heartbeat', async () => {
  const world = await startWorld();
  const alice = await world.far('alice');
  await world.time.pass(60_000);
  const frozenAt = world.time.now();
  alice.link.freeze(true);
  // Heartbeats are 50 s apart and have 20 s.
  await world.time.until(() => alice.lostAt.length === 1, 'the loss to be noticed', 100_000);
  expect(noticed(alice, frozenAt)).toBeLessThan(70_000);
  alice.link.freeze(false);
  await world.time.until(() => alice.onlineAt.length === 2, 'the session', 20_000);
});

test.each(['online', 'show'] as const)(
  'after a sleep with a clock that jumped, %s: noticed within 5 s, and back',
  async (event) => {
    const world = await startWorld();
    const alice = await world.far('alice');
    alice.link.freeze(true);
    const wokeAt = world.time.now();
    const { clock } = alice.device.platform;
    const { now } = clock;
    Object.assign(clock, { now: () => now() + 8 * 3_600_000 });
    // The next try has a network again.
    alice.client.on('disconnected', () => alice.link.freeze(false));
    alice.device.emit(event);
    await world.time.until(() => alice.lostAt.length === 1, 'the loss to be noticed');
    expect(noticed(alice, wokeAt)).toBeLessThan(5000);
    await world.time.until(() => alice.onlineAt.length === 2, 'the session');
  },
);

test('slow is not dead: a line of 400 ms each way and 64 kbit/s keeps its socket while it is used and while it is idle', async () => {
  const world = await startWorld();
  const quality = { latencyMs: 400, bytesPerSecond: 8000 };
  const [alice, bob] = [await world.far('alice', { quality }), await world.member('bob')];
  send(alice, bob, 'x'.repeat(60_000));
  for (let seconds = 0; seconds < 12; seconds++) {
    send(bob, alice, 'from bob');
    await world.time.pass(1000);
  }
  expect(alice.lostAt).toEqual([]);
  await world.time.during(bob.events.next('onRosterMessage', ({ content }) => content.length === 60_000));
  expect(alice.events.all('onRosterMessage').length).toBeGreaterThanOrEqual(8);
  await world.time.pass(300_000);
  expect(alice.lostAt).toEqual([]);
});
