import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FlooError } from '../../../src/errors.ts';
import { runTransfer, withRetries } from '../../../src/files/transfers.ts';
import type { TransferDeps, TransferWish } from '../../../src/files/transfers.ts';
import type { OnTransferred } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import { createDeferred } from '../../../src/util/deferred.ts';

const deps: TransferDeps = {
  clock: systemClock,
  random: () => 0.5,
  backoff: { baseMs: 100, capMs: 1000 },
  silenceMs: 1000,
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A transfer that the test drives. */
function begin(wish: TransferWish = {}) {
  const end = createDeferred<string>();
  const cancel = vi.fn();
  let move!: OnTransferred;
  const outcome = runTransfer(deps, wish, 'http://h/a?token=secret', (onProgress) => {
    move = onProgress;
    return { result: end.promise, cancel };
  });
  outcome.catch(() => undefined);
  return { end, cancel, outcome, move: (...args: Parameters<OnTransferred>) => move(...args) };
}

describe('one transfer', () => {
  test('ends with its result; later progress is ignored', async () => {
    const onProgress = vi.fn();
    const { end, outcome, move } = begin({ onProgress });
    move(1, 2);
    move(3, undefined);
    move(3, 2);
    end.resolve('done');
    expect(await outcome).toBe('done');
    move(2, 2);
    expect(onProgress.mock.calls).toEqual([[{ loaded: 1, total: 2 }], [{ loaded: 2, total: 2 }]]);
  });

  test('is given up when it stands still, but not while bytes move', async () => {
    const { outcome, move, cancel } = begin();
    for (let i = 0; i < 5; i++) {
      await vi.advanceTimersByTimeAsync(900);
      move(i, undefined);
    }
    expect(cancel).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1000);
    await expect(outcome).rejects.toMatchObject({ reason: 'ServerTimeOut', url: 'http://h/a' });
    expect(cancel).toHaveBeenCalled();
  });

  test('is cancelled once, and removes its listener from the signal', async () => {
    const controller = new AbortController();
    const remove = vi.spyOn(controller.signal, 'removeEventListener');
    const { outcome, cancel } = begin({ signal: controller.signal });
    controller.abort();
    await expect(outcome).rejects.toMatchObject({ reason: 'UserCancel' });
    expect([cancel.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1]);
  });

  test('does not begin when its signal is already aborted', async () => {
    const start = vi.fn();
    await expect(runTransfer(deps, { signal: AbortSignal.abort() }, 'u', start)).rejects.toMatchObject({
      reason: 'UserCancel',
    });
    expect(start).not.toHaveBeenCalled();
  });
});

describe('tries', () => {
  const broken = new FlooError('ServerNotReachable');

  test('end after four failures in a row; progress resets the count', async () => {
    const attempt = vi.fn().mockRejectedValue(broken);
    const given = withRetries(deps, {}, attempt);
    given.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(given).rejects.toBe(broken);
    expect(attempt).toHaveBeenCalledTimes(4);

    let tries = 0;
    const moving = withRetries(deps, {}, async (moved) => {
      tries++;
      if (tries === 3) moved();
      throw broken;
    });
    moving.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(moving).rejects.toBe(broken);
    expect(tries).toBe(6);
  });

  test('are not repeated after a refusal', async () => {
    const attempt = vi.fn().mockRejectedValue(new FlooError('ServerFileUploadUnknownError'));
    await expect(withRetries(deps, {}, attempt)).rejects.toMatchObject({ reason: 'ServerFileUploadUnknownError' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });

  test('end when the transfer is cancelled between two of them', async () => {
    const controller = new AbortController();
    const attempt = vi.fn().mockRejectedValue(broken);
    const tried = withRetries(deps, { signal: controller.signal }, attempt);
    tried.catch(() => undefined);
    await vi.advanceTimersByTimeAsync(1);
    controller.abort();
    await expect(tried).rejects.toMatchObject({ reason: 'UserCancel' });
    expect(attempt).toHaveBeenCalledTimes(1);
  });
});
