/** A record that is stored under a key, in the place of the one that was there. */
export interface Put<T> {
  readonly op: 'put';
  readonly key: string;
  readonly value: T;
}

/** A key that has no record any more. */
export interface Delete {
  readonly op: 'delete';
  readonly key: string;
}

/** Every key from `from` on and below `to` has no record any more. */
export interface DeleteRange {
  readonly op: 'deleteRange';
  readonly from: string;
  readonly to: string;
}

/** One change to records by key. Plain data: it can be cloned and sent. A `KvWrite` is one, too. */
export type Change<T> = Put<T> | Delete | DeleteRange;

/** Records by key, as a `Map` has them. */
interface Records<T> {
  get(key: string): T | undefined;
}

/**
 * Changes in memory over records that are elsewhere: in a map, in a database, or in the overlay that this one is stacked on.
 * A reader asks the overlay first, and what lies below it for all that the overlay does not change. Dropping the overlay
 * undoes its changes.
 */
export class Overlay<T> {
  private readonly parent: Overlay<T> | undefined;
  /** Deleted before the changes in {@link byKey} were made. */
  private ranges: DeleteRange[] = [];
  private byKey = new Map<string, Put<T> | Delete>();
  /** A copy has the same lists: whoever changes them first takes lists of its own. Most copies change nothing. */
  private isShared = false;

  /** @param parent what this overlay is stacked on; its changes are seen through this one. */
  constructor(parent?: Overlay<T>) {
    this.parent = parent;
  }

  /** A copy on the same parent. Neither sees what the other changes from now on. */
  fork(): Overlay<T> {
    return this.copyOn(this.parent);
  }

  /** An empty overlay on top of this one. */
  child(): Overlay<T> {
    return new Overlay(this);
  }

  /** A copy on no parent, for when the parent's changes are in what lies below. */
  detached(): Overlay<T> {
    return this.copyOn(undefined);
  }

  private copyOn(parent: Overlay<T> | undefined): Overlay<T> {
    const copy = new Overlay<T>(parent);
    copy.ranges = this.ranges;
    copy.byKey = this.byKey;
    copy.isShared = this.isShared = true;
    return copy;
  }

  private own(): void {
    if (!this.isShared) return;
    this.ranges = [...this.ranges];
    this.byKey = new Map(this.byKey);
    this.isShared = false;
  }

  /** The change at a key, in this overlay or in a parent; undefined when the record below counts. */
  find(key: string): Put<T> | Delete | undefined {
    const change = this.byKey.get(key);
    if (change) return change;
    return isInside(this.ranges, key) ? { op: 'delete', key } : this.parent?.find(key);
  }

  /** The record at a key. @param below the records under the whole stack. */
  get(key: string, below: Records<T>): T | undefined {
    const change = this.find(key);
    if (!change) return below.get(key);
    return change.op === 'put' ? change.value : undefined;
  }

  set(key: string, value: T): void {
    this.own();
    this.byKey.set(key, { op: 'put', key, value });
  }

  delete(key: string): void {
    this.own();
    this.byKey.set(key, { op: 'delete', key });
  }

  deleteRange(from: string, to: string): void {
    this.apply([{ op: 'deleteRange', from, to }]);
  }

  /** @param changes in order. The caller must not change them or their values afterwards. */
  apply(changes: readonly Change<T>[]): void {
    this.own();
    for (const change of changes) {
      if (change.op === 'deleteRange') {
        for (const key of [...this.byKey.keys()]) if (isInside([change], key)) this.byKey.delete(key);
        this.ranges.push(change);
      } else this.byKey.set(change.key, change);
    }
  }

  /** The changes of this overlay alone, in an order that gives the same result as the calls did. */
  changes(): Change<T>[] {
    return [...this.ranges, ...this.byKey.values()];
  }

  /** Takes changes out again that {@link changes} gave. Those that were replaced since then have gone already. */
  forget(changes: readonly Change<T>[]): void {
    this.own();
    for (const change of changes) {
      if (change.op !== 'deleteRange') {
        if (this.byKey.get(change.key) === change) this.byKey.delete(change.key);
      } else if (this.ranges.includes(change)) this.ranges.splice(this.ranges.indexOf(change), 1);
    }
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0 && this.byKey.size === 0 && (this.parent?.isEmpty ?? true);
  }

  /** Whether one of these changes concerns a key that is changed here. */
  meets(changes: readonly Change<T>[]): boolean {
    return changes.some((change) =>
      change.op === 'deleteRange' ? !this.range(change.from, change.to).isEmpty : this.find(change.key) !== undefined,
    );
  }

  /** The changes to a range of keys, with the parents' among them, as they are now: later changes are not in it. */
  range(from: string, to: string): Overlay<T> {
    const found = this.parent?.range(from, to) ?? new Overlay<T>();
    if (from >= to) return found;
    found.apply(this.ranges.filter((range) => range.from < to && from < range.to));
    for (const [key, change] of this.byKey) if (from <= key && key < to) found.byKey.set(key, change);
    return found;
  }

  /** How many of the records below this overlay deletes or replaces at most. */
  get mayHide(): number {
    if (this.ranges.length > 0) return Infinity;
    return this.byKey.size + (this.parent?.mayHide ?? 0);
  }

  /**
   * All records with the changes in them: those below in their order, a replaced one in its old place, then the new ones.
   *
   * @param below the records under the whole stack.
   */
  *over(below: Iterable<readonly [string, T]>): Generator<readonly [string, T]> {
    const added = new Map(this.byKey);
    for (const record of this.parent?.over(below) ?? below) {
      const [key] = record;
      const change = this.byKey.get(key);
      added.delete(key);
      if (change?.op === 'put') yield [key, change.value];
      else if (!change && !isInside(this.ranges, key)) yield record;
    }
    for (const change of added.values()) if (change.op === 'put') yield [change.key, change.value];
  }
}

const isInside = (ranges: readonly DeleteRange[], key: string): boolean =>
  ranges.some(({ from, to }) => from <= key && key < to);
