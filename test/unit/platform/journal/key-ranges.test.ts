import { expect, test } from 'vitest';
import { KeyRanges } from '../../../../src/platform/journal/key-ranges.ts';
import { fc } from '../../../support/property.ts';

const KEYS = 'abcdefghij'.split('');
const key = fc.constantFrom(...KEYS);
const step = fc.record({ adds: fc.boolean(), from: key, to: key, isOpen: fc.boolean() });

test('after any additions and removals it has the keys of a plain set, in ranges that do not touch', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), key, key, (steps, from, to) => {
      const ranges = new KeyRanges();
      const plain = new Set<string>();
      for (const one of steps) {
        const end = !one.adds && one.isOpen ? undefined : one.to;
        if (one.adds) ranges.add(one.from, one.to);
        else ranges.remove(one.from, end);
        for (const each of KEYS) {
          if (each < one.from || (end !== undefined && each >= end)) continue;
          if (one.adds) plain.add(each);
          else plain.delete(each);
        }
      }
      for (const each of KEYS) {
        expect(ranges.has(each)).toBe(plain.has(each));
        expect(ranges.firstFrom(each)).toBe(KEYS.find((other) => other >= each && plain.has(other)));
      }
      const bounds = ranges.map((start, end) => [start, end]).flat();
      expect(bounds).toEqual([...new Set(bounds)].sort());
      expect(bounds).toHaveLength(2 * ranges.length);
      if (from < to) {
        const within = ranges.within(from, to);
        for (const each of KEYS) if (from <= each && each < to) expect(within.has(each)).toBe(plain.has(each));
      }
    }),
  );
});
