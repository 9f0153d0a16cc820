import { expect, test } from 'vitest';
import { SortedMap } from '../../../../src/platform/memory/sorted-map.ts';
import { fc } from '../../../support/property.ts';

const key = fc.nat(3000).map((n) => n.toString(36));
const bound = fc.option(key, { nil: undefined });
const step = fc.oneof(
  // Many at once, so that there are chunks.
  { weight: 3, arbitrary: fc.record({ put: fc.array(key, { minLength: 200, maxLength: 900 }) }) },
  { weight: 2, arbitrary: fc.record({ from: bound, to: bound }) },
);
const range = fc.record({
  from: bound,
  to: bound,
  reverse: fc.boolean(),
  limit: fc.option(fc.nat(700), { nil: undefined }),
});

test('after any steps it has the keys and values of a plain map, in order', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), fc.array(range, { minLength: 3, maxLength: 6 }), (steps, ranges) => {
      const sorted = new SortedMap();
      const plain = new Map<string, number>();
      const isWithin = (each: string, from = '', to?: string): boolean =>
        from <= each && (to === undefined || each < to);
      steps.forEach((one, index) => {
        if ('put' in one) {
          for (const each of one.put) {
            sorted.put(each, index);
            plain.set(each, index);
          }
        } else {
          sorted.deleteRange(one.from, one.to);
          for (const each of [...plain.keys()]) if (isWithin(each, one.from, one.to)) plain.delete(each);
        }
      });
      expect(sorted.size).toBe(plain.size);
      for (const { from, to, reverse, limit } of ranges) {
        const expected = [...plain.keys()].filter((each) => isWithin(each, from, to)).sort();
        if (reverse) expected.reverse();
        expect(sorted.keys({ from, to, reverse, limit })).toEqual(expected.slice(0, limit));
      }
      for (const [each, value] of plain) expect(sorted.get(each)).toBe(value);
    }),
  );
});
