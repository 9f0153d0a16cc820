import Long from 'long';
import { describe, expect, test } from 'vitest';
import { compareIds, idNumber, parseId } from '../../../src/model/ids.ts';
import { fc } from '../../support/property.ts';

const MAX = '18446744073709551615';
const anyId = fc.oneof(
  fc.bigInt({ min: 0n, max: BigInt(MAX) }),
  fc.bigInt({ min: 2n ** 53n - 3n, max: 2n ** 53n + 3n }),
  fc.bigInt({ min: 0n, max: 200n }),
);

describe('comparing', () => {
  test('gives the order of numbers', () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        expect(Math.sign(compareIds(String(a), String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  test('sorts as numbers, above 2^53 too', () => {
    fc.assert(
      fc.property(fc.array(anyId), (ids) => {
        const sorted = [...ids].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map(String);
        expect(ids.map(String).sort(compareIds)).toEqual(sorted);
      }),
    );
    expect(compareIds('9', '10')).toBeLessThan(0);
  });
});

describe('parsing', () => {
  test('takes every uint64 as text, number where exact, and Long, to the same id', () => {
    fc.assert(
      fc.property(anyId, (id) => {
        expect(parseId(String(id))).toBe(String(id));
        expect(parseId(Long.fromString(String(id), true))).toBe(String(id));
        expect(parseId(id)).toBe(String(id));
        if (id <= BigInt(Number.MAX_SAFE_INTEGER)) expect(parseId(Number(id))).toBe(String(id));
      }),
    );
  });

  test.each<[unknown, string]>([
    [0, '0'],
    ['0', '0'],
    ['000', '0'],
    ['007', '7'],
    [' 7 ', '7'],
    [MAX, MAX],
    [{ toString: () => '12' }, '12'],
  ])('%j is %s', (input, id) => {
    expect(parseId(input)).toBe(id);
  });

  test.each<[unknown]>([
    [undefined],
    [null],
    [''],
    [' '],
    [-1],
    ['-1'],
    ['+1'],
    [1.5],
    ['1.5'],
    ['1e3'],
    ['0x10'],
    ['１２'],
    [NaN],
    [Infinity],
    [2 ** 53],
    ['abc'],
    ['12a'],
    [{}],
    [[]],
    [true],
    [() => 7],
    [Symbol('7')],
    [Object.create(null)],
    [{ toString: null }],
    [[{ toString: 7 }]],
    ['1'.repeat(21)],
    ['18446744073709551616'],
    ['99999999999999999999'],
  ])('%o is no id', (input) => {
    expect(parseId(input)).toBeUndefined();
  });
});

test('an id becomes the number that deployed apps compare with', () => {
  expect(idNumber('6597478514528')).toBe(6597478514528);
});
