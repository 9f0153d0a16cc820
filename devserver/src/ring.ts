/** Keeps the last `size` rows. */
export class Ring<T> {
  readonly #size: number;
  #rows: T[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  push(row: T): void {
    this.#rows.push(row);
    // Rows are cut only at twice the size, so that a push is cheap on average.
    if (this.#rows.length >= 2 * this.#size) this.#rows = this.rows();
  }

  rows(): T[] {
    return this.#rows.slice(-this.#size);
  }

  clear(): void {
    this.#rows = [];
  }
}
