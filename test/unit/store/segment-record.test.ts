import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StoredItem } from '../../../src/store/schema.ts';
import { packItems, unpackItems } from '../../../src/store/segment-record.ts';

test('what is unpacked is what was packed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ id: fc.string(), content: fc.string(), config: fc.jsonValue() })),
      (items: unknown) => {
        // What JSON makes of it: it knows no -0.
        const plain = JSON.parse(JSON.stringify(items)) as StoredItem[];
        expect(unpackItems(packItems(plain))).toEqual(plain);
      },
    ),
  );
});

test.each([[undefined], [null], [''], ['{'], ['[{"id":"1"'], ['{}'], ['7'], [7], [{}], [[]], [Object.create(null)]])(
  'a record that is none holds nothing: %o',
  (record) => {
    expect(unpackItems(record)).toEqual([]);
  },
);
