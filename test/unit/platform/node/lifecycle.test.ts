import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createNodeLifecycle } from '../../../../src/platform/node/lifecycle.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a look that comes late says that the process stood still, once, to everybody', async () => {
  const heard: string[] = [];
  const lifecycle = createNodeLifecycle();
  const ends = ['a', 'b'].map((name) => lifecycle.subscribe((event) => heard.push(`${name} ${event}`)));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(heard).toEqual([]);
  vi.setSystemTime(Date.now() + 60_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(heard).toEqual(['a resume', 'b resume']);
  ends.forEach((end) => end());
});

test('one timer for all listeners, which ends with the last of them', () => {
  const lifecycle = createNodeLifecycle();
  const listener = (): void => undefined;
  const [first, second] = [lifecycle.subscribe(listener), lifecycle.subscribe(listener)];
  expect(vi.getTimerCount()).toBe(1);
  first();
  first();
  expect(vi.getTimerCount()).toBe(1);
  second();
  expect(vi.getTimerCount()).toBe(0);
  lifecycle.subscribe(listener)();
  expect(vi.getTimerCount()).toBe(0);
});
