import type { Clock, Timer } from '../../src/platform/ports.ts';
import { systemClock } from '../../src/platform/web-api/system.ts';
import type { Traffic } from './traffic.ts';
import { nextTurn } from './turn.ts';

/** The time of a test. */
export interface TestClock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Lets time pass. The timers of the server and of all clients that are due run in their order, and after each of them
   * everything that it caused. With the real clock it waits.
   *
   * @param ms - milliseconds
   */
  advance(ms: number): Promise<void>;
}

/** A clock for the test and for the parts that it drives. */
export type DrivenClock = TestClock & Clock;

interface DueTimer {
  readonly at: number;
  readonly run: () => void;
}

/**
 * Time that stands still until the test lets it pass. A timer that is due at once runs by itself: it only gives way to others.
 */
export function createVirtualClock(startMs: number, traffic: Traffic): DrivenClock {
  let now = startMs;
  /** In the order in which they run. */
  let timers: DueTimer[] = [];

  const runNext = (until: number): boolean => {
    const next = timers[0];
    if (!next || next.at > until) return false;
    timers = timers.slice(1);
    now = Math.max(now, next.at);
    traffic.note();
    next.run();
    return true;
  };
  return {
    now: () => now,
    setTimeout(run, delayMs): Timer {
      // Whole milliseconds, as a machine's clock has them.
      const timer: DueTimer = { at: now + Math.max(0, Math.ceil(delayMs)), run };
      const behind = timers.findIndex(({ at }) => at > timer.at);
      timers.splice(behind < 0 ? timers.length : behind, 0, timer);
      if (timer.at <= now) {
        traffic.note();
        void nextTurn().then(() => {
          if (timers.includes(timer)) runNext(now);
        });
      }
      return timer;
    },
    clearTimeout: (timer) => void (timers = timers.filter((other) => other !== timer)),
    async advance(ms) {
      const end = now + ms;
      do await traffic.settled();
      while (runNext(end));
      now = end;
    },
  };
}

/** The time of the machine. */
export function createRealClock(traffic: Traffic): DrivenClock {
  return {
    ...systemClock,
    async advance(ms) {
      await new Promise((resolve) => systemClock.setTimeout(() => resolve(undefined), ms));
      await traffic.settled();
    },
  };
}
