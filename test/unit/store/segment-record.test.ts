import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareIds } from '../../../src/model/ids.ts';
import { MESSAGE_TYPES } from '../../../src/model/message.ts';
import type { StoredItem } from '../../../src/store/schema.ts';
import { packItems, unpackItems } from '../../../src/store/segment-record.ts';

/** A value after JSON, which has no -0. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const object = fc.dictionary(fc.string(), fc.jsonValue()).map(plain);

const id = fc.maxSafeNat().map(String);
const ops = fc.record({ readOp: id, played: fc.constant(true) }, { requiredKeys: [] });

const message = fc.record(
  {
    id,
    from: fc.string(),
    to: fc.string(),
    content: fc.string(),
    type: fc.constantFrom(...MESSAGE_TYPES, undefined),
    ext: fc.string(),
    status: fc.constantFrom(0, 1, 2),
    timestamp: fc.string(),
    toType: fc.constantFrom('roster', 'group'),
    is_system: fc.boolean(),
    isHistory: fc.boolean(),
    isNative: fc.boolean(),
    isPlayed: fc.boolean(),
    editTimestamp: fc.string(),
    clientMid: id,
    attach: object,
    config: object,
    ops,
  },
  {
    requiredKeys: [
      ...(['id', 'from', 'to', 'content', 'type', 'ext', 'status', 'timestamp', 'toType'] as const),
      ...(['is_system', 'isHistory', 'isNative', 'isPlayed', 'editTimestamp'] as const),
    ],
  },
);

const stub = fc.record({ id, removed: fc.constant(true), ops }, { requiredKeys: ['id'] });

test('unpacking gives the packed items', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.oneof(message, stub), { selector: (item) => item.id }), (items) => {
      items.sort((a, b) => compareIds(a.id, b.id));
      expect(unpackItems(packItems(items as StoredItem[]))).toEqual(items);
    }),
  );
});

test.each([[undefined], [null], [''], ['{'], ['[["1"'], ['{}'], ['7'], [7], [{}], [[]], [Object.create(null)]])(
  'a damaged record has no items: %o',
  (record) => {
    expect(unpackItems(record)).toEqual([]);
  },
);
