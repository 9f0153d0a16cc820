/**
 * The most records of one bucket. A commit writes the whole bucket of each record that it changes, so this bounds what one
 * change costs; fewer would make more buckets, which cost at the start.
 */
const MAX_RECORDS = 32;

/** Digits in the name of a bucket that was not split. */
const FIRST_DEPTH = 2;

/** The keys of the records in each bucket that changes, by the bucket's name; none when it is deleted. */
export type BucketChanges = ReadonlyMap<string, readonly string[]>;

/**
 * Which records of a table are in which bucket. A bucket is named by the end of its records' keys: the last two digits, and one
 * more each time that it is split because it has too many records. So a record's place follows from its key and from what was
 * split, and no bucket grows with the store.
 */
export class TableIndex {
  private readonly buckets = new Map<string, readonly string[]>();
  /** The names of buckets that were split. */
  private readonly split = new Set<string>();

  /** Adds a stored bucket. It may be bigger than others: older releases split none. */
  add(name: string, keys: readonly string[]): void {
    this.buckets.set(name, keys);
    for (let depth = FIRST_DEPTH; depth < name.length; depth++) this.split.add(endOf(name, depth));
  }

  /** The names of the buckets of the records with these keys. */
  names(keys: Iterable<string>): Set<string> {
    const names = new Set<string>();
    for (const key of keys) {
      let depth = FIRST_DEPTH;
      while (this.split.has(endOf(key, depth)) && depth < key.length) depth++;
      names.add(endOf(key, depth));
    }
    return names;
  }

  /**
   * What changes when the records with these keys are put, new ones or others.
   *
   * A bucket may still have records although it was split: the batch that splits it may wait while one that puts a record into
   * a part of it is stored, and the run may end in between. The next change below its name splits it again.
   */
  changes(keys: Iterable<string>): BucketChanges {
    const changes = new Map<string, readonly string[]>();
    const place = (name: string, added: readonly string[]): void => {
      const before = this.buckets.get(name) ?? [];
      const all = [...new Set([...before, ...added])];
      const isSplit = all.length > MAX_RECORDS || this.split.has(name);
      // A key that is no longer than the name has no other place.
      const [staying, moving] = isSplit ? parted(all, (key) => key.length <= name.length) : [all, []];
      if (before.length > staying.length || added.some((key) => staying.includes(key))) changes.set(name, staying);
      for (const [end, group] of byEnd(moving, name.length + 1)) place(end, group);
    };
    for (const [end, group] of byEnd(keys, FIRST_DEPTH)) place(end, group);
    return changes;
  }

  /** Follows changes that {@link changes} returned. */
  apply(changes: BucketChanges): void {
    for (const [name, keys] of changes) {
      if (keys.length > 0) this.add(name, keys);
      else this.buckets.delete(name);
    }
  }
}

const endOf = (key: string, depth: number): string => key.slice(-depth);

function byEnd(keys: Iterable<string>, depth: number): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const key of keys) {
    const end = endOf(key, depth);
    const group = groups.get(end);
    if (group) group.push(key);
    else groups.set(end, [key]);
  }
  return groups;
}

const parted = (keys: readonly string[], isFirst: (key: string) => boolean): [string[], string[]] => [
  keys.filter(isFirst),
  keys.filter((key) => !isFirst(key)),
];
