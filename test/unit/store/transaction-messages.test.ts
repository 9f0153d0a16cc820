import { describe, expect, test } from 'vitest';
import { compareIds } from '../../../src/model/ids.ts';
import type { SyncedMessage } from '../../../src/model/message.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { readTail, segmentsIn } from '../../../src/store/segment-reader.ts';
import { NO_SEGMENTS } from '../../../src/store/segments.ts';
import { StoreOverlay } from '../../../src/store/store-changes.ts';
import { openStore } from '../../../src/store/store.ts';
import { TailCache } from '../../../src/store/tail-cache.ts';
import { TransactionMessages } from '../../../src/store/transaction-messages.ts';
import { fc } from '../../support/property.ts';
import { storedMessage } from './stored-message.ts';

const KEY = 'r200';
const message = (id: number, content = ''): SyncedMessage => storedMessage(id, { content });
const messagesBetween = (from: number, to: number): SyncedMessage[] =>
  Array.from({ length: to - from + 1 }, (_, at) => message(from + at));
const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
const someIds = fc.array(fc.nat(2000), { minLength: 1, maxLength: 300 }).map(ascending);
const content = (batch: readonly number[], at: number): SyncedMessage[] => batch.map((id) => message(id, `${at}`));

describe('the messages of a transaction', () => {
  test('are the same in one batch, in many, and after a restart, whether read by id, from the end or after any id', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(someIds, { minLength: 1, maxLength: 8 }), fc.nat(2000), async (batches, after) => {
        const expected = new Map<string, string>();
        batches.forEach((batch, at) => batch.forEach((id) => expected.set(String(id), `${at}`)));
        const all = [...expected.keys()].sort(compareIds);

        const provider = createMemoryKvProvider();
        const store = await openStore(await provider.open('many'));
        for (const [at, batch] of batches.entries())
          await store.update(async (tx) => tx.messages.put(KEY, content(batch, at)));
        const together = await openStore(await provider.open('one'));
        await Promise.all(
          batches.map(async (batch, at) => together.update(async (tx) => tx.messages.put(KEY, content(batch, at)))),
        );
        for (const opened of [store, together, await openStore(await provider.open('many'))]) {
          await opened.update(async ({ messages }) => {
            const found = await messages.find(KEY, ['2001', ...all]);
            expect(new Map([...found].map(([id, each]) => [id, (each as SyncedMessage).content]))).toEqual(expected);
            expect((await messages.newest(KEY, 5000)).map(({ id }) => id)).toEqual(all);
            expect((await messages.after(KEY, String(after))).map(({ id }) => Number(id))).toEqual(
              all.map(Number).filter((id) => id > after),
            );
          });
          expect(opened.reader.newestMessages(KEY).map(({ id }) => id)).toEqual(all.slice(-100));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of changes that come together are one batch', async () => {
    const kv = await createMemoryKvProvider().open('user');
    let batches = 0;
    const store = await openStore({
      ...kv,
      get: async (key) => kv.get(key),
      range: async (range) => kv.range(range),
      commit: async (batch) => {
        batches++;
        await kv.commit(batch);
      },
    });
    batches = 0;
    await Promise.all(
      Array.from({ length: 30 }, async (_, id) => store.update(async (tx) => tx.messages.put(KEY, [message(id + 1)]))),
    );
    // One of them is the schema's version.
    expect(batches).toBeLessThanOrEqual(3);
    expect(store.reader.newestMessages(KEY).length).toBe(30);
  });

  test('of a task that fails are left out; those of the others in its batch are kept', async () => {
    const store = await openStore(await createMemoryKvProvider().open('user'));
    const outcomes = await Promise.allSettled(
      [1, 2, 3].map(async (id) =>
        store.update(async (tx) => {
          await tx.messages.put(KEY, [message(id)]);
          tx.updateConversation(KEY, { unread: id });
          if (id === 2) throw new Error('no');
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.reader.newestMessages(KEY).map(({ id }) => id)).toEqual(['1', '3']);
    expect(store.reader.conversation(KEY)!.unread).toBe(3);
  });

  test('before the tail are seen by the next transaction, even if the cache then holds their segment unchanged', async () => {
    const kv = await createMemoryKvProvider().open('user');
    const store = await openStore(kv);
    for (const [from, to] of [
      [1, 64],
      [65, 128],
      [129, 200],
    ] as const)
      await store.update(async (tx) => tx.messages.put(KEY, messagesBetween(from, to)));
    const wholeTail = await readTail(segmentsIn(kv), KEY);
    expect(wholeTail.map(({ floor }) => floor)).toEqual(['65', '129']);

    // A cached tail that lost messages is shorter than one that is read.
    const cache = new TailCache();
    cache.add(KEY, wholeTail.slice(1));
    const overlay = new StoreOverlay();
    const first = new TransactionMessages({ kv, cache, overlay: overlay.parts.segments });
    await first.put(KEY, [message(100, 'first')]);
    // Before the change is visible, the conversation leaves the cache, and is read into it again.
    for (let other = 1; other <= 64; other++) cache.add(`g${other}`, NO_SEGMENTS);
    expect(cache.get(KEY)).toBeUndefined();
    cache.add(KEY, wholeTail);

    const next = first.next(overlay.child().parts.segments);
    await next.put(KEY, [message(101, 'next')]);
    const found = await next.find(KEY, ['100', '101']);
    expect([...found.values()].map((item) => (item as SyncedMessage).content)).toEqual(['first', 'next']);
  });
});
