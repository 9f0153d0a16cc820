import type { Clock, KvProvider, KvStore } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

/**
 * The longest that a database may take for a call. A slow disk answers sooner. A hung one never does: WebKit may forget a request
 * to open (WebKit 226547), and transactions when the device was asleep. It is measured in steps, because a timer that comes due
 * while the device sleeps runs before the answer that waits, too: a sleep takes one step.
 */
export const STEP_MS = 5000;
const STEPS = 4;

const LATE = 'TimeoutError';

/** The error of a call that took too long: nobody knows what it did, or will do. */
export const isLate = (error: unknown): boolean => (error as Error).name === LATE;

/** Databases of which every call ends: one that takes too long rejects, and so do all calls after it until the next `open`. */
export function createTimelyKvProvider(provider: KvProvider, clock: Clock): KvProvider {
  return {
    open: async (name) => {
      const opening = provider.open(name);
      const kv = await inTime(clock, opening).catch((error: unknown) => {
        // Nobody else closes it when it opens after all.
        if (isLate(error)) opening.then(async (late) => late.close()).catch(() => undefined);
        throw error;
      });
      return openHandle(kv, clock);
    },
    drop: async (name) => inTime(clock, provider.drop(name)),
  };
}

function openHandle(kv: KvStore, clock: Clock): KvStore {
  let hung: Error | undefined;
  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (hung) throw hung;
    return inTime(clock, work()).catch((error: unknown) => {
      if (isLate(error)) hung = error as Error;
      throw error;
    });
  };
  return {
    get isDamaged() {
      return kv.isDamaged === true;
    },
    get: async (key) => call(async () => kv.get(key)),
    range: async (range) => call(async () => kv.range(range)),
    commit: async (batch, unless) => call(async () => kv.commit(batch, unless)),
    close: async () => {
      const closing = kv.close();
      // It may close when the call that hangs ends.
      if (hung) closing.catch(() => undefined);
      else await call(async () => closing);
    },
  };
}

async function inTime<T>(clock: Clock, work: Promise<T>): Promise<T> {
  const timers = new Timers<'step'>(clock);
  return new Promise<T>((resolve, reject) => {
    const wait = (steps: number): void =>
      timers.set('step', STEP_MS, () => {
        if (steps > 1) wait(steps - 1);
        else reject(Object.assign(new Error('the database does not answer'), { name: LATE }));
      });
    wait(STEPS);
    work.then(resolve, reject).finally(() => timers.clear('step'));
  });
}
