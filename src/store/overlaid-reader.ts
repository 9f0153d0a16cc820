import type { KvRange } from '../platform/ports.ts';
import type { Overlay } from './overlay.ts';

export interface Entry<T> {
  key: string;
  value: T;
}

/** Where records are read in the order of their keys: a `KvReader` is one. */
export interface Source<T> {
  get(key: string): Promise<T | undefined>;
  range(range: KvRange): Promise<Entry<T>[]>;
}

/** Reads a source with the changes of an overlay in it, both as they were when the read was called. */
export class OverlaidReader<T> implements Source<T> {
  private readonly below: Source<T>;
  private readonly overlay: Overlay<T>;
  private readonly copy: (value: T) => T;

  /** @param copy makes what a reader gets of a value in the overlay; default: the value itself. */
  constructor(below: Source<T>, overlay: Overlay<T>, copy: (value: T) => T = (value) => value) {
    this.below = below;
    this.overlay = overlay;
    this.copy = copy;
  }

  async get(key: string): Promise<T | undefined> {
    const change = this.overlay.find(key);
    if (!change) return this.below.get(key);
    return change.op === 'put' ? this.copy(change.value) : undefined;
  }

  async range({ limit = Infinity, ...range }: KvRange): Promise<Entry<T>[]> {
    const { from, to, reverse = false } = range;
    const changes = this.overlay.range(from, to);
    const enough = limit + changes.mayHide;
    const below = await this.below.range(enough === Infinity ? range : { ...range, limit: enough });
    if (changes.isEmpty) return below;
    // The values of these entries are not looked at: they may be unpacked when they are read.
    const entries = below.filter(({ key }) => !changes.find(key));
    for (const change of changes.changes()) if (change.op === 'put') entries.push(change);
    return entries
      .sort((a, b) => (a.key < b.key !== reverse ? -1 : 1))
      .slice(0, limit)
      .map((entry) => (changes.find(entry.key) ? { key: entry.key, value: this.copy(entry.value) } : entry));
  }
}
