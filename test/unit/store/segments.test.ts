import { describe, expect, test } from 'vitest';
import { compareIds } from '../../../src/model/ids.ts';
import type { Message } from '../../../src/model/message.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { putItems, SEGMENT_ITEMS } from '../../../src/store/segments.ts';
import type { Tail } from '../../../src/store/segments.ts';
import { openStore } from '../../../src/store/store.ts';
import { fc } from '../../support/property.ts';

const message = (id: number, content = ''): Message => ({ id: String(id), content }) as Message;
const EMPTY: Tail = [{ floor: '0', items: [] }];
const ids = (tail: Tail): number[] => tail.flatMap(({ items }) => items.map(({ id }) => Number(id)));
/** Those that a change of these made. */
const written = (before: Tail, after: Tail): Tail => after.filter((segment) => !before.includes(segment));
const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
const someIds = fc.array(fc.nat(2000), { minLength: 1, maxLength: 300 }).map(ascending);

describe('segments', () => {
  test('divide the ids: each message between its floor and the next, none too large, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(someIds, { minLength: 1, maxLength: 12 }), (batches) => {
        let tail = EMPTY;
        for (const batch of batches)
          tail = putItems(
            tail,
            batch.map((id) => message(id)),
          );
        expect(ids(tail)).toEqual(ascending(batches.flat()));
        expect(tail[0]!.floor).toBe('0');
        tail.forEach(({ floor, items }, index) => {
          const next = tail[index + 1]?.floor;
          expect(items.length).toBeLessThanOrEqual(SEGMENT_ITEMS);
          for (const { id } of items) {
            expect(compareIds(id, floor)).toBeGreaterThanOrEqual(0);
            if (next !== undefined) expect(compareIds(id, next)).toBeLessThan(0);
          }
        });
      }),
    );
  });

  test('that changed are the only ones written', () => {
    const tail = putItems(
      EMPTY,
      Array.from({ length: 3 * SEGMENT_ITEMS }, (_, id) => message(id + 1)),
    );
    expect(tail.length).toBe(3);
    const after = putItems(tail, [message(SEGMENT_ITEMS + 5, 'edited')]);
    expect(written(tail, after)).toEqual([after[1]]);
    expect(after[0]).toBe(tail[0]);
    expect(after[2]).toBe(tail[2]);
  });

  test('full at the end are left alone by what follows: live messages rewrite one small record', () => {
    let tail = putItems(
      EMPTY,
      Array.from({ length: SEGMENT_ITEMS }, (_, id) => message(id + 1)),
    );
    for (let id = SEGMENT_ITEMS + 1; id < SEGMENT_ITEMS + 10; id++) {
      const after = putItems(tail, [message(id)]);
      expect(written(tail, after).map(({ floor }) => floor)).toEqual([String(SEGMENT_ITEMS + 1)]);
      tail = after;
    }
  });
});

describe('the messages of a draft', () => {
  const KEY = 'r200';
  const content = (batch: readonly number[], at: number): Message[] => batch.map((id) => message(id, `${at}`));

  test('a page that does not fit, and a message after enough, begin a new one: what is stored is not written again', () => {
    const numbers = (from: number, count: number) => Array.from({ length: count }, (_, at) => message(from + at));
    const sizes = (tail: Tail) => tail.map(({ items }) => items.length);
    const few = putItems(EMPTY, numbers(1, 30));
    expect(sizes(putItems(few, numbers(31, 98)))).toEqual([128]);
    const page = putItems(few, numbers(31, 100));
    expect(sizes(page)).toEqual([30, 100]);
    expect(written(few, page)).toEqual([page[1]]);
    const live = putItems(page, numbers(131, 1));
    expect(sizes(live)).toEqual([30, 100, 1]);
    expect(written(page, live)).toEqual([live[2]]);
    // One that belongs between others goes between them.
    expect(sizes(putItems(page, [message(130, 'edited')]))).toEqual([30, 100]);
  });

  test('are the same in one batch, in many, and after a restart; found by id, from the end and after any id', async () => {
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
            expect(new Map([...found].map(([id, each]) => [id, (each as Message).content]))).toEqual(expected);
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

  test('of changes that come up together are one batch', async () => {
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

  test('of a task that fails are left out, and those of the others in its batch kept', async () => {
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
});
