import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { Pace } from '../../../src/util/pace.ts';

beforeEach(() => vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => vi.useRealTimers());

test('some run at once, then one each interval', () => {
  const pace = new Pace(systemClock, 3, 100);
  const at: number[] = [];
  const again = (): void => {
    at.push(Date.now() - 1_000_000);
    if (at.length < 6) pace.run(again);
  };
  pace.run(again);
  vi.advanceTimersByTime(1000);
  expect(at).toEqual([0, 0, 0, 100, 200, 300]);
});

test('a later task takes the place of one that waits, and cancel drops it', () => {
  const pace = new Pace(systemClock, 1, 100);
  const ran: string[] = [];
  for (const name of ['a', 'b', 'c']) pace.run(() => ran.push(name));
  vi.advanceTimersByTime(1000);
  expect(ran).toEqual(['a', 'c']);
  pace.run(() => ran.push('d'));
  pace.run(() => ran.push('e'));
  pace.cancel();
  vi.advanceTimersByTime(1000);
  expect(ran).toEqual(['a', 'c', 'd']);
});

test('a clock that is set back holds nothing up for longer than an interval', () => {
  const pace = new Pace(systemClock, 2, 100);
  const ran = vi.fn();
  pace.run(ran);
  pace.run(ran);
  vi.setSystemTime(0);
  pace.run(ran);
  vi.advanceTimersByTime(100);
  expect(ran).toHaveBeenCalledTimes(3);
});
