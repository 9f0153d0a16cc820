import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { OutboxEntry } from '../store/schema.ts';
import { Timers } from '../util/timers.ts';

/** The longest delay of a timer. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** 2020. A clock that is earlier was never set, so its distance from one that was is no time. */
const EARLIEST_CLOCK_MS = 1_577_836_800_000;

/**
 * How long rows wait. While the client runs this is measured by timers, because the clock may be set forwards or back. Only the
 * time before this run is taken from the clock.
 */
export class Deadlines {
  private readonly clock: Clock;
  private readonly waitMs: number;
  private readonly onDue: () => void;
  private readonly timers: Timers<Id>;
  private readonly due = new Set<Id>();
  private isClosed = false;

  /** @param waitMs - how long a row may wait */
  constructor(clock: Clock, waitMs: number, onDue: () => void = () => undefined) {
    this.clock = clock;
    this.waitMs = waitMs;
    this.onDue = onDue;
    this.timers = new Timers(clock);
  }

  /** Measures the waiting time of a row that was made in this run. */
  begin({ mid }: OutboxEntry): void {
    if (!this.timers.has(mid) && !this.due.has(mid)) this.run(mid, this.waitMs);
  }

  /** Measures the waiting time of a row of an earlier run. */
  resume(entry: OutboxEntry): void {
    this.run(entry.mid, this.waitMs - waitedMs(entry.createdAt, this.clock.now()));
  }

  isDue(mid: Id): boolean {
    return this.due.has(mid);
  }

  end(mid: Id): void {
    this.timers.clear(mid);
    this.due.delete(mid);
  }

  /** No row waits any more, nor does one that is stored after this. */
  close(): void {
    this.isClosed = true;
    this.timers.clearAll();
    this.due.clear();
  }

  private run(mid: Id, leftMs: number): void {
    if (this.isClosed) return;
    // It may be sent before a timer runs.
    if (leftMs <= 0) this.due.add(mid);
    const stepMs = Math.max(0, Math.min(leftMs, LONGEST_TIMER_MS));
    this.timers.set(mid, stepMs, () => {
      if (leftMs > stepMs) return this.run(mid, leftMs - stepMs);
      this.due.add(mid);
      this.onDue();
    });
  }
}

/** The time since then on a clock that may have been set meanwhile. */
function waitedMs(since: number, now: number): number {
  const isSameClock = since < EARLIEST_CLOCK_MS === now < EARLIEST_CLOCK_MS;
  return isSameClock ? Math.max(0, now - since) : 0;
}
