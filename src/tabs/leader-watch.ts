import type { Clock, Lifecycle } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

/** A tab in the foreground asks every second whether the leading tab is alive, and more often while it waits for an answer. */
const IDLE_MS = 1000;
const WAITING_MS = 200;
/** The leading tab answers within some milliseconds. It is given up when it was silent for so long. */
const SILENCE_MS = 600;
/** Its answer may wait behind the timer: what was late in this tab itself is handled first. */
const CONFIRM_MS = 30;
/** A timer that is so late says that this tab itself stood still. In the background, timers run once a second. */
const SLEPT_MS = 1500;

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
  /** The timer that runs is a short one: who waits starts it once. */
  private isUrgent = false;
  /** When the first question was asked that has no answer, ms since 1970. */
  private askedAt: number | undefined;

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
    this.isUrgent = false;
    this.askedAt = undefined;
    this.next();
  }

  stop(): void {
    this.isOn = false;
    this.timers.clear('ping');
  }

  /** Something came from the leading tab. */
  heard(): void {
    this.askedAt = undefined;
  }

  /** There is something to wait for: asks sooner. */
  look(): void {
    if (this.isOn && !this.isUrgent) this.next();
  }

  close(): void {
    this.stop();
    this.unsubscribe();
  }

  private next(): void {
    this.isUrgent = this.deps.isWaiting() || this.askedAt !== undefined;
    if (this.isUrgent || this.isVisible) this.after(this.isUrgent ? WAITING_MS : IDLE_MS, () => this.ask());
    else this.timers.clear('ping');
  }

  private ask(): void {
    const now = this.deps.clock.now();
    // In the background the timer before this was a second ago: the answer has come or will not.
    if (this.askedAt !== undefined && now - this.askedAt >= SILENCE_MS)
      return this.isVisible ? this.after(CONFIRM_MS, () => this.giveUp()) : this.giveUp();
    this.askedAt ??= now;
    this.deps.ping();
    this.next();
  }

  private giveUp(): void {
    if (this.askedAt === undefined) this.next();
    else this.deps.onHung();
  }

  private after(delayMs: number, run: () => void): void {
    const { clock } = this.deps;
    const due = clock.now() + delayMs;
    this.timers.set('ping', delayMs, () => {
      if (Math.abs(clock.now() - due) > SLEPT_MS) this.askedAt = undefined;
      run();
    });
  }
}
