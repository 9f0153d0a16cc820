import type { Clock, Timer } from '../ports.ts';
import type { Journal } from '../records/records.ts';

interface Deps {
  journal: Journal;
  clock: Clock;
  delayMs: () => number;
}

/**
 * Runs sends in order, each `delayMs()` after its reason was written; at once if that is 0 and nothing waits.
 */
export class AnswerQueue {
  readonly #journal: Journal;
  readonly #clock: Clock;
  readonly #delayMs: () => number;
  #isClosed = false;
  #waiting: { due: number; run: () => void }[] = [];
  #timer: Timer | undefined;

  constructor({ journal, clock, delayMs }: Deps) {
    this.#journal = journal;
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  put(run: () => void): void {
    this.#journal.whenWritten(() => {
      if (!this.#isClosed) this.#enqueue(run);
    });
  }

  /** Drops what waits and what comes. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== undefined) this.#clock.clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #enqueue(run: () => void): void {
    const delayMs = this.#delayMs();
    if (delayMs === 0 && this.#waiting.length === 0) return run();
    this.#waiting.push({ due: this.#clock.now() + delayMs, run });
    this.#schedule();
  }

  #schedule(): void {
    const next = this.#waiting[0];
    if (this.#timer !== undefined || !next) return;
    this.#timer = this.#clock.setTimeout(() => this.#runNext(), Math.max(0, next.due - this.#clock.now()));
  }

  #runNext(): void {
    this.#timer = undefined;
    this.#waiting.shift()?.run();
    this.#schedule();
  }
}
