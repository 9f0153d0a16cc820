import { ITERATOR, toArray } from './iteration.ts';

interface Entry {
  readonly key: unknown;
  value: unknown;
  previous: Entry | undefined;
  next: Entry | undefined;
  isRemoved: boolean;
}

interface LegacyIterator {
  next(): { done: boolean; value: unknown };
}

/** `Map`: a list in the order of insertion, so that iterators may be under way while it changes. */
export class LegacyMap {
  size = 0;
  private first: Entry | undefined;
  private last: Entry | undefined;
  /** By what a key is called; objects have no name. */
  private named = Object.create(null) as Record<string, Entry>;
  private objects: Entry[] = [];

  constructor(entries?: Iterable<[unknown, unknown]> | null) {
    if (entries) for (const entry of toArray(entries)) this.set(entry[0], entry[1]);
  }

  has(key: unknown): boolean {
    return !!this.find(key);
  }

  get(key: unknown): unknown {
    return this.find(key)?.value;
  }

  set(key: unknown, value: unknown): this {
    const found = this.find(key);
    if (found) {
      found.value = value;
      return this;
    }
    const entry: Entry = { key, value, previous: this.last, next: undefined, isRemoved: false };
    if (this.last) this.last.next = entry;
    else this.first = entry;
    this.last = entry;
    const name = nameOf(key);
    if (name) this.named[name] = entry;
    else this.objects.push(entry);
    this.size++;
    return this;
  }

  delete(key: unknown): boolean {
    const entry = this.find(key);
    if (!entry) return false;
    const { previous, next } = entry;
    // An iterator that stands here goes back to the nearest that is left.
    entry.isRemoved = true;
    if (previous) previous.next = next;
    else this.first = next;
    if (next) next.previous = previous;
    else this.last = previous;
    const name = nameOf(key);
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an object without a prototype is the only map there is
    if (name) delete this.named[name];
    else this.objects.splice(this.objects.indexOf(entry), 1);
    this.size--;
    return true;
  }

  clear(): void {
    while (this.first) this.delete(this.first.key);
  }

  forEach(run: (value: unknown, key: unknown, map: this) => void, self?: unknown): void {
    const iterator = this.iterate(({ key, value }) => run.call(self, value, key, this));
    while (!iterator.next().done);
  }

  entries(): LegacyIterator {
    return this.iterate(({ key, value }) => [key, value]);
  }

  keys(): LegacyIterator {
    return this.iterate(({ key }) => key);
  }

  values(): LegacyIterator {
    return this.iterate(({ value }) => value);
  }

  private find(key: unknown): Entry | undefined {
    const name = nameOf(key);
    return name ? this.named[name] : this.objects.find((entry) => entry.key === key);
  }

  private iterate(pick: (entry: Entry) => unknown): LegacyIterator {
    let at: Entry | undefined;
    let isDone = false;
    const iterator: LegacyIterator = {
      next: () => {
        while (at?.isRemoved) at = at.previous;
        at = isDone ? undefined : at ? at.next : this.first;
        isDone = !at;
        return { done: isDone, value: at && pick(at) };
      },
    };
    Object.defineProperty(iterator, ITERATOR, { value: () => iterator });
    return iterator;
  }
}

/** `Set`, a map of values to themselves. */
export class LegacySet {
  private readonly map = new LegacyMap();

  constructor(values?: Iterable<unknown> | null) {
    if (values) for (const value of toArray(values)) this.add(value);
  }

  get size(): number {
    return this.map.size;
  }

  has(value: unknown): boolean {
    return this.map.has(value);
  }

  add(value: unknown): this {
    this.map.set(value, value);
    return this;
  }

  delete(value: unknown): boolean {
    return this.map.delete(value);
  }

  clear(): void {
    this.map.clear();
  }

  forEach(run: (value: unknown, key: unknown, set: this) => void, self?: unknown): void {
    this.map.forEach((value) => run.call(self, value, value, this));
  }

  entries(): LegacyIterator {
    return this.map.entries();
  }

  keys(): LegacyIterator {
    return this.map.keys();
  }

  values(): LegacyIterator {
    return this.map.keys();
  }
}

Object.defineProperty(LegacyMap.prototype, ITERATOR, { value: LegacyMap.prototype.entries });
Object.defineProperty(LegacySet.prototype, ITERATOR, { value: LegacySet.prototype.values });

/** `''` for objects and functions. */
function nameOf(key: unknown): string {
  const type = typeof key;
  return key !== null && (type === 'object' || type === 'function') ? '' : `${type} ${String(key)}`;
}
