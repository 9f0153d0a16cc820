/** Typing that comes while a conversation is being synced: it is no item of the conversation. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Meta, SyncDown } from '../../../src/wire/index.ts';
import { create, KEY, page } from './engine-harness.ts';
import type { Harness } from './engine-harness.ts';
import { chat, emitted, PEER, TIME } from './harness.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

const typing = (id: number): Meta => chat({ id, content: '', ext: '{"input_status":"typing"}' });
const pushed = (metas: Meta[], prevMid?: string): SyncDown => ({
  ...{ ...page(metas), is_eager_sync: true },
  ...(prevMid !== undefined && { prev_mid: prevMid }),
});
const typed = ({ events }: Harness): number => events.filter(({ type }) => type === 'typing').length;

async function syncing(): Promise<Harness> {
  const harness = await create();
  await harness.unread({ unread: [{ xid: { uid: PEER }, n: 3, type: 1 }] });
  harness.events.length = 0;
  return harness;
}

test('it is emitted at once, also when the server names a message before it that is not here yet', async () => {
  const harness = await syncing();
  await harness.sync(pushed([typing(8)], '3'));
  expect(emitted(harness.events)).toEqual([`typing ${PEER}`]);
  await harness.sync(page([chat({ id: 1 }), chat({ id: 2 }), chat({ id: 3 })]));
  expect(typed(harness)).toBe(1);
  expect(harness.words()).toEqual([`sync ${PEER}`]);
});

test('it takes nothing off what the server still holds', async () => {
  const harness = await syncing();
  await harness.sync(pushed([typing(8)]));
  expect(harness.store.reader.conversation(KEY)).toMatchObject({ undelivered: 3 });
  await harness.sync(page([chat({ id: 1 })], '77'));
  expect(harness.store.reader.conversation(KEY)).toMatchObject({ unread: 1, undelivered: 2 });
});

test.each([undefined, '3'])('it makes no hole (message before it: %s)', async (prevMid) => {
  const [harness, quiet] = [await syncing(), await syncing()];
  await harness.sync(pushed([typing(8)], prevMid));
  for (const { sync } of [harness, quiet]) await sync(page([chat({ id: 1 }), chat({ id: 2 }), chat({ id: 3 })]));
  const gaps = ({ store }: Harness): unknown => store.reader.conversation(KEY)?.gaps;
  expect(gaps(harness)).toEqual(gaps(quiet));
});
