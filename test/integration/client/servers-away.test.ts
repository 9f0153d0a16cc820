/** Servers that are away, and DNS that is: how soon a client is back, with the times that apps have. */
import { expect, test } from 'vitest';
import { startWorld } from '../../support/virtual-world.ts';
import type { FarMember, VirtualWorld } from '../../support/virtual-world.ts';

/** A try takes some milliseconds of virtual time at most: `until` looks every five. */
const SLACK_MS = 20;

const absences = ({ lostAt, onlineAt }: FarMember): number[] => lostAt.map((at, nth) => onlineAt[nth + 1]! - at);
const backAgain = async ({ time }: VirtualWorld, { onlineAt }: FarMember, sessions = 2): Promise<void> =>
  time.until(() => onlineAt.length === sessions, 'the session', 20_000);

test('E2: a server that was away for 30 s, and no event of the network: back within 5 s', async () => {
  const world = await startWorld();
  const members: FarMember[] = [];
  for (const name of ['alice', 'bob', 'carol', 'dave']) members.push(await world.far(name));
  for (const { link } of members) link.leave();
  await world.time.pass(30_000);
  const backAt = world.time.now();
  for (const { link } of members) link.comeBack();
  for (const member of members) {
    await backAgain(world, member);
    expect(member.onlineAt[1]! - backAt).toBeLessThanOrEqual(5000 + SLACK_MS);
  }
});

test('E2: a server that is away at each try is asked at most every 2.25 s, and DNS with every fifth', async () => {
  const world = await startWorld();
  const alice = await world.far('alice');
  const { link } = alice;
  const [tries, asked] = [link.tries, link.dns.tries];
  link.leave();
  await world.time.pass(30_000);
  expect(link.tries - tries).toBeGreaterThanOrEqual(8);
  // Four in the first 3.5 s, at most.
  expect(link.tries - tries).toBeLessThanOrEqual(4 + 12);
  expect(link.dns.tries - asked).toBeLessThanOrEqual(3);
  link.comeBack();
  await backAgain(world, alice);
});

test('a reconnect asks neither DNS nor REST for anything', async () => {
  const world = await startWorld();
  const alice = await world.far('alice');
  const { link } = alice;
  await world.time.pass(100);
  const before = [link.dns.tries, link.requests];
  for (let cuts = 1; cuts <= 3; cuts++) {
    link.cut();
    await backAgain(world, alice, cuts + 1);
  }
  await world.time.pass(100);
  expect([link.dns.tries, link.requests]).toEqual(before);
});

test('DNS that is away, or says nothing, while the socket server is there: as soon back as ever', async () => {
  const world = await startWorld();
  const [refused, silent] = [await world.far('alice'), await world.far('bob')];
  refused.link.dns.leave();
  silent.link.dns.freeze(true);
  for (const member of [refused, silent]) {
    for (let cuts = 1; cuts <= 3; cuts++) {
      member.link.cut();
      await backAgain(world, member, cuts + 1);
    }
  }
  expect(Math.max(...[refused, silent].flatMap(absences))).toBeLessThanOrEqual(500 + SLACK_MS);
});

test('DNS that says nothing after every socket host failed holds the next tries up once, for a second', async () => {
  const world = await startWorld();
  const alice = await world.far('alice');
  alice.link.dns.freeze(true);
  alice.link.leave();
  // Long enough for five tries and the question that follows them.
  await world.time.pass(20_000);
  alice.link.comeBack();
  const backAt = world.time.now();
  await backAgain(world, alice);
  expect(alice.onlineAt[1]! - backAt).toBeLessThanOrEqual(6000 + SLACK_MS);
});
