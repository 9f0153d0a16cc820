import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { createWatchdog } from '../../../src/transport/watchdog.ts';

const onDead = vi.fn();

beforeEach(() => {
  vi.useFakeTimers();
  onDead.mockClear();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('bites once when the deadline passes', () => {
  createWatchdog(systemClock, onDead).arm(5000);
  vi.advanceTimersByTime(4999);
  expect(onDead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(60_000);
  expect(onDead).toHaveBeenCalledTimes(1);
});

test('does not bite once disarmed', () => {
  const watchdog = createWatchdog(systemClock, onDead);
  watchdog.arm(5000);
  watchdog.disarm();
  watchdog.disarm();
  vi.advanceTimersByTime(60_000);
  expect(onDead).not.toHaveBeenCalled();
});

test('keeps the earlier of two deadlines, whichever came first', () => {
  const watchdog = createWatchdog(systemClock, onDead);
  watchdog.arm(5000);
  watchdog.arm(20_000);
  vi.advanceTimersByTime(5000);
  expect(onDead).toHaveBeenCalledTimes(1);
  watchdog.arm(20_000);
  watchdog.arm(5000);
  vi.advanceTimersByTime(5000);
  expect(onDead).toHaveBeenCalledTimes(2);
});

test('takes a new deadline when the one before is over: its timer stood still while the device slept', () => {
  const watchdog = createWatchdog(systemClock, onDead);
  watchdog.arm(20_000);
  vi.setSystemTime(Date.now() + 8 * 3_600_000);
  watchdog.arm(5000);
  vi.advanceTimersByTime(4999);
  expect(onDead).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  expect(onDead).toHaveBeenCalledTimes(1);
});

test('waits once more when it runs late, so that the queued events of a sleeping page come first', () => {
  const watchdog = createWatchdog(systemClock, onDead);
  watchdog.arm(5000);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(5000);
  expect(onDead).not.toHaveBeenCalled();
  watchdog.disarm();
  vi.advanceTimersByTime(60_000);
  expect(onDead).not.toHaveBeenCalled();
});

test('bites at the second late run: a throttled page is late every time', () => {
  createWatchdog(systemClock, onDead).arm(5000);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(5000);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1000);
  expect(onDead).toHaveBeenCalledTimes(1);
});

test('bites on time although the wall clock was set back', () => {
  createWatchdog(systemClock, onDead).arm(5000);
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(5000);
  expect(onDead).toHaveBeenCalledTimes(1);
});
