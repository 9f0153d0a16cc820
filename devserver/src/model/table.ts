import type { Records } from '../records/records.ts';

/**
 * Entries by key, each of them a record. Whoever gets an entry by its key may change it in the same turn of the event
 * loop. The iterations are for reading.
 */
export class Table<K extends string | number, V> {
  readonly #records: Records;
  readonly #name: string;
  readonly #entries: Map<K, V>;

  constructor(records: Records, name: string) {
    this.#records = records;
    this.#name = name;
    this.#entries = new Map(records.load<readonly [K, V]>(name));
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  get(key: K): V | undefined {
    const value = this.#entries.get(key);
    if (typeof value === 'object') this.#records.lend(this.#name, [key], [key, value]);
    return value;
  }

  set(key: K, value: V): void {
    this.#entries.set(key, value);
    this.#records.put(this.#name, [key], [key, value]);
  }

  delete(key: K): void {
    if (this.#entries.delete(key)) this.#records.remove(this.#name, [key]);
  }

  entries(): Iterable<readonly [K, V]> {
    return this.#entries.entries();
  }

  values(): Iterable<V> {
    return this.#entries.values();
  }
}
