import { beforeEach, describe, expect, test, vi } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider, KvStore } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { createTimelyKvProvider, isLate, STEP_MS } from '../../../src/store/timely-kv.ts';

const LIMIT_MS = 4 * STEP_MS;
const never = async <T>(): Promise<T> => new Promise<T>(() => undefined);

/** The error of a call, once it has one. */
function errorOf(call: Promise<unknown>): { error?: unknown } {
  const found: { error?: unknown } = {};
  call.catch((error: unknown) => Object.assign(found, { error }));
  return found;
}

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

const open = async (change: Partial<KvStore>, inner: KvProvider = createMemoryKvProvider()): Promise<KvStore> =>
  createTimelyKvProvider(
    { ...inner, open: async (name) => ({ ...(await inner.open(name)), ...change }) },
    systemClock,
  ).open('user');

describe('a database that answers', () => {
  test('is as it is, and leaves no timer', async () => {
    const kv = await open({});
    await kv.commit([{ op: 'put', key: 'a', value: 1 }]);
    expect(await kv.get('a')).toBe(1);
    expect(await kv.range({ from: '', to: 'z' })).toEqual([{ key: 'a', value: 1 }]);
    await kv.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a database that does not answer', () => {
  test.each(['get', 'range', 'commit', 'close'] as const)(
    '%s rejects after a while, and others at once',
    async (call) => {
      const kv = await open({ [call]: never });
      const calls = {
        get: async () => kv.get('a'),
        range: async () => kv.range({ from: '', to: 'z' }),
        commit: async () => kv.commit([]),
        close: async () => kv.close(),
      };
      const hung = errorOf(calls[call]());
      await vi.advanceTimersByTimeAsync(LIMIT_MS - 1);
      expect(hung.error).toBeUndefined();
      await vi.advanceTimersByTimeAsync(1);
      expect(isLate(hung.error)).toBe(true);
      await expect(kv.get('a')).rejects.toBe(hung.error);
      await expect(kv.close()).resolves.toBeUndefined();
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  test('a sleep of the device counts little, however long it was', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const kv = await open({ get: async () => new Promise((resolve) => (answer = resolve)) });
    const reading = kv.get('a');
    // At its end one timer is due, and then the answer comes.
    vi.setSystemTime(Date.now() + 3_600_000);
    await vi.advanceTimersByTimeAsync(STEP_MS);
    answer(1);
    expect(await reading).toBe(1);
  });

  test('when it opens after all, it is closed', async () => {
    const close = vi.fn(async () => undefined);
    let opened: (kv: KvStore) => void = () => undefined;
    const provider = { open: async () => new Promise<KvStore>((resolve) => (opened = resolve)), drop: never<void> };
    const timely = createTimelyKvProvider(provider, systemClock);
    const [opening, dropping] = [errorOf(timely.open('user')), errorOf(timely.drop('user'))];
    await vi.advanceTimersByTimeAsync(LIMIT_MS);
    expect(isLate(opening.error) && isLate(dropping.error)).toBe(true);
    opened({ ...(await createMemoryKvProvider().open('user')), close });
    await vi.advanceTimersByTimeAsync(1);
    expect(close).toHaveBeenCalledOnce();
  });
});
