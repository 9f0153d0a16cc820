import fc from 'fast-check';
import { expect, test } from 'vitest';
import { flatMap, fromEntries } from '../../../src/util/es2019.ts';

test('flatMap gives what the built-in gives', () => {
  const map = (item: number, index: number): number | number[] =>
    item % 3 === 0 ? [] : item % 3 === 1 ? item : [item, index];
  fc.assert(
    fc.property(fc.array(fc.nat()), (list) => {
      expect(flatMap(list, map)).toEqual(list.flatMap(map));
    }),
  );
});

test('flatMap flattens one level only', () => {
  expect(flatMap([1], () => [[2, [3]]])).toEqual([[2, [3]]]);
});

test('fromEntries gives what the built-in gives, for a key __proto__ too', () => {
  const entries: [string, unknown][] = [
    ['a', 1],
    ['__proto__', { isAdmin: true }],
    ['a', 2],
  ];
  for (const input of [entries, new Map(entries)]) {
    const object = fromEntries(input);
    expect(Object.entries(object)).toEqual(Object.entries(Object.fromEntries(input)));
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype);
    expect(object['isAdmin']).toBeUndefined();
  }
});
