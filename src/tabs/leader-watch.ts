import type { Clock, Lifecycle } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

/** A tab in the foreground asks every second whether the leading tab is alive, and more often while it waits for an answer. */
const IDLE_MS = 1000;
const WAITING_MS = 200;
/** The leading tab answers within some milliseconds. It is given up after so many questions without an answer. */
const UNANSWERED = 3;
/** A timer that is so late says that this tab itself stood still: the answers wait behind it. */
const LATE_MS = 150;

interface LeaderWatchDeps {
  clock: Clock;
  lifecycle: Lifecycle;
  /** Whether this tab waits for the leading one. */
  isWaiting(): boolean;
  ping(): void;
  /** The leading tab does not answer. */
  onHung(): void;
}

/**
 * Notices a leading tab that lives and does nothing: stopped, or in an endless loop. One that is closed, that has crashed or that
 * is frozen gives its lock back, which needs no questions. A tab in the background that waits for nothing does not ask.
 */
export class LeaderWatch {
  private readonly deps: LeaderWatchDeps;
  private readonly timers: Timers<'ping'>;
  private readonly unsubscribe: () => void;
  private isVisible = true;
  private isOn = false;
  private unanswered = 0;

  constructor(deps: LeaderWatchDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
    this.unsubscribe = deps.lifecycle.subscribe((event) => {
      if (event !== 'show' && event !== 'hide') return;
      this.isVisible = event === 'show';
      if (this.isVisible) this.look();
    });
  }

  start(): void {
    this.isOn = true;
    this.unanswered = 0;
    this.next();
  }

  stop(): void {
    this.isOn = false;
    this.timers.clear('ping');
  }

  /** Something came from the leading tab. */
  heard(): void {
    this.unanswered = 0;
  }

  /** There is something to wait for: asks sooner. */
  look(): void {
    if (this.isOn && this.unanswered === 0) this.next();
  }

  close(): void {
    this.stop();
    this.unsubscribe();
  }

  private next(): void {
    const { clock, isWaiting, ping, onHung } = this.deps;
    const isUrgent = isWaiting() || this.unanswered > 0;
    if (!isUrgent && !this.isVisible) return this.timers.clear('ping');
    const delayMs = isUrgent ? WAITING_MS : IDLE_MS;
    const due = clock.now() + delayMs;
    this.timers.set('ping', delayMs, () => {
      if (Math.abs(clock.now() - due) > LATE_MS) this.unanswered = 0;
      if (this.unanswered >= UNANSWERED) return onHung();
      this.unanswered++;
      ping();
      this.next();
    });
  }
}
