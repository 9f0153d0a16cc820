/** How many messages the server takes in a second. It is printed, not asserted: the machine decides. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageBodyType } from 'flooim/wire';
import { expect, onTestFinished, test } from 'vitest';
import { startRoom } from './harness.ts';

const MESSAGES = 3000;
/** So many are on their way at once, as from several busy clients. */
const AT_ONCE = 50;

async function measure(dataDir?: string): Promise<number> {
  const room = await startRoom({ ...(dataDir !== undefined && { dataDir }) });
  const [alice, bob] = [await room.user('alice'), await room.user('bob')];
  const [from, to] = [await alice.device(), await bob.device()];
  const startedAt = performance.now();
  for (let sent = 0; sent < MESSAGES; sent += AT_ONCE) {
    const burst = Array.from({ length: AT_ONCE }, () =>
      from.text(bob.id, 'a message of usual length', MessageBodyType.CHAT),
    );
    await Promise.all(burst);
  }
  const ms = performance.now() - startedAt;
  expect(await to.unread()).toMatchObject({ [alice.id]: MESSAGES });
  return Math.round((MESSAGES / ms) * 1000);
}

test('messages per second, in memory and with a data folder', { timeout: 60_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'flooim-throughput-'));
  onTestFinished(async () => rm(dataDir, { recursive: true }));
  await measure();
  const [inMemory, inFolder] = [await measure(), await measure(dataDir)];
  process.stdout.write(`messages per second: in memory ${inMemory}, with a data folder ${inFolder}\n`);
});
