import { FlooError, unanswered } from '../errors.ts';
import type { CancelSignal, TransferProgress } from '../model/file.ts';
import type { Clock, HttpFailure, OnTransferred, Random, Timer, Transfer } from '../platform/ports.ts';
import { backoffMs } from '../util/backoff.ts';
import type { BackoffPolicy } from '../util/backoff.ts';

export interface TransferDeps {
  clock: Clock;
  random: Random;
  backoff: BackoffPolicy;
  /** A transfer is given up when no byte moves for this long. */
  silenceMs: number;
}

/** The caller's wishes for a transfer. */
export interface TransferWish {
  onProgress?: ((progress: TransferProgress) => void) | undefined;
  signal?: CancelSignal | undefined;
  /**
   * Whether to try again. Default: four tries in all.
   *
   * @param failures - tries in a row that made no progress
   */
  mayRetry?(failures: number): boolean;
}

const TRIES = 4;

/** The errors of a connection that broke off or was never made: another try may succeed. */
const BROKEN: readonly string[] = ['ServerNotReachable', 'ServerTimeOut'];

/**
 * Runs one transfer until it ends, is cancelled, or makes no progress.
 *
 * @throws FlooError UserCancel; or ServerNotReachable or ServerTimeOut, with the HttpFailure as its cause
 * @throws what `onProgress` threw
 */
export async function runTransfer<T>(
  { clock, silenceMs }: TransferDeps,
  { onProgress, signal }: TransferWish,
  url: string,
  start: (onProgress: OnTransferred) => Transfer<T>,
): Promise<T> {
  return untilCancelled(signal, (resolve, reject) => {
    let timer: Timer | undefined;
    const stop = (): void => {
      if (timer) clock.clearTimeout(timer);
    };
    const fail = (failure: unknown): void => reject(unanswered(failure, url, valuesIn(url)));
    const watch = (): void => {
      stop();
      timer = clock.setTimeout(
        () => fail({ kind: 'timeout', detail: 'it stands still' } satisfies HttpFailure),
        silenceMs,
      );
    };
    const transfer = start((loaded, total) => {
      // A transfer that was given up may still report progress.
      if (!timer) return;
      watch();
      try {
        if (total) onProgress?.({ loaded: Math.min(loaded, total), total });
      } catch (error) {
        reject(error);
      }
    });
    watch();
    transfer.result.then(resolve, fail);
    return () => {
      stop();
      timer = undefined;
      transfer.cancel();
    };
  });
}

/** The values in the query of a URL: some of them are permissions. */
const valuesIn = (url: string): string[] => url.split(/[?&][^=&]*=?/).slice(1);

/** Repeats an attempt until one does not break off. @param attempt - calls `moved` when it got further than those before */
export async function withRetries<T>(
  { clock, random, backoff }: TransferDeps,
  { signal, mayRetry = (failures) => failures < TRIES }: TransferWish,
  attempt: (moved: () => void) => Promise<T>,
): Promise<T> {
  let failures = 0;
  for (;;) {
    try {
      return await attempt(() => (failures = 0));
    } catch (error) {
      if (!BROKEN.includes((error as FlooError).reason) || !mayRetry(++failures)) throw error;
    }
    await untilCancelled<undefined>(signal, (resolve) => {
      const timer = clock.setTimeout(() => resolve(undefined), backoffMs(backoff, failures, random));
      return () => clock.clearTimeout(timer);
    });
  }
}

/**
 * Runs work that a signal can cancel.
 *
 * @param start - starts the work and returns the clean-up, which is called once, at the end
 */
async function untilCancelled<T>(
  signal: CancelSignal | undefined,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  const cancelled = new FlooError('UserCancel', 'cancelled');
  if (signal?.aborted) throw cancelled;
  let end: (() => void) | undefined;
  let cancel!: () => void;
  return new Promise<T>((resolve, reject) => {
    cancel = () => reject(cancelled);
    signal?.addEventListener('abort', cancel);
    end = start(resolve, reject);
  }).finally(() => {
    signal?.removeEventListener?.('abort', cancel);
    end?.();
  });
}
