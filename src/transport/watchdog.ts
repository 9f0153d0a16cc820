import type { Clock, Timer } from '../platform/ports.ts';

/** A page that slept gets this long to hear what queued up meanwhile. */
const GRACE_MS = 1000;

/** Waits for a sign of life. */
export interface Watchdog {
  /** Life is due in `timeoutMs`. An earlier deadline stays as it is. */
  arm(timeoutMs: number): void;
  /** Life was seen, or nobody waits for it any more. */
  disarm(): void;
}

/**
 * A throttled or frozen page may make it bite late, but never wrongly: there timers run before the messages that came
 * in meanwhile, so one that runs late waits once more before it calls `onDead`.
 */
export function createWatchdog(clock: Clock, onDead: () => void): Watchdog {
  let timer: Timer | undefined;
  let dueAt = 0;

  function disarm(): void {
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
  }

  function arm(timeoutMs: number, isLastChance: boolean): void {
    const at = clock.now() + timeoutMs;
    if (timer !== undefined && dueAt <= at) return;
    disarm();
    dueAt = at;
    timer = clock.setTimeout(() => {
      timer = undefined;
      if (!isLastChance && clock.now() - dueAt > GRACE_MS) arm(GRACE_MS, true);
      else onDead();
    }, timeoutMs);
  }

  return { arm: (timeoutMs) => arm(timeoutMs, false), disarm };
}
