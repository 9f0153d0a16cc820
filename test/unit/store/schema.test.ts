import { describe, expect, test } from 'vitest';
import { compareIds } from '../../../src/model/ids.ts';
import { conversationKey, conversationOf, KEYS, segmentRange, prefixRange } from '../../../src/store/schema.ts';
import { fc } from '../../support/property.ts';

const anyId = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

describe('keys with ids', () => {
  test('sort as their ids do', () => {
    fc.assert(
      fc.property(anyId, anyId, (a, b) => {
        const order = Math.sign(compareIds(a, b));
        expect(compareText(KEYS.segment('r1', a), KEYS.segment('r1', b))).toBe(order);
        expect(compareText(KEYS.outbox(a), KEYS.outbox(b))).toBe(order);
      }),
    );
  });

  test('of a range cover its ids without the last one, in that conversation only', () => {
    fc.assert(
      fc.property(anyId, anyId, anyId, (a, b, id) => {
        const [from, to] = compareIds(a, b) <= 0 ? [a, b] : [b, a];
        const range = segmentRange('r12', from, to);
        const within = (key: string): boolean => key >= range.from && key < range.to;
        expect(within(KEYS.segment('r12', id))).toBe(compareIds(id, from) >= 0 && compareIds(id, to) < 0);
        for (const other of ['r1', 'r123', 'g12', 'r2']) expect(within(KEYS.segment(other, id))).toBe(false);
      }),
    );
  });
});

test('the range of a prefix holds every key that starts with it and no other', () => {
  const { from, to } = prefixRange('c/');
  for (const key of ['c/', 'c/r1', 'c/\ufffe']) expect(key >= from && key < to).toBe(true);
  for (const key of ['c', 'b/x', 'c0', 'd/', 'm/r1/1']) expect(key >= from && key < to).toBe(false);
});

test('a user and a group with the same number are two conversations', () => {
  expect(conversationKey('roster', '7')).not.toBe(conversationKey('group', '7'));
  for (const type of ['roster', 'group'] as const)
    expect(conversationOf(conversationKey(type, '7'))).toEqual({ type, id: '7' });
});
