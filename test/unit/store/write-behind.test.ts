import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { StoreTransaction } from '../../../src/store/transaction.ts';
import { openEnduringKv } from '../../../src/store/enduring-kv.ts';
import type { OutboxEntry } from '../../../src/store/schema.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { When } from '../../../src/store/write-behind.ts';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import { createFaultyKvProvider, lost } from '../../support/faulty-kv.ts';
import { createFailingProvider } from './failing-store.ts';
import { idsIn, KEY, newestIds, put, putSoon, putting, slowStore, turn } from './slow-store.ts';

describe('a change that may wait', () => {
  test('is visible at once, and goes into one batch with what comes next', async () => {
    const { store, held, batches, stored } = await slowStore();
    await putSoon(store, 1);
    await putSoon(store, 2);
    expect(newestIds(store)).toEqual(['1', '2']);
    expect(held.length).toBe(0);
    expect(await stored()).toEqual([]);
    const next = put(store, 3);
    await turn();
    expect(newestIds(store)).toEqual(['1', '2']);
    held[0]!.resolve();
    await next;
    expect(newestIds(store)).toEqual(['1', '2', '3']);
    expect(await stored()).toEqual(['1', '2', '3']);
    // One segment; the other is the version of the database.
    expect(batches).toEqual([1, 1]);
    await turn();
    expect(held.length).toBe(1);
  });

  test('is stored alone when nothing comes, and leaves no timer', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { store, held, stored } = await slowStore(systemClock);
    await putSoon(store, 1);
    await vi.advanceTimersByTimeAsync(25);
    await putSoon(store, 2);
    await vi.advanceTimersByTimeAsync(24);
    expect(held.length).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    held[0]!.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(await stored()).toEqual(['1', '2']);
    expect(vi.getTimerCount()).toBe(0);
    await putSoon(store, 3);
    expect(vi.getTimerCount()).toBe(1);
    const next = put(store, 4);
    await vi.advanceTimersByTimeAsync(0);
    expect(vi.getTimerCount()).toBe(0);
    held[1]!.resolve();
    await next;
    expect(await stored()).toEqual(['1', '2', '3', '4']);
  });

  test('resolves after the changes before it are stored', async () => {
    const { store, held, stored } = await slowStore();
    const order: string[] = [];
    const all = [
      put(store, 1).then(() => order.push('1 stored')),
      turn()
        .then(async () => putSoon(store, 2))
        .then(() => order.push('2 visible')),
    ];
    await turn();
    await turn();
    expect(order).toEqual([]);
    expect(newestIds(store)).toEqual([]);
    held[0]!.resolve();
    await Promise.all(all);
    expect(order).toEqual(['1 stored', '2 visible']);
    expect(newestIds(store)).toEqual(['1', '2']);
    expect(await stored()).toEqual(['1']);
    expect(held.length).toBe(1);
  });

  test('does not wait when it shares a batch with a change that may not wait', async () => {
    const { store, held, stored } = await slowStore();
    const order: string[] = [];
    const all = [
      put(store, 1).then(() => order.push('1')),
      putSoon(store, 2).then(() => order.push('2')),
      put(store, 3).then(() => order.push('3')),
    ];
    await turn();
    expect(order).toEqual([]);
    held[0]!.resolve();
    await Promise.all(all);
    expect(order).toEqual(['1', '2', '3']);
    expect(await stored()).toEqual(['1', '2', '3']);
  });

  test('stays visible when its batch is refused, and is stored with the next one', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const refused = put(store, 2);
    await turn();
    const onTop = putSoon(store, 3);
    await turn();
    held[0]!.reject(new Error('full'));
    await expect(refused).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    await onTop;
    expect(newestIds(store)).toEqual(['1', '3']);
    expect(await stored()).toEqual([]);
    const next = put(store, 4);
    await turn();
    held[1]!.resolve();
    await next;
    expect(await stored()).toEqual(['1', '3', '4']);
  });

  test('is not affected by a task that fails', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const failing = async (tx: StoreTransaction): Promise<void> => {
      await putting(2)(tx);
      throw new Error('no');
    };
    await expect(store.update(failing, 'later')).rejects.toThrow('no');
    await expect(store.update(failing)).rejects.toThrow('no');
    const next = put(store, 3);
    await turn();
    held[0]!.resolve();
    await next;
    expect(await stored()).toEqual(['1', '3']);
  });

  test('is stored by a close, which closes even when that fails', async () => {
    const { provider, fail } = createFailingProvider();
    const stored = async (): Promise<string[]> => idsIn(await openStore(await provider.open('user')));
    const [first, second] = [
      await openStore(await provider.open('user')),
      await openStore(await provider.open('user')),
    ];
    await putSoon(first, 1);
    await first.close();
    await expect(first.query.count(KEY)).rejects.toThrow();
    expect(await stored()).toEqual(['1']);
    await putSoon(second, 2);
    fail(true);
    await second.close();
    await expect(second.query.count(KEY)).rejects.toThrow();
    fail(false);
    expect(await stored()).toEqual(['1']);
  });

  test('is kept in memory and reported when the disk fails', async () => {
    const memory = createMemoryKvProvider();
    const degraded: unknown[] = [];
    const broken = { is: false };
    const faulty = createFaultyKvProvider((call) => (call === 'commit' && broken.is ? lost() : undefined), memory);
    const kv = await openEnduringKv(faulty, 'user', {
      fallback: memory,
      keepMessages: 1000,
      onDegraded: (error) => degraded.push(error),
      onMakingRoom: async () => undefined,
      onUnreadable: () => undefined,
    });
    const store = await openStore(kv);
    await put(store, 1);
    broken.is = true;
    await putSoon(store, 2);
    expect(degraded).toEqual([]);
    await store.update(() => undefined);
    expect(await idsIn(store)).toEqual(['1', '2']);
    expect(degraded).toMatchObject([{ reason: 'DbOperationFailed' }]);
    await putSoon(store, 3);
    expect(await idsIn(store)).toEqual(['1', '2', '3']);
    expect(await idsIn(await openStore(await memory.open('user')))).toEqual(['1']);
  });
});

describe('a read right after a change that may wait', () => {
  const reads: [string, (store: Store) => Promise<unknown>, unknown][] = [
    ['before', idsIn, ['1', '2', '3']],
    ['after', async ({ query }) => (await query.after(KEY, '0', 9)).map(({ id }) => id), ['1', '2', '3']],
    ['message', async ({ query }) => (await query.message(KEY, '3'))?.id, '3'],
    ['count', async ({ query }) => query.count(KEY), 3],
    ['search', async (store) => (await store.search('text', '', 9)).map(({ message: { id } }) => id), ['3', '2', '1']],
  ];

  test.each(reads)('%s: sees it once', async (_, read, expected) => {
    const store = await openStore(await createMemoryKvProvider().open('user'));
    await put(store, 1);
    // The texts are in memory from here on.
    await store.search('text', '', 9);
    await putSoon(store, 2);
    await putSoon(store, 3);
    expect(await read(store)).toEqual(expected);
  });

  test.each(reads)('%s: sees it while it is being stored, and no later change', async (_, read, expected) => {
    const { store, held } = await slowStore();
    await putSoon(store, 1, 2, 3);
    const storing = put(store, 1);
    await turn();
    const later = put(store, 4);
    await turn();
    expect(await read(store)).toEqual(expected);
    held[0]!.resolve();
    await storing;
    expect(await read(store)).toEqual(expected);
    held[1]!.resolve();
    await later;
  });
});

describe('a change that goes ahead', () => {
  const row = (id: number): OutboxEntry => messageEntry(String(id), KEY, { content: 'x', type: 'text' }, '100', 1, '0');
  const putRow = async (store: Store, id: number): Promise<unknown> =>
    store.update((tx) => tx.putOutbox(row(id)), 'ahead');
  const rowsIn = async (kv: KvStore): Promise<string[]> => (await openStore(kv)).reader.outbox().map(({ mid }) => mid);

  test('is stored before the waiting changes, which keep waiting', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { store, kv, held, stored } = await slowStore(systemClock);
    await putSoon(store, 1);
    const going = putRow(store, 7);
    await vi.advanceTimersByTimeAsync(0);
    expect(store.reader.outbox().length).toBe(0);
    held[0]!.resolve();
    await going;
    expect(store.reader.outbox().map(({ mid }) => mid)).toEqual(['7']);
    expect(newestIds(store)).toEqual(['1']);
    expect(await rowsIn(kv)).toEqual(['7']);
    expect(await stored()).toEqual([]);
    await vi.advanceTimersByTimeAsync(50);
    held[1]!.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(await stored()).toEqual(['1']);
    expect(await rowsIn(kv)).toEqual(['7']);
  });

  test('stores waiting changes with it when they have a record in common', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const going = store.update(putting(2), 'ahead');
    await turn();
    held[0]!.resolve();
    await going;
    expect(await stored()).toEqual(['1', '2']);
  });

  test('stores waiting changes with it when it clears a conversation', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const going = store.update((tx) => tx.messages.clear(KEY), 'ahead');
    await turn();
    held[0]!.resolve();
    await going;
    expect(newestIds(store)).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  test('leaves waiting changes alone when it is refused', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const going = putRow(store, 7);
    await turn();
    held[0]!.reject(new Error('full'));
    await expect(going).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(newestIds(store)).toEqual(['1']);
    const next = put(store, 2);
    await turn();
    held[1]!.resolve();
    await next;
    expect(await stored()).toEqual(['1', '2']);
  });

  test('a row that was put and deleted while it waited is deleted', async () => {
    const { store, kv, held } = await slowStore();
    await store.update((tx) => tx.putOutbox(row(7)), 'later');
    await store.update((tx) => tx.deleteOutbox('7'), 'later');
    const going = putRow(store, 8);
    await turn();
    held[0]!.resolve();
    await going;
    const now = store.update(() => undefined);
    await turn();
    held[1]!.resolve();
    await now;
    expect(await rowsIn(kv)).toEqual(['8']);
  });
});

test('a change that comes while waiting changes are being stored waits for the next batch', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { store, held, stored } = await slowStore(systemClock);
  await putSoon(store, 1);
  await vi.advanceTimersByTimeAsync(50);
  expect(held.length).toBe(1);
  await putSoon(store, 2);
  expect(newestIds(store)).toEqual(['1', '2']);
  held[0]!.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(await stored()).toEqual(['1']);
  expect(await idsIn(store)).toEqual(['1', '2']);
  await vi.advanceTimersByTimeAsync(50);
  held[1]!.resolve();
  await vi.advanceTimersByTimeAsync(0);
  expect(await stored()).toEqual(['1', '2']);
  expect(vi.getTimerCount()).toBe(0);
});

test('wherever a run ends, the changes up to some moment are stored, among them all that may not wait', async () => {
  const step = fc.record({
    when: fc.constantFrom<When>('now', 'later', 'ahead'),
    /** Turns before the next one comes. */
    pause: fc.integer({ min: 0, max: 2 }),
  });
  const plan = fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 25 }),
    slow: fc.integer({ min: 0, max: 2 }),
    refused: fc.uniqueArray(fc.nat(10), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(plan, async ({ steps, slow, refused }) => {
      const { store, kv, held, stored } = await slowStore();
      const disk = { isDone: false };
      /** Each change writes its own record; one that does not go ahead writes a message too. */
      const change =
        (id: string, when: When) =>
        async (tx: StoreTransaction): Promise<void> => {
          tx.putOutbox(messageEntry(id, KEY, { content: 'x', type: 'text' }, '100', 1, '0'));
          if (when !== 'ahead') await putting(Number(id))(tx);
        };
      const rows = async (): Promise<string[]> => (await openStore(kv)).reader.outbox().map(({ mid }) => mid);
      const messages: string[] = [];
      const ahead: string[] = [];
      /** The stored records after each batch. */
      const left: string[][] = [];
      const writing = (async () => {
        for (let next = 0; !disk.isDone;) {
          for (let turns = slow; turns >= 0; turns--) await turn();
          if (next >= held.length) continue;
          if (refused.includes(next)) held[next]!.reject(new Error('full'));
          else held[next]!.resolve();
          next++;
          await turn();
          const ids = await stored();
          left.push(ids);
          // All rows that went ahead, and the rows of the stored messages.
          expect((await rows()).sort()).toEqual([...ids, ...ahead].sort());
        }
      })();
      const run = async (id: string, when: When): Promise<void> => {
        await store.update(change(id, when), when);
        (when === 'ahead' ? ahead : messages).push(id);
        const counted = [...messages];
        expect(store.reader.outbox().map(({ mid }) => mid)).toContain(id);
        if (when !== 'ahead') expect(newestIds(store)).toContain(id);
        if (when !== 'later') expect(await rows()).toContain(id);
        if (when === 'now') expect(await stored()).toEqual(expect.arrayContaining(counted));
      };
      const all: Promise<unknown>[] = [];
      for (const [index, { when, pause }] of steps.entries()) {
        const going = run(String(index + 1), when);
        all.push(going.catch((error: unknown) => expect(error).toMatchObject({ reason: 'DbOperationFailed' })));
        for (let turns = pause; turns > 0; turns--) await turn();
      }
      await Promise.all(all);
      // The last one may be refused as often as any.
      for (let isStored = false; !isStored;)
        isStored = await run(String(steps.length + 1), 'now').then(
          () => true,
          () => false,
        );
      disk.isDone = true;
      await writing;
      expect(newestIds(store)).toEqual(messages);
      for (const ids of left) expect(ids).toEqual(messages.slice(0, ids.length));
      expect(await stored()).toEqual(messages);
    }),
    { numRuns: 60 },
  );
});
