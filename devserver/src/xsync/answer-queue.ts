/** Runs sends in order, each `delayMs()` after it was put; at once if that is 0 and nothing waits. */
export class AnswerQueue {
  readonly #delayMs: () => number;
  #waiting: { due: number; run: () => void }[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(delayMs: () => number) {
    this.#delayMs = delayMs;
  }

  put(run: () => void): void {
    const delayMs = this.#delayMs();
    if (delayMs === 0 && this.#waiting.length === 0) return run();
    this.#waiting.push({ due: Date.now() + delayMs, run });
    this.#schedule();
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#waiting = [];
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
