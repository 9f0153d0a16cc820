import type { KvRange } from '../ports.ts';
import type { Change, Slot } from './change.ts';
import { BlockIndex, fileOf } from './block-index.ts';
import type { BlockRef } from './block-index.ts';
import type { KeyRanges } from './key-ranges.ts';
import { NewestWrites } from './newest-writes.ts';

/** What a database contains: blocks, and the newest writes over them. It is the result of the changes in the journal's lines. */
export class Content {
  readonly newest = new NewestWrites();
  index = new BlockIndex();
  /** Files that nothing names any more. */
  readonly unused: string[] = [];
  /** Records of blocks were lost in this run. */
  hasLost = false;
  /** The lists to which changes are added as they come. */
  private readonly watches = new Set<Change[]>();

  apply(changes: readonly Change[]): void {
    for (const change of changes) {
      this.applyOne(change);
      for (const seen of this.watches) seen.push(change);
    }
  }

  /** Remembers the changes from now on. @returns a function that ends it and returns them */
  watch(): () => Change[] {
    const seen: Change[] = [];
    this.watches.add(seen);
    return () => {
      this.watches.delete(seen);
      return seen;
    };
  }

  /** What makes this content of none. */
  changes(): Change[] {
    return [['b', '', null, this.index.refs], ...this.newest.changes(), ...(this.hasLost ? [['l'] as const] : [])];
  }

  /**
   * Compares the content with the files that there are. Those that nothing names are unused, and blocks without a file are dropped.
   *
   * @returns whether a block was dropped
   */
  reconcile(names: readonly string[]): boolean {
    const found = new Set(names);
    const missing = this.index.refs.filter((ref) => !found.has(fileOf(ref)));
    this.index = this.index.without(missing);
    const used = new Set([...this.index.refs.map(fileOf), ...this.newest.files()]);
    this.unused.splice(0);
    this.drop(names.filter((name) => !used.has(name)));
    return missing.length > 0;
  }

  private applyOne(change: Change): void {
    switch (change[0]) {
      case 'p':
        this.drop(this.newest.put(change[1], change[2]));
        return;
      case 'r': {
        const [, from, to] = change;
        this.drop(this.newest.delete(from, to));
        const covered = this.index.covered(from, to);
        this.index = this.index.without(covered);
        this.drop(covered.map(fileOf));
        return;
      }
      case 'b': {
        const [, from, to, refs] = change;
        this.drop(this.newest.forget(from, to ?? undefined));
        const { index, gone } = this.index.replaced(from, to, refs);
        this.index = index;
        this.drop(gone.map(fileOf));
        return;
      }
      case 'l':
        return;
    }
  }

  private drop(files: readonly string[]): void {
    for (const file of files) this.unused.push(file);
  }
}

/** What a range contains at one moment. */
export interface View {
  /** The keys of the newest values, in the direction of the range and within its limit. */
  readonly keys: readonly string[];
  readonly slots: ReadonlyMap<string, Slot>;
  readonly deleted: KeyRanges;
  /** The blocks, in the direction of the range. */
  readonly refs: readonly BlockRef[];
}

/** What a range contains now, for a read that takes a while: blocks and values do not change. */
export function viewOf({ newest, index }: Content, range: KvRange): View {
  const keys = newest.keys(range);
  const refs = index.within(range.from, range.to);
  return {
    keys,
    slots: new Map(keys.map((key) => [key, newest.slot(key)!])),
    deleted: newest.deletedWithin(range.from, range.to),
    refs: range.reverse ? [...refs].reverse() : refs,
  };
}
