import { afterEach, expect, test, vi } from 'vitest';
import { createBrowserPlatform } from '../../../src/platform/browser/index.ts';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import { createNodePlatform } from '../../../src/platform/node/index.ts';
import { consoleLogger, systemClock } from '../../../src/platform/web-api/system.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('a browser platform can be made on a server, and fails only where it is used', async () => {
  const platform = createBrowserPlatform();
  await expect(platform.kv.open('x')).rejects.toThrow('indexedDB');
  platform.preferences.set('key', 'value');
  expect(platform.preferences.get('key')).toBe('value');
});

test('two platforms of one process share nothing', async () => {
  const [one, two] = [createNodePlatform(), createNodePlatform()];
  const [first, second] = await Promise.all([one.kv.open('db'), two.kv.open('db')]);
  await first.commit([{ op: 'put', key: 'a', value: 1 }]);
  one.preferences.set('a', '1');
  expect(await second.get('a')).toBeUndefined();
  expect(two.preferences.get('a')).toBeUndefined();
});

test('a process is never shown or hidden', () => {
  const listener = vi.fn();
  createNodePlatform().lifecycle.subscribe(listener)();
  expect(listener).not.toHaveBeenCalled();
});

test('memory preferences keep, change and forget', () => {
  const preferences = createMemoryPreferences();
  preferences.set('a', '1');
  preferences.set('a', '2');
  expect(preferences.get('a')).toBe('2');
  preferences.remove('a');
  expect(preferences.get('a')).toBeUndefined();
});

test('the clock runs, and a timer cleared does not fire', () => {
  vi.useFakeTimers({ now: 1000 });
  const run = vi.fn();
  systemClock.setTimeout(run, 50);
  systemClock.clearTimeout(systemClock.setTimeout(run, 60));
  vi.advanceTimersByTime(100);
  expect(run).toHaveBeenCalledTimes(1);
  expect(systemClock.now()).toBe(1100);
});

test('log lines have a prefix, and nothing follows a message without details', () => {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => {});
  const error = vi.spyOn(console, 'error').mockImplementation(() => {});
  consoleLogger.debug('socket open');
  consoleLogger.error('commit failed', { name: 'QuotaExceededError' });
  expect(debug.mock.calls).toEqual([['[flooim] socket open']]);
  expect(error.mock.calls).toEqual([['[flooim] commit failed', { name: 'QuotaExceededError' }]]);
});
