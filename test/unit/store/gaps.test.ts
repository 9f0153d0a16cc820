import { describe, expect, test } from 'vitest';
import { nextId, previousId, withGap, withoutGap } from '../../../src/store/gaps.ts';
import type { Gaps } from '../../../src/store/gaps.ts';
import { fc } from '../../support/property.ts';

const inside = (gaps: Gaps, id: number): boolean => gaps.some(([from, to]) => Number(from) <= id && id <= Number(to));

describe('gaps', () => {
  test('the ids after and before an id', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n - 2n }), (id) => {
        expect(nextId(String(id))).toBe(String(id + 1n));
        expect(previousId(String(id))).toBe(String(id - 1n));
      }),
    );
    for (const id of ['9', '99', '10', '100', '1', '109', '190']) expect(previousId(nextId(id))).toBe(id);
  });

  test('are the ids that were added and not removed, as ascending intervals that do not touch', () => {
    const step = fc.record({
      add: fc.boolean(),
      from: fc.integer({ min: 1, max: 40 }),
      size: fc.integer({ min: 0, max: 15 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const missing = new Set<number>();
        let gaps: Gaps = [];
        for (const { add, from, size } of steps) {
          const change = add ? withGap : withoutGap;
          gaps = change(gaps, String(from), String(from + size));
          for (let id = from; id <= from + size; id++)
            if (add) missing.add(id);
            else missing.delete(id);
        }
        for (let id = 1; id <= 60; id++) expect(inside(gaps, id)).toBe(missing.has(id));
        gaps.forEach(([from, to], at) => {
          expect(Number(from)).toBeLessThanOrEqual(Number(to));
          if (at > 0) expect(Number(from)).toBeGreaterThan(Number(gaps[at - 1]![1]) + 1);
        });
      }),
    );
  });
});
