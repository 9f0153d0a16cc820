/** Sockets that are lost, and servers that are away: how soon a client is back, with the times that apps have. */
import { expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import { linkedMember } from '../../support/linked-member.ts';
import type { LinkedMember } from '../../support/linked-member.ts';

const CUTS = 10;
/** A busy machine takes its time. */
const SLACK_MS = 250;

const absences = ({ lostAt, onlineAt }: LinkedMember): number[] => lostAt.map((at, nth) => onlineAt[nth + 1]! - at);

test('E1: socket cut 200 to 500 ms after each accepted session, 50 messages a second, 25 ms each way: back within a second', async () => {
  const world = await startWorld();
  const [alice, carol, bob] = [
    await linkedMember(world, 'alice', { transport: 'socket.io', rules: { delayMs: 25 } }),
    await linkedMember(world, 'carol', { transport: 'raw', rules: { delayMs: 25 } }),
    await world.member('bob'),
  ];
  let amount = 0;
  const chat = setInterval(() => {
    for (const { id } of [alice, carol]) bob.client.sysManage.sendRosterMessage({ uid: id, content: String(amount) });
    amount++;
  }, 20);
  const cutEach = async ({ link, onlineAt }: LinkedMember): Promise<void> => {
    for (let cuts = 0; cuts < CUTS; cuts++) {
      await quiet(200 + 300 * Math.random());
      link.cut();
      await until(() => onlineAt.length === cuts + 2, 'the session after a cut', 40_000);
    }
  };
  await Promise.all([alice, carol].map(cutEach));
  clearInterval(chat);
  for (const member of [alice, carol]) {
    expect(absences(member)).toHaveLength(CUTS);
    expect(Math.max(...absences(member))).toBeLessThan(1000);
    await until(() => member.events.all('onRosterMessage').length >= amount, 'every message', 20_000);
    const texts = member.events.all('onRosterMessage').map(({ content }) => content);
    expect(texts).toEqual(Array.from({ length: amount }, (_, nth) => String(nth)));
  }
}, 60_000);

test('E2: a server that was away for 30 s, and no event of the network: back within 5 s', async () => {
  const world = await startWorld();
  const members = await Promise.all(
    ['alice', 'bob', 'carol', 'dave'].map(async (name) => {
      const device = createDevice();
      const member = await linkedMember(world, name, { transport: 'raw' }, device);
      // Ten seconds in one.
      device.haste = 10;
      return member;
    }),
  );
  await Promise.all(members.map(({ link }) => link.leave()));
  await quiet(3000);
  const backAt = Date.now();
  await Promise.all(members.map(({ link }) => link.comeBack()));
  for (const { onlineAt, device } of members) {
    await until(() => onlineAt.length === 2, 'the session');
    device.haste = 1;
    expect(onlineAt[1]! - backAt).toBeLessThan(500 + SLACK_MS);
  }
}, 20_000);

test('E2: a server that is away at each try is asked at most every 2.25 s, and DNS with every fifth', async () => {
  const world = await startWorld();
  const device = createDevice();
  const { sockets } = device.platform;
  let tries = 0;
  device.platform.sockets = (...given) => {
    tries++;
    return sockets(...given);
  };
  const alice = await linkedMember(world, 'alice', { transport: 'raw' }, device);
  tries = 0;
  const asked = alice.dnsLink.carried.connections;
  device.haste = 10;
  await alice.link.leave();
  await quiet(3000);
  device.haste = 1;
  expect(tries).toBeGreaterThanOrEqual(8);
  // Four in the first 3.5 s, at most.
  expect(tries).toBeLessThanOrEqual(4 + 12);
  expect(alice.dnsLink.carried.connections - asked).toBeLessThanOrEqual(3);
  await alice.link.comeBack();
  await until(() => alice.onlineAt.length === 2, 'the session', 10_000);
}, 20_000);

test('a reconnect asks neither DNS nor REST for anything', async () => {
  const world = await startWorld();
  const alice = await linkedMember(world, 'alice');
  await quiet();
  const asked = alice.dnsLink.carried.connections;
  const requests = (): number => world.server.admin.receivedRequests().length;
  const before = requests();
  for (let cuts = 1; cuts <= 3; cuts++) {
    alice.link.cut();
    await until(() => alice.onlineAt.length === cuts + 1, 'the session');
  }
  await quiet();
  expect([alice.dnsLink.carried.connections, requests()]).toEqual([asked, before]);
}, 20_000);

test('DNS that is away, or says nothing, while the socket server is there: as soon back as ever', async () => {
  const world = await startWorld();
  const refused = await linkedMember(world, 'alice');
  const silent = await linkedMember(world, 'bob');
  await refused.dnsLink.leave();
  silent.dnsLink.freeze(true);
  for (const { link, onlineAt } of [refused, silent]) {
    for (let cuts = 1; cuts <= 3; cuts++) {
      link.cut();
      await until(() => onlineAt.length === cuts + 1, 'the session');
    }
  }
  expect(Math.max(...[refused, silent].flatMap(absences))).toBeLessThan(500 + SLACK_MS);
}, 20_000);

test('DNS that says nothing after every socket host failed holds the next tries up once, for a second', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await linkedMember(world, 'alice', { transport: 'raw' }, device);
  alice.dnsLink.freeze(true);
  device.haste = 10;
  await alice.link.leave();
  // Long enough for five tries and the question that follows them.
  await quiet(2000);
  await alice.link.comeBack();
  const backAt = Date.now();
  await until(() => alice.onlineAt.length === 2, 'the session');
  expect(Date.now() - backAt).toBeLessThan(600 + SLACK_MS);
  device.haste = 1;
  alice.dnsLink.freeze(false);
  alice.dnsLink.cut();
}, 20_000);

test('a socket server that is away while DNS is there is found when DNS names another', async () => {
  const world = await startWorld();
  const device = createDevice();
  const alice = await linkedMember(world, 'alice', { transport: 'raw' }, device);
  const bob = await linkedMember(world, 'bob', { transport: 'raw' });
  device.haste = 10;
  await alice.link.leave();
  alice.moveTo(bob.link);
  await until(() => alice.onlineAt.length === 2, 'the session');
  device.haste = 1;
  // Five tries at the old host: 0.5, 1, 2, 4 and 5 s at most.
  expect(absences(alice)[0]).toBeLessThan(1250 + SLACK_MS);
}, 20_000);
