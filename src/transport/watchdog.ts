import type { Clock, Timer } from '../platform/ports.ts';

/** A page that slept gets this long to handle the messages that queued up meanwhile. */
const GRACE_MS = 1000;

/** Waits for a sign of life. */
interface Watchdog {
  /** Expects a sign of life within `timeoutMs`. An earlier deadline stays as it is, unless it is over. */
  arm(timeoutMs: number): void;
  /** A sign of life came, or none is expected any more. */
  disarm(): void;
}

/**
 * Creates a watchdog that calls `onDead` when a sign of life is overdue.
 *
 * In a throttled or frozen page, timers run late, and before the messages that arrived meanwhile. A timer that runs late
 * therefore waits once more before it calls `onDead`.
 */
export function createWatchdog(clock: Clock, onDead: () => void): Watchdog {
  let timer: Timer | undefined;
  let dueAt = 0;

  function disarm(): void {
    if (timer !== undefined) clock.clearTimeout(timer);
    timer = undefined;
  }

  function arm(timeoutMs: number, isLastChance: boolean): void {
    const now = clock.now();
    const at = now + timeoutMs;
    // The timer of one that is over may have stood still while the device slept, and still have most of its time to run.
    if (timer !== undefined && dueAt >= now && dueAt <= at) return;
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
