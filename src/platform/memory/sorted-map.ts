import type { KvRange, KvValue } from '../ports.ts';

/** An ordered map from string keys to values, in UTF-16 code unit order. It copies nothing. */
export class SortedMap {
  readonly #values = new Map<string, KvValue>();
  readonly #keys: string[] = [];

  get(key: string): KvValue | undefined {
    return this.#values.get(key);
  }

  put(key: string, value: KvValue): void {
    if (!this.#values.has(key)) this.#keys.splice(this.#firstAt(key), 0, key);
    this.#values.set(key, value);
  }

  delete(key: string): void {
    if (this.#values.delete(key)) this.#keys.splice(this.#firstAt(key), 1);
  }

  deleteRange(from: string, to: string): void {
    const at = this.#firstAt(from);
    // A negative count, for bounds the wrong way round, deletes nothing.
    for (const key of this.#keys.splice(at, this.#firstAt(to) - at)) this.#values.delete(key);
  }

  clear(): void {
    this.#keys.length = 0;
    this.#values.clear();
  }

  /** The keys of a range, in its direction and within its limit; without a bound all on that side. */
  keys({ from = '', to, reverse, limit }: Partial<KvRange>): string[] {
    const keys = this.#keys.slice(this.#firstAt(from), to === undefined ? to : this.#firstAt(to));
    if (reverse) keys.reverse();
    return keys.slice(0, limit);
  }

  /** The index of the first key that is not below this one. */
  #firstAt(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
