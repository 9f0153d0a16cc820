import { describe, expect, test } from 'vitest';
import { compareIds } from '../../../src/model/ids.ts';
import type { Message } from '../../../src/model/message.ts';
import { putItems, SEGMENT_ITEMS } from '../../../src/store/segments.ts';
import type { Tail } from '../../../src/store/segments.ts';
import { fc } from '../../support/property.ts';

const message = (id: number, content = ''): Message => ({ id: String(id), content }) as Message;
const EMPTY: Tail = [{ floor: '0', items: [] }];
const ids = (tail: Tail): number[] => tail.flatMap(({ items }) => items.map(({ id }) => Number(id)));
/** Those that a change of these made. */
const written = (before: Tail, after: Tail): Tail => after.filter((segment) => !before.includes(segment));
const ascending = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
const someIds = fc.array(fc.nat(2000), { minLength: 1, maxLength: 300 }).map(ascending);

describe('segments', () => {
  test('divide the ids: each message lies between its floor and the next, and none is too large, in whatever order messages come', () => {
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

  test('are written only where they changed', () => {
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

  test('that are full are not written again: live messages rewrite one small record at the end', () => {
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

  test('start with a page that does not fit, or with a message after enough others', () => {
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
});
