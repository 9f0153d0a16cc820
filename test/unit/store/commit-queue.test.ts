import fc from 'fast-check';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { Clock, KvStore } from '../../../src/platform/ports.ts';
import { openEnduringKv } from '../../../src/store/enduring-kv.ts';
import type { StoreDraft } from '../../../src/store/draft.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import type { Deferred } from '../../../src/util/deferred.ts';
import { testClock } from '../../support/fake-clock.ts';
import { createFaultyKvProvider, lost } from '../../support/faulty-kv.ts';
import { createFailingProvider } from './failing-store.ts';
import { messageEntry } from '../../../src/sync/outgoing.ts';
import { storedMessage } from './stored-message.ts';

const KEY = 'r200';
const turn = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A store whose disk is as slow as the test says: each commit waits until it is let go, or refused. */
async function slowStore(
  clock?: Clock,
): Promise<{ store: Store; kv: KvStore; held: Deferred[]; batches: number[]; stored: () => Promise<string[]> }> {
  const kv = await createMemoryKvProvider().open('user');
  const held: Deferred[] = [];
  const batches: number[] = [];
  let isHolding = false;
  const store = await openStore(
    {
      get: async (key) => kv.get(key),
      range: async (range) => kv.range(range),
      close: async () => kv.close(),
      commit: async (batch) => {
        if (isHolding) {
          const gate = createDeferred();
          held.push(gate);
          await gate.promise;
        }
        batches.push(batch.length);
        await kv.commit(batch);
      },
    },
    { clock },
  );
  isHolding = true;
  // As the next run would find it after a crash.
  const stored = async (): Promise<string[]> => idsIn(await openStore(kv));
  return { store, kv, held, batches, stored };
}

const putting =
  (...ids: number[]) =>
  async (draft: StoreDraft): Promise<void> =>
    draft.messages.put(
      KEY,
      ids.map((id) => storedMessage(id)),
    );
const put = async (store: Store, ...ids: number[]): Promise<unknown> => store.update(putting(...ids));
/** Resolves when it is visible. */
const putSoon = async (store: Store, ...ids: number[]): Promise<unknown> => store.update(putting(...ids), true);
const idsIn = async ({ query }: Store): Promise<string[]> =>
  (await query.before(KEY, '9999', 5000)).map(({ id }) => id);
const newestIds = (store: Store): string[] => store.working.tails.newest(KEY).map(({ id }) => id);

describe('while a batch is being stored', () => {
  test('what comes is run on top of it, and goes into one batch after it', async () => {
    const { store, held, batches } = await slowStore();
    const order: string[] = [];
    const update = (name: string): Promise<unknown> =>
      store
        .update((draft) => {
          order.push(`${name} sees ${draft.conversation(KEY)?.draft ?? 'nothing'}`);
          draft.updateConversation(KEY, { draft: name });
        })
        .then(() => order.push(`${name} stored`));
    const all = [update('one')];
    await turn();
    all.push(update('two'));
    await turn();
    all.push(update('three'));
    await turn();
    expect(order).toEqual(['one sees nothing', 'two sees one', 'three sees two']);
    expect(held.length).toBe(1);
    expect(store.working.conversations.size).toBe(0);
    held[0]!.resolve();
    await turn();
    expect(order.slice(3)).toEqual(['one stored']);
    expect(store.working.conversations.get(KEY)?.draft).toBe('one');
    held[1]!.resolve();
    await Promise.all(all);
    expect(order.slice(4)).toEqual(['two stored', 'three stored']);
    expect(store.working.conversations.get(KEY)?.draft).toBe('three');
    // The version of the database was not held.
    expect(batches.length).toBe(3);
  });

  test('a batch that is refused takes along what was built on it, and nothing else', async () => {
    const { store, held } = await slowStore();
    const first = put(store, 1);
    await turn();
    const second = put(store, 2);
    await turn();
    held[0]!.reject(new Error('full'));
    await expect(first).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    await expect(second).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(newestIds(store)).toEqual([]);
    const third = put(store, 3);
    await turn();
    held[1]!.resolve();
    await third;
    expect(newestIds(store)).toEqual(['3']);
  });

  test('an emptied conversation is empty for what comes after', async () => {
    const { store, held, stored } = await slowStore();
    const first = put(store, 1, 2);
    await turn();
    held[0]!.resolve();
    await first;
    const clearing = store.update((draft) => draft.messages.clear(KEY));
    await turn();
    const after = put(store, 3);
    await turn();
    held[1]!.resolve();
    await turn();
    held[2]!.resolve();
    await Promise.all([clearing, after]);
    expect(newestIds(store)).toEqual(['3']);
    expect(await stored()).toEqual(['3']);
  });
});

test('however batches overlap, what is stored is the same', async () => {
  const page = fc.record({
    ids: fc.uniqueArray(fc.integer({ min: 1, max: 1500 }), { minLength: 1, maxLength: 150 }),
    /** Turns before the next page comes. */
    pause: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(page, { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 1, max: 3 }),
      async (pages, slow) => {
        const { store, held, stored } = await slowStore();
        const disk = { isDone: false };
        const writing = (async () => {
          for (let next = 0; !disk.isDone;) {
            for (let left = slow; left > 0; left--) await turn();
            if (next < held.length) held[next++]!.resolve();
          }
        })();
        const all: Promise<unknown>[] = [];
        for (const { ids, pause } of pages) {
          all.push(put(store, ...[...ids].sort((a, b) => a - b)));
          for (let left = pause; left > 0; left--) await turn();
        }
        await Promise.all(all);
        disk.isDone = true;
        await writing;
        const expected = [...new Set(pages.flatMap(({ ids }) => ids))].sort((a, b) => a - b).map(String);
        expect(await stored()).toEqual(expected);
        expect(newestIds(store)).toEqual(expected.slice(-100));
      },
    ),
    { numRuns: 60 },
  );
});

describe('what may wait', () => {
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
    const { store, held, stored } = await slowStore(testClock);
    await putSoon(store, 1);
    await vi.advanceTimersByTimeAsync(5);
    await putSoon(store, 2);
    await vi.advanceTimersByTimeAsync(4);
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

  test('is told after what came before it, and not before that is stored', async () => {
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

  test('does not wait when it shares a batch with what may not', async () => {
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

  test('stays visible when the batch it went with is refused, and goes with the one after', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const refused = put(store, 2);
    await turn();
    const onTop = putSoon(store, 3);
    await turn();
    held[0]!.reject(new Error('full'));
    await expect(refused).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    await expect(onTop).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(newestIds(store)).toEqual(['1']);
    expect(await stored()).toEqual([]);
    const next = put(store, 4);
    await turn();
    held[1]!.resolve();
    await next;
    expect(await stored()).toEqual(['1', '4']);
  });

  test('a task that fails takes nothing of it along', async () => {
    const { store, held, stored } = await slowStore();
    await putSoon(store, 1);
    const failing = async (draft: StoreDraft): Promise<void> => {
      await putting(2)(draft);
      throw new Error('no');
    };
    await expect(store.update(failing, true)).rejects.toThrow('no');
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

  test('is in memory, and the app is told, when the disk takes no more', async () => {
    const memory = createMemoryKvProvider();
    const degraded: unknown[] = [];
    const broken = { is: false };
    const faulty = createFaultyKvProvider((call) => (call === 'commit' && broken.is ? lost() : undefined), memory);
    const kv = await openEnduringKv(faulty, 'user', {
      fallback: memory,
      keepMessages: 1000,
      onDegraded: (error) => degraded.push(error),
      onRemoved: () => undefined,
    });
    const store = await openStore(kv);
    await put(store, 1);
    broken.is = true;
    await putSoon(store, 2);
    expect(degraded).toEqual([]);
    expect(await idsIn(store)).toEqual(['1', '2']);
    expect(degraded).toMatchObject([{ reason: 'DbOperationFailed' }]);
    await putSoon(store, 3);
    expect(await idsIn(store)).toEqual(['1', '2', '3']);
    expect(await idsIn(await openStore(await memory.open('user')))).toEqual(['1']);
  });
});

describe('reads directly after what may wait', () => {
  const reads: [string, (store: Store) => Promise<unknown>, unknown][] = [
    ['before', idsIn, ['1', '2', '3']],
    ['after', async ({ query }) => (await query.after(KEY, '0', 9)).map(({ id }) => id), ['1', '2', '3']],
    ['message', async ({ query }) => (await query.message(KEY, '3'))?.id, '3'],
    ['count', async ({ query }) => query.count(KEY), 3],
    ['search', async (store) => (await store.search('text', '', 9)).map(({ message: { id } }) => id), ['3', '2', '1']],
  ];

  test.each(reads)('%s: see it, once', async (_, read, expected) => {
    const store = await openStore(await createMemoryKvProvider().open('user'));
    await put(store, 1);
    // The texts are in memory from here on.
    await store.search('text', '', 9);
    await putSoon(store, 2);
    await putSoon(store, 3);
    expect(await read(store)).toEqual(expected);
  });

  test.each(reads)('%s: wait while it is being stored, and for nothing else', async (_, read, expected) => {
    const { store, held } = await slowStore();
    await putSoon(store, 1, 2, 3);
    const storing = put(store, 1);
    await turn();
    const later = put(store, 4);
    await turn();
    const reading = read(store);
    const settled = vi.fn();
    void reading.then(settled);
    await turn();
    expect(settled).not.toHaveBeenCalled();
    held[0]!.resolve();
    expect(await reading).toEqual(expected);
    await storing;
    expect(await read(store)).toEqual(expected);
    held[1]!.resolve();
    await later;
  });
});

test('wherever a run ends, what is stored is all that counted up to some moment, and all that may not wait', async () => {
  const step = fc.record({
    mayWait: fc.boolean(),
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
      /** Each is a record of its own, too. */
      const change =
        (id: number) =>
        async (draft: StoreDraft): Promise<void> => {
          draft.putOutbox(messageEntry(String(id), KEY, { content: 'x', type: 'text' }, '100', 1, '0'));
          await putting(id)(draft);
        };
      const rows = async (): Promise<string[]> => [...(await openStore(kv)).working.outbox.keys()];
      /** What a run that ended after each batch would have left. */
      const left: string[][] = [];
      const writing = (async () => {
        for (let next = 0; !disk.isDone;) {
          for (let turns = slow; turns >= 0; turns--) await turn();
          if (next >= held.length) continue;
          if (refused.includes(next)) held[next]!.reject(new Error('full'));
          else held[next]!.resolve();
          next++;
          await turn();
          left.push(await stored());
          expect(await rows()).toEqual(left[left.length - 1]);
        }
      })();
      const counted: string[] = [];
      const all: Promise<unknown>[] = [];
      for (const [index, { mayWait, pause }] of steps.entries()) {
        const id = String(index + 1);
        const visible = store.update(change(index + 1), mayWait).then(async () => {
          counted.push(id);
          expect(newestIds(store)).toContain(id);
          if (!mayWait) expect(await stored()).toContain(id);
        });
        all.push(visible.catch((error: unknown) => expect(error).toMatchObject({ reason: 'DbOperationFailed' })));
        for (let turns = pause; turns > 0; turns--) await turn();
      }
      await Promise.all(all);
      // The last one may be refused as often as any.
      for (let isStored = false; !isStored;)
        isStored = await store.update(change(steps.length + 1)).then(
          () => true,
          () => false,
        );
      disk.isDone = true;
      await writing;
      counted.push(String(steps.length + 1));
      expect(newestIds(store)).toEqual(counted);
      for (const ids of left) expect(ids).toEqual(counted.slice(0, ids.length));
      expect(await stored()).toEqual(counted);
    }),
    { numRuns: 60 },
  );
});
