/** Keeps the last so many rows. */
export class Ring<T> {
  readonly #size: number;
  #rows: T[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  push(row: T): void {
    this.#rows.push(row);
    // Cutting at twice the size makes each push cheap on average.
    if (this.#rows.length >= 2 * this.#size) this.#rows = this.rows();
  }

  rows(): T[] {
    return this.#rows.slice(-this.#size);
  }

  clear(): void {
    this.#rows = [];
  }
}
