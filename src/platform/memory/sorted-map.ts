import { firstIndex } from '../../util/first-index.ts';
import type { KvRange, KvValue } from '../ports.ts';

type Optional<T> = { [Key in keyof T]?: T[Key] | undefined };

/** A map from strings to values, ordered by UTF-16 code unit. It copies nothing. */
export class SortedMap {
  private readonly values = new Map<string, KvValue>();
  private readonly sortedKeys: string[] = [];

  get(key: string): KvValue | undefined {
    return this.values.get(key);
  }

  put(key: string, value: KvValue): void {
    if (!this.values.has(key)) this.sortedKeys.splice(this.indexOf(key), 0, key);
    this.values.set(key, value);
  }

  /** Deletes the keys in `[from, to)`. Without a bound the range has no limit on that side. */
  deleteRange(from?: string, to?: string): void {
    const gone = this.keys({ from, to });
    for (const key of gone) this.values.delete(key);
    this.sortedKeys.splice(this.indexOf(from), gone.length);
  }

  /** The keys of a range, in its direction and within its limit. Without a bound the range has no limit on that side. */
  keys({ from, to, reverse, limit }: Optional<KvRange>): string[] {
    const keys = this.sortedKeys.slice(this.indexOf(from), to === undefined ? to : this.indexOf(to));
    if (reverse) keys.reverse();
    return keys.slice(0, limit);
  }

  /** Index of the first key that is not below this one. */
  private indexOf(key = ''): number {
    return firstIndex(this.sortedKeys.length, (index) => this.sortedKeys[index]! < key);
  }
}
