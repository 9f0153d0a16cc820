/**
 * Sockets that are lost over both transports, and a socket server that moves: how soon a client is back, with the times that apps
 * have. Servers that are away are in `servers-away.test.ts`, in virtual time.
 */
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
