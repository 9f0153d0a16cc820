import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { When } from '../../../src/store/write-behind.ts';
import { KEY, newestIds, put, putting, slowStore, turn } from './slow-store.ts';
import { storedMessage } from './stored-message.ts';

describe('while a batch is being stored', () => {
  test('new changes run on top of it and go into one batch after it', async () => {
    const { store, held, batches } = await slowStore();
    const order: string[] = [];
    const update = (name: string): Promise<unknown> =>
      store
        .update((tx) => {
          order.push(`${name} sees ${tx.conversation(KEY)?.draft ?? 'nothing'}`);
          tx.updateConversation(KEY, { draft: name });
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
    expect(store.reader.conversations().length).toBe(0);
    held[0]!.resolve();
    await turn();
    expect(order.slice(3)).toEqual(['one stored']);
    expect(store.reader.conversation(KEY)?.draft).toBe('one');
    held[1]!.resolve();
    await Promise.all(all);
    expect(order.slice(4)).toEqual(['two stored', 'three stored']);
    expect(store.reader.conversation(KEY)?.draft).toBe('three');
    // The version of the database was not held.
    expect(batches.length).toBe(3);
  });

  test('a refused change fails alone: those that were built on it run again without it', async () => {
    const { store, held, stored } = await slowStore();
    const first = store.update((tx) => tx.updateConversation(KEY, { draft: 'first' }));
    await turn();
    const second = store.update(async (tx) => {
      await putting(2)(tx);
      return tx.conversation(KEY)?.draft;
    });
    await turn();
    held[0]!.reject(new Error('full'));
    await expect(first).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    await turn();
    held[1]!.resolve();
    expect(await second).toBeUndefined();
    expect(newestIds(store)).toEqual(['2']);
    expect(await stored()).toEqual(['2']);
  });

  test('a batch that is refused is stored change by change, in order, and what was built on it after that', async () => {
    const { store, held, stored } = await slowStore();
    const outcomes: string[] = [];
    const add = (id: number): void =>
      void put(store, id).then(
        () => outcomes.push(`${id} stored`),
        () => outcomes.push(`${id} refused`),
      );
    add(1);
    await turn();
    for (const id of [2, 3, 4]) add(id);
    await turn();
    held[0]!.resolve();
    await turn();
    for (const id of [5, 6]) add(id);
    await turn();
    // The batch of 2, 3 and 4; then each alone; then 5 and 6 together.
    for (const [at, isStored] of [false, true, false, true, true].entries()) {
      await turn();
      if (isStored) held[at + 1]!.resolve();
      else held[at + 1]!.reject(new Error('this one cannot be stored'));
    }
    await turn();
    await turn();
    expect(outcomes).toEqual(['1 stored', '2 stored', '3 refused', '4 stored', '5 stored', '6 stored']);
    expect(await stored()).toEqual(['1', '2', '4', '5', '6']);
    expect(held.length).toBe(6);
  });

  test('a cleared conversation is empty for the changes after it', async () => {
    const { store, held, stored } = await slowStore();
    const first = put(store, 1, 2);
    await turn();
    held[0]!.resolve();
    await first;
    const clearing = store.update((tx) => tx.messages.clear(KEY));
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

test('overlapping batches store the same as separate ones', async () => {
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
}, 60_000);

test('exactly the resolved changes are visible and stored, however changes, clearings and refused batches overlap', async () => {
  const change = fc.record({
    /** The conversation is emptied first. */
    isClearing: fc.boolean(),
    ids: fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: 140 }),
    when: fc.constantFrom<When>('now', 'later', 'ahead'),
    pause: fc.integer({ min: 0, max: 2 }),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 1, max: 3 }),
      fc.uniqueArray(fc.nat(8), { maxLength: 2 }),
      async (changes, slow, refused) => {
        const { store, held, stored } = await slowStore();
        const disk = { isDone: false };
        const writing = (async () => {
          for (let next = 0; !disk.isDone;) {
            for (let left = slow; left > 0; left--) await turn();
            if (next >= held.length) continue;
            if (refused.includes(next)) held[next]!.reject(new Error('full'));
            else held[next]!.resolve();
            next++;
          }
        })();
        const outcomes: Promise<boolean>[] = [];
        for (const [at, { isClearing, ids, when, pause }] of changes.entries()) {
          const done = store.update(async (tx) => {
            if (isClearing) tx.messages.clear(KEY);
            const messages = [...ids].sort((a, b) => a - b).map((id) => storedMessage(id, { content: `${at}` }));
            await tx.messages.put(KEY, messages);
            // A task sees its own changes.
            const found = await tx.messages.find(
              KEY,
              messages.map(({ id }) => id),
            );
            expect([...found.values()]).toEqual(messages);
          }, when);
          outcomes.push(
            done.then(
              () => true,
              (error: unknown) => {
                expect(error).toMatchObject({ reason: 'DbOperationFailed' });
                return false;
              },
            ),
          );
          for (let left = pause; left > 0; left--) await turn();
        }
        const resolved = await Promise.all(outcomes);
        const expected = new Map<string, string>();
        for (const [at, { isClearing, ids }] of changes.entries()) {
          if (!resolved[at]) continue;
          if (isClearing) expected.clear();
          for (const id of ids) expected.set(String(id), `${at}`);
        }
        const all = [...expected.keys()].sort((a, b) => Number(a) - Number(b));
        expect((await store.query.before(KEY, '9999', 5000)).map(({ id, content }) => [id, content])).toEqual(
          all.map((id) => [id, expected.get(id)]),
        );
        // Waiting changes are stored with the next batch that is not refused.
        for (let isStored = false; !isStored;)
          isStored = await store
            .update(() => undefined)
            .then(
              () => true,
              () => false,
            );
        disk.isDone = true;
        await writing;
        expect(await stored()).toEqual(all);
        await store.warm(KEY);
        expect(store.reader.newestMessages(KEY).map(({ id, content }) => [id, content])).toEqual(
          all.slice(-100).map((id) => [id, expected.get(id)]),
        );
      },
    ),
    { numRuns: 80 },
  );
}, 60_000);
