/** How many round trips the client spends, and what it does not wait for. */
import { describe, expect, test } from 'vitest';
import { newPerson, queueMessages } from '../../bench/data/people.ts';
import type { ClientOptions } from '../../../src/options.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { createSlowLink } from '../../support/slow-link.ts';
import type { SlowLink } from '../../support/slow-link.ts';

/** Long beside what a busy machine needs to handle an answer. */
const DELAY_MS = 80;

const TIMES: ClientOptions = { requestTimeoutMs: 30_000, connectTimeoutMs: 30_000, answerTimeoutMs: 30_000 };

/** Puts everything that a client needs behind one link. */
async function behindLink(world: World, delayMs = DELAY_MS): Promise<SlowLink & { options: ClientOptions }> {
  const { host } = new URL(world.server.dnsUrl);
  const link = await createSlowLink(host, { delayMs });
  world.cleanup(() => link.close());
  world.server.admin.setDns({ extraHosts: [link.host] });
  return { ...link, options: { ...TIMES, dnsServer: world.server.dnsUrl.replace(host, link.host) } };
}

const framesOf = ({ device }: Pick<Member, 'device'>, start: string): string[] =>
  device.trace.filter((line) => line.startsWith(`frame ${start}`));

describe.each(['raw', 'socket.io'] as const)('over %s', (transport) => {
  test('H1: a first login has the pages of 99 conversations after eight round trips at most, with DNS and the token', async () => {
    const world = await startWorld();
    const id = await world.register('alice');
    for (let peer = 0; peer < 99; peer++) queueMessages(world, newPerson(world).id, id, 5);
    const link = await behindLink(world);
    const { client, events } = world.client({ ...link.options, transport });
    // TCP and DNS 2, TCP and socket 2 (the token meanwhile), provision, unread list, pages.
    let atFirst = 0;
    client.on('onRosterMessage', () => void (atFirst ||= link.roundTrips()));
    await client.login({ name: 'alice', password: PASSWORD });
    await until(() => events.all('onRosterMessage').length === 495, 'every message');
    expect(atFirst).toBeGreaterThanOrEqual(7);
    expect(atFirst).toBeLessThanOrEqual(8);
    // The names of 99 people took two requests.
    expect(link.carried.connections).toBeLessThanOrEqual(5);
  });

  test('H1: a resumed session has its first page after five round trips at most', async () => {
    const world = await startWorld();
    const link = await behindLink(world);
    const alice = await world.member('alice', { ...link.options, transport });
    await alice.client.dispose();
    queueMessages(world, newPerson(world).id, alice.id, 5);
    const before = link.roundTrips();
    const { events } = world.client({ ...link.options, transport }, alice.device);
    await until(() => events.all('onRosterMessage').length === 5, 'every message');
    // TCP and socket 2, provision, unread list, page.
    expect(link.roundTrips() - before).toBeLessThanOrEqual(6);
  });
});

test('H1: conversations are asked for without waiting for each other, as many as hold a thousand items', async () => {
  const world = await startWorld();
  const id = await world.register('alice');
  for (let peer = 0; peer < 300; peer++) queueMessages(world, newPerson(world).id, id, 5);
  world.server.admin.dropAnswers({ count: 1000, command: 'sync' });
  const { client, device } = world.client({ ...TIMES, transport: 'raw' });
  await client.login({ name: 'alice', password: PASSWORD });
  await until(() => framesOf({ device }, 'sync').length >= 200, 'the requests');
  await quiet(50);
  expect(framesOf({ device }, 'sync')).toHaveLength(200);
});

test('H2: each of twenty people is asked about at once, whatever the others wait for', async () => {
  const world = await startWorld();
  const link = await behindLink(world);
  const alice = await world.member('alice', { ...link.options, transport: 'raw' });
  const people = await Promise.all(Array.from({ length: 20 }, async (_, nth) => world.member(`bob-${nth}`)));
  await until(() => framesOf(alice, 'unread').length === 1, 'the session');
  const before = link.roundTrips();
  for (const bob of people) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'x' });
  await until(() => alice.events.all('onRosterMessage').length === 20, 'every message');
  // The notice ½, request and page 1; the acknowledgement of the first ones meanwhile.
  expect(link.roundTrips() - before).toBeLessThanOrEqual(2.5);
});

test('H3: what one person writes shares requests', async () => {
  const world = await startWorld();
  const link = await behindLink(world, 25);
  const [alice, bob] = [await world.member('alice', { ...link.options, transport: 'raw' }), await world.member('bob')];
  for (let nth = 0; nth < 50; nth++) {
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(nth) });
    await quiet(10);
  }
  await until(() => alice.events.all('onRosterMessage').length === 50, 'every message');
  // One by one they would be a hundred.
  expect(framesOf(alice, 'sync').length).toBeLessThan(60);
});

test('H4: a burst of 200 sends waits for no answer, and each row is stored before its first byte', async () => {
  const world = await startWorld();
  const bob = await world.register('bob');
  const alice = await world.member('alice', { ...TIMES, transport: 'raw' });
  const { device } = alice;
  let commits = 0;
  device.commit = async (store, batch) => {
    commits++;
    await quiet(5);
    return store.commit(batch);
  };
  world.server.admin.dropAnswers({ count: 1000, command: 'send' });
  const mids = Array.from({ length: 200 }, () => alice.client.sysManage.sendRosterMessage({ uid: bob, content: 'x' }));
  await until(() => framesOf(alice, 'send').length === 200, 'every message to leave');
  for (const mid of mids) {
    const row = device.trace.findIndex(
      (line) => line.startsWith('commit') && line.includes(String(mid).padStart(20, '0')),
    );
    expect(row).toBeGreaterThanOrEqual(0);
    expect(row).toBeLessThan(device.trace.indexOf(`frame send ${mid}`));
  }
  expect(commits).toBeLessThan(10);
});
