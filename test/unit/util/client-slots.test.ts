import { expect, test } from 'vitest';
import { createClientSlots } from '../../../src/util/client-slots.ts';
import type { TakenSlots } from '../../../src/util/client-slots.ts';

test('the lowest free number of an app is taken, also by another copy of the SDK', () => {
  const taken: TakenSlots = new Map();
  const [one, copy] = [createClientSlots(taken), createClientSlots(taken)];
  expect([one.take('a'), copy.take('a'), one.take('b'), one.take('a')]).toEqual([1, 2, 1, 3]);
  copy.free('a', 2);
  expect([one.take('a'), one.take('a')]).toEqual([2, 4]);
  for (const slot of [1, 2, 3, 4]) one.free('a', slot);
  one.free('b', 1);
  expect(taken.size).toBe(0);
});
