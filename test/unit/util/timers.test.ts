import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { Timers } from '../../../src/util/timers.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('runs once, when it is due', () => {
  const timers = new Timers<'a'>(systemClock);
  const run = vi.fn();
  timers.set('a', 100, run);
  vi.advanceTimersByTime(99);
  expect(run).not.toHaveBeenCalled();
  expect(timers.has('a')).toBe(true);
  vi.advanceTimersByTime(1000);
  expect(run).toHaveBeenCalledTimes(1);
  expect(timers.has('a')).toBe(false);
});

test('setting a name again replaces its timer', () => {
  const timers = new Timers<'a'>(systemClock);
  const old = vi.fn();
  const current = vi.fn();
  timers.set('a', 100, old);
  vi.advanceTimersByTime(50);
  timers.set('a', 100, current);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(99);
  expect(current).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect([old.mock.calls.length, current.mock.calls.length]).toEqual([0, 1]);
});

test('a timer may set itself again while it runs', () => {
  const timers = new Timers<'a'>(systemClock);
  let runs = 0;
  const again = (): void => {
    runs++;
    timers.set('a', 10, again);
  };
  again();
  vi.advanceTimersByTime(30);
  expect(runs).toBe(4);
  expect(timers.has('a')).toBe(true);
  timers.clear('a');
  expect(vi.getTimerCount()).toBe(0);
});

test('clearing ends one timer, clearing all ends every timer; both may be called twice', () => {
  const timers = new Timers<'a' | 'b' | 'c'>(systemClock);
  const run = vi.fn();
  timers.set('a', 1, run);
  timers.set('b', 2, run);
  timers.set('c', 3, run);
  timers.clear('b');
  timers.clear('b');
  expect(vi.getTimerCount()).toBe(2);
  timers.clearAll();
  timers.clearAll();
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(100);
  expect(run).not.toHaveBeenCalled();
});
