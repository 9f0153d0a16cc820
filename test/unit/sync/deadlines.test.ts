import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { Deadlines } from '../../../src/sync/deadlines.ts';
import { TIME } from './harness.ts';
import { textEntry } from './outbox-harness.ts';

const WAIT_MS = 1000;
const row = (createdAt: number): ReturnType<typeof textEntry> => ({ ...textEntry(1), createdAt });

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['from 1970 to now', 500, TIME],
  ['forwards by a day', TIME, TIME + 86_400_000],
  ['back by a day', TIME, TIME - 86_400_000],
  ['back to 1970', TIME, 0],
])('a clock that is set %s changes nothing while the client runs', (_, before, after) => {
  vi.setSystemTime(before);
  const deadlines = new Deadlines(systemClock, WAIT_MS);
  deadlines.begin(row(before));
  vi.advanceTimersByTime(500);
  vi.setSystemTime(after);
  expect(deadlines.isDue('1')).toBe(false);
  vi.advanceTimersByTime(499);
  expect(deadlines.isDue('1')).toBe(false);
  vi.advanceTimersByTime(1);
  expect(deadlines.isDue('1')).toBe(true);
});

test.each([
  ['counts', TIME - 600, 400],
  ['counts also when it is more than the whole', TIME - 5000, 0],
  ['counts nothing when the clock was set back since', TIME + 600, WAIT_MS],
  ['counts nothing when the clock was never set then', 500, WAIT_MS],
])('the time before this run %s', (_, createdAt, left) => {
  const deadlines = new Deadlines(systemClock, WAIT_MS);
  deadlines.resume(row(createdAt));
  vi.advanceTimersByTime(Math.max(0, left - 1));
  expect(deadlines.isDue('1')).toBe(left === 0);
  vi.advanceTimersByTime(1);
  expect(deadlines.isDue('1')).toBe(true);
});

test('a wait longer than the longest timer is measured in steps', () => {
  const due: string[] = [];
  const deadlines = new Deadlines(systemClock, 2 ** 32, () => due.push('due'));
  deadlines.begin(row(TIME));
  vi.advanceTimersByTime(2 ** 32 - 1);
  expect(due).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(due).toEqual(['due']);
});

test('a row that was sent, and all rows at the end, leave no timer', () => {
  const deadlines = new Deadlines(systemClock, WAIT_MS);
  deadlines.begin(row(TIME));
  deadlines.end('1');
  expect(vi.getTimerCount()).toBe(0);
  deadlines.begin(row(TIME));
  deadlines.close();
  expect(vi.getTimerCount()).toBe(0);
  // It was stored only now.
  deadlines.begin(row(TIME));
  expect(vi.getTimerCount()).toBe(0);
});
