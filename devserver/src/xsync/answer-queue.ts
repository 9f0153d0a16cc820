import type { Journal } from '../records/records.ts';

interface Deps {
  journal: Journal;
  delayMs: () => number;
}

/**
 * Runs sends in order, each `delayMs()` after its reason was written; at once if that is 0 and nothing waits.
 */
export class AnswerQueue {
  readonly #journal: Journal;
  readonly #delayMs: () => number;
  #isClosed = false;
  #waiting: { due: number; run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor({ journal, delayMs }: Deps) {
    this.#journal = journal;
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
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
  }

  #enqueue(run: () => void): void {
    const delayMs = this.#delayMs();
    if (delayMs === 0 && this.#waiting.length === 0) return run();
    this.#waiting.push({ due: Date.now() + delayMs, run });
    this.#schedule();
  }

  #schedule(): void {
    const next = this.#waiting[0];
    if (this.#timer || !next) return;
    this.#timer = setTimeout(() => this.#runNext(), Math.max(0, next.due - Date.now()));
  }

  #runNext(): void {
    this.#timer = undefined;
    this.#waiting.shift()?.run();
    this.#schedule();
  }
}
