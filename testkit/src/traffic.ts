import { nextTurn } from './turn.ts';

/** Turns without any traffic after which nothing more is under way. */
const QUIET_TURNS = 3;

/** Counts what happens between clients and the server, so that a test can wait until nothing is in flight. */
export class Traffic {
  #count = 0;
  #running = 0;

  /** Something happened. */
  note(): void {
    this.#count++;
  }

  /** Runs something that ends by itself, whatever the clock says: it is in flight meanwhile. */
  async during<T>(run: () => Promise<T>): Promise<T> {
    this.#count++;
    this.#running++;
    try {
      return await run();
    } finally {
      this.#running--;
      this.#count++;
    }
  }

  /** Resolves when nothing is in flight any more. What waits for the clock is not in flight. */
  async settled(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.#count;
      await nextTurn();
      if (this.#running > 0 || this.#count !== before) quiet = -1;
    }
  }
}
