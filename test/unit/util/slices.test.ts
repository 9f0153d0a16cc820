import { expect, test } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { inSlices } from '../../../src/util/slices.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

test('some hundred items are handled at once, before the call returns', () => {
  const handled: number[] = [];
  void inSlices(systemClock, numbers(300), (slice) => void handled.push(...slice));
  expect(handled).toEqual(numbers(300));
});

test('many are handled in order, and something else runs in between', async () => {
  const handled: number[] = [];
  const seen: number[] = [];
  const watch = setInterval(() => seen.push(handled.length), 0);
  await inSlices(systemClock, numbers(3000), async (slice) => {
    await Promise.resolve();
    handled.push(...slice);
  });
  clearInterval(watch);
  expect(handled).toEqual(numbers(3000));
  expect(new Set(seen).size).toBeGreaterThan(2);
});

test('nothing is handled after a failure', async () => {
  let slices = 0;
  const fail = (): void => {
    slices++;
    throw new Error('no');
  };
  await expect(inSlices(systemClock, numbers(3000), fail)).rejects.toThrow('no');
  expect(slices).toBe(1);
});
