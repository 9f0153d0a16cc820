import { firstIndex } from '../../util/first-index.ts';
import type { KvRange, KvValue } from '../ports.ts';

type Optional<T> = { [Key in keyof T]?: T[Key] | undefined };

/** So few that moving them costs next to nothing, and so many that a million keys are some thousand chunks. */
const KEYS_IN_CHUNK = 512;

/** A map from strings to values, ordered by UTF-16 code unit. It copies nothing. */
export class SortedMap {
  private readonly values = new Map<string, KvValue>();
  /** The keys in their order, in chunks, none of them empty: a new key moves those of one chunk only. */
  private readonly chunks: string[][] = [];

  get size(): number {
    return this.values.size;
  }

  get(key: string): KvValue | undefined {
    return this.values.get(key);
  }

  put(key: string, value: KvValue): void {
    if (!this.values.has(key)) this.insert(key);
    this.values.set(key, value);
  }

  /** Deletes the keys in `[from, to)`. Without a bound the range has no limit on that side. */
  deleteRange(from?: string, to?: string): void {
    const gone = this.keys({ from, to });
    if (gone.length === 0) return;
    for (const key of gone) this.values.delete(key);
    const [first, last] = [this.chunkOf(gone[0]), this.chunkOf(gone[gone.length - 1])];
    const before = this.chunks[first]!.slice(0, indexIn(this.chunks[first]!, gone[0]));
    const behind = to === undefined ? [] : this.chunks[last]!.slice(indexIn(this.chunks[last]!, to));
    const kept = first === last ? [[...before, ...behind]] : [before, behind];
    this.chunks.splice(first, last - first + 1, ...kept.filter(({ length }) => length > 0));
  }

  /** The keys of a range, in its direction and within its limit. Without a bound the range has no limit on that side. */
  keys({ from, to, reverse = false, limit = Infinity }: Optional<KvRange>): string[] {
    const first = this.chunkOf(from);
    const last = to === undefined ? this.chunks.length - 1 : this.chunkOf(to);
    const found: string[] = [];
    for (let count = 0; count <= last - first && found.length < limit; count++) {
      const chunk = this.chunks[reverse ? last - count : first + count] ?? [];
      const keys = chunk.slice(indexIn(chunk, from), to === undefined ? undefined : indexIn(chunk, to));
      found.push(...(reverse ? keys.reverse() : keys));
    }
    return found.slice(0, limit);
  }

  private insert(key: string): void {
    const at = this.chunkOf(key);
    const chunk = this.chunks[at];
    if (!chunk) {
      this.chunks.push([key]);
      return;
    }
    chunk.splice(indexIn(chunk, key), 0, key);
    if (chunk.length > KEYS_IN_CHUNK) this.chunks.splice(at + 1, 0, chunk.splice(KEYS_IN_CHUNK / 2));
  }

  /** Index of the chunk in which a key is or would be. */
  private chunkOf(key = ''): number {
    const behind = firstIndex(this.chunks.length, (index) => this.chunks[index]![0]! <= key);
    return Math.max(behind - 1, 0);
  }
}

/** Index of the first key that is not below this one. */
const indexIn = (keys: readonly string[], key = ''): number => firstIndex(keys.length, (index) => keys[index]! < key);
