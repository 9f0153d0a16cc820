import { expect, test } from 'vitest';
import { backoffMs } from '../../../src/util/backoff.ts';

const POLICY = { baseMs: 500, capMs: 30_000 };

test('the longest delay doubles with every attempt up to the cap', () => {
  const almostOne = 1 - Number.EPSILON;
  const longest = [0, 1, 2, 3, 4, 5, 6, 7, 40, 1e9].map((attempt) => backoffMs(POLICY, attempt, () => almostOne));
  expect(longest).toEqual([499, 999, 1999, 3999, 7999, 15_999, 29_999, 29_999, 29_999, 29_999]);
});

test('the delay is a whole number of milliseconds from 0 to the longest delay', () => {
  expect(backoffMs(POLICY, 3, () => 0)).toBe(0);
  expect(backoffMs(POLICY, 3, () => 0.5)).toBe(2000);
  expect(backoffMs(POLICY, 0, () => 0.3333)).toBe(166);
});
