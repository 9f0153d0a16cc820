import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

/** Nothing was stored or read for so long: the app is at rest. */
const REST_MS = 1000;

/** Where messages come all the time, a step is made after this time nevertheless. */
const MAX_WAIT_MS = 10_000;

/** Between the steps others may work. */
const PAUSE_MS = 4;

/** Work that is done in steps while the app is at rest. */
export interface IdleWork {
  /** There may be something to do. */
  wake(): void;
  /** Something is stored or read: the work waits. */
  noteBusy(): void;
  /** Ends it. Resolves when no step runs any more. */
  close(): Promise<void>;
}

/** @param step does a part. Resolves with whether there is more. When it fails, the work ends. */
export function createIdleWork(clock: Clock, step: () => Promise<boolean>): IdleWork {
  const timers = new Timers<'step'>(clock);
  let busyAt = clock.now();
  let waitsSince: number | undefined;
  let running: Promise<void> | undefined;
  let isOver = false;

  const run = async (): Promise<void> => {
    let hasMore = false;
    try {
      hasMore = await step();
    } catch {
      // The storage fails or is full, which whoever stores messages reports. The next run goes on.
      isOver = true;
    }
    running = undefined;
    waitsSince = undefined;
    if (hasMore) wait(PAUSE_MS);
  };

  const wait = (ms: number): void => {
    if (isOver || running || timers.has('step')) return;
    waitsSince ??= clock.now();
    timers.set('step', ms, () => {
      const now = clock.now();
      const rest = REST_MS - (now - busyAt);
      // A clock that was set back must not make it wait for long.
      if (rest > 0 && rest <= REST_MS && now - waitsSince! < MAX_WAIT_MS) wait(rest);
      else running = run();
    });
  };

  return {
    wake: () => wait(REST_MS),
    noteBusy: () => (busyAt = clock.now()),
    close: async () => {
      isOver = true;
      timers.clearAll();
      await running;
    },
  };
}
