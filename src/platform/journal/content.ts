import type { KvRange } from '../ports.ts';
import type { Change } from './change.ts';
import { BlockIndex } from './block-index.ts';
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

  /** Drops the blocks without files. @returns whether there are some */
  dropMissing(names: ReadonlySet<string>): boolean {
    const missing = this.index.refs.filter(([, , file]) => !names.has(file));
    this.index = this.index.without(missing);
    return missing.length > 0;
  }

  /** Names of the files that something names. */
  files(): Set<string> {
    const own = this.newest.fileCount === 0 ? [] : this.newest.keys({}).map((key) => this.newest.slot(key)?.file);
    return new Set([...this.index.refs.map(([, , file]) => file), ...own.filter((file) => file !== undefined)]);
  }

  private applyOne(change: Change): void {
    switch (change[0]) {
      case 'p':
        this.unused.push(...this.newest.put(change[1], { value: change[2] }));
        return;
      case 'f':
        this.unused.push(...this.newest.put(change[1], { file: change[2] }));
        return;
      case 'r': {
        const [, from, to] = change;
        this.unused.push(...this.newest.delete(from, to));
        const covered = this.index.covered(from, to);
        this.index = this.index.without(covered);
        this.unused.push(...covered.map(([, , file]) => file));
        return;
      }
      case 'b': {
        const [, from, to, refs] = change;
        this.unused.push(...this.newest.forget(from, to ?? undefined));
        const { index, gone } = this.index.replaced(from, to, refs);
        this.index = index;
        this.unused.push(...gone.map(([, , file]) => file));
        return;
      }
      case 'l':
        return;
    }
  }
}

export type View = ReturnType<typeof viewOf>;

/** What a range contains now, for a read that takes a while: blocks and values stay as they are. */
export function viewOf({ newest, index }: Content, range: KvRange) {
  const deleted = newest.deletedWithin(range.from, range.to);
  const keys = newest.keys(range);
  const slots = new Map(keys.map((key) => [key, newest.slot(key)!]));
  const refs = index.within(range.from, range.to);
  return { keys, slots, refs: range.reverse ? [...refs].reverse() : refs, deleted };
}
