/** A storage that is too small for what the server has. */
import { expect, test } from 'vitest';
import { MessageBodyType } from 'flooim/wire';
import { createDevice } from '../../support/client-device.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { createSmallKvProvider } from '../../support/faulty-kv.ts';

const QUOTA = 3_000_000;
const COUNT = 3000;
const TEXT = 'x'.repeat(1500);
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Messages that the server has and this device never got. */
function seedHistory(world: World, fromId: number, toId: number): void {
  for (const n of numbers(1, COUNT)) {
    const body = { type: MessageBodyType.CHAT, content: `${n} ${TEXT}` };
    const message = { id: world.app.ids.itemId(), fromId, fromDevice: 0, toId, inGroup: false, timestamp: Date.now() };
    world.app.messages.add({ ...message, body, status: 0, readBy: new Set(), hiddenFor: new Set() }, [
      [fromId, toId],
      [toId, fromId],
    ]);
  }
}

/** Reads back from the newest message, until a page is not full. */
async function walkBack({ client }: Pick<Member, 'client'>, id: number): Promise<{ read: number[]; holes: number }> {
  const read: number[] = [];
  let holes = 0;
  let before: string | undefined;
  for (;;) {
    const page = await client.sysManage.getMessages({ id, type: 'roster', limit: 100, ...(before && { before }) });
    read.unshift(...page.messages.map(({ content }) => parseInt(content, 10)));
    if (!page.complete) holes++;
    if (page.messages.length < 100) return { read, holes };
    before = page.messages[0]!.id;
  }
}

test('A5: room that was made on a full storage is reported, and what went is read from the server again', async () => {
  const world = await startWorld();
  const [bob, device] = [await world.register('bob'), createDevice()];
  Object.assign(device.platform, { kv: createSmallKvProvider(QUOTA) });
  const alice = await world.member('alice', {}, device);
  seedHistory(world, bob, alice.id);
  expect(await walkBack(alice, bob)).toEqual({ read: numbers(1, COUNT), holes: 0 });
  const trimmed = alice.events.all('storageTrimmed');
  expect(trimmed.length).toBeGreaterThan(0);
  for (const { conversations } of trimmed) expect(conversations).toEqual([{ id: bob, type: 'roster' }]);
  expect(alice.events.all('storageDegraded')).toEqual([]);
  expect(alice.events.all('flooError')).toEqual([]);

  await alice.client.dispose();
  const next = world.client({}, device);
  await next.events.next('loginSuccess');
  expect(await walkBack(next, bob)).toEqual({ read: numbers(1, COUNT), holes: 0 });

  // Without a connection the pages end at what went.
  next.client.disConnect();
  const { read, holes } = await walkBack(next, bob);
  expect(holes).toBe(1);
  expect(read.length).toBeLessThan(COUNT);
  expect(read).toEqual(numbers(COUNT - read.length + 1, COUNT));
});
