import type { Clock } from '../platform/ports.ts';
import { Timers } from './timers.ts';

/** Spreads what must not happen too often: some at once, then one each interval. One waits at a time: the last. */
export class Pace {
  private readonly clock: Clock;
  private readonly burst: number;
  private readonly intervalMs: number;
  private readonly timers: Timers<'turn'>;
  /** When everything so far would be over, were each to take one interval. */
  private busyUntil = 0;

  /** @param burst - how many may happen at once after a pause of as many intervals */
  constructor(clock: Clock, burst: number, intervalMs: number) {
    this.clock = clock;
    this.burst = burst;
    this.intervalMs = intervalMs;
    this.timers = new Timers(clock);
  }

  /** Runs the task when it is its turn: now, or after a while. A later call takes the place of one that waits. */
  run(task: () => void): void {
    const turn = (): void => {
      this.busyUntil = Math.max(this.busyUntil, this.clock.now()) + this.intervalMs;
      task();
    };
    const waitMs = this.waitMs();
    if (waitMs > 0) this.timers.set('turn', waitMs, turn);
    else turn();
  }

  /** Drops the task that waits. */
  cancel(): void {
    this.timers.clearAll();
  }

  private waitMs(): number {
    this.cancel();
    const now = this.clock.now();
    // A clock that was set back must not hold anything up for long.
    this.busyUntil = Math.min(this.busyUntil, now + this.burst * this.intervalMs);
    return Math.max(0, this.busyUntil - now - (this.burst - 1) * this.intervalMs);
  }
}
