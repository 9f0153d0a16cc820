import { firstIndex } from '../../util/first-index.ts';

/** Where a block is. Its records have these keys and some in between. */
export type BlockRef = readonly [first: string, last: string, file: string];

export const fileOf = ([, , file]: BlockRef): string => file;

/** Consecutive blocks with the keys around them, up to the next block. */
export interface Span {
  readonly from: string;
  /** null: behind the last key. */
  readonly to: string | null;
  readonly refs: readonly BlockRef[];
}

/** The blocks of a database in the order of their keys. It never changes: a change makes another one. */
export class BlockIndex {
  readonly refs: readonly BlockRef[];

  constructor(refs: readonly BlockRef[] = []) {
    this.refs = refs;
  }

  /** The block that has the key, if any has. */
  blockOf(key: string): BlockRef | undefined {
    const ref = this.refs[this.endingFrom(key)];
    return ref && ref[0] <= key ? ref : undefined;
  }

  /** The blocks that may have keys in `[from, to)`. */
  within(from: string, to: string): readonly BlockRef[] {
    return this.refs.slice(this.endingFrom(from), this.beginningFrom(to));
  }

  /** The blocks whose keys are all in `[from, to)`. */
  covered(from: string, to: string): readonly BlockRef[] {
    return this.within(from, to).filter(([first, last]) => from <= first && last < to);
  }

  /** The span of this number of blocks in which the key is or would be. */
  span(key: string, count: number): Span {
    const behind = firstIndex(this.refs.length, (index) => this.refs[index]![0] <= key);
    const first = Math.max(behind - 1, 0);
    return {
      from: first === 0 ? '' : this.refs[first]![0],
      to: this.refs[first + count]?.[0] ?? null,
      refs: this.refs.slice(first, first + count),
    };
  }

  without(gone: readonly BlockRef[]): BlockIndex {
    if (gone.length === 0) return this;
    const set = new Set(gone);
    return new BlockIndex(this.refs.filter((ref) => !set.has(ref)));
  }

  /** Puts blocks in the place of those that begin in `[from, to)`. */
  replaced(
    from: string,
    to: string | null,
    refs: readonly BlockRef[],
  ): { index: BlockIndex; gone: readonly BlockRef[] } {
    const first = this.beginningFrom(from);
    const behind = to === null ? this.refs.length : this.beginningFrom(to);
    return {
      index: new BlockIndex([...this.refs.slice(0, first), ...refs, ...this.refs.slice(behind)]),
      gone: this.refs.slice(first, behind),
    };
  }

  /** Index of the first block that begins at this key or behind it. */
  private beginningFrom(key: string): number {
    return firstIndex(this.refs.length, (index) => this.refs[index]![0] < key);
  }

  /** Index of the first block that ends at this key or behind it. */
  private endingFrom(key: string): number {
    return firstIndex(this.refs.length, (index) => this.refs[index]![1] < key);
  }
}
