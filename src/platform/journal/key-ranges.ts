import { firstIndex } from '../../util/first-index.ts';

/** A set of keys: ranges `[from, to)` in their order, none of which touches the next. */
export class KeyRanges {
  private starts: string[] = [];
  private ends: string[] = [];

  /** Number of ranges. */
  get length(): number {
    return this.starts.length;
  }

  add(from: string, to: string): void {
    if (from >= to) return;
    const first = firstIndex(this.ends.length, (index) => this.ends[index]! < from);
    const behind = firstIndex(this.starts.length, (index) => this.starts[index]! <= to);
    const joins = first < behind;
    const start = joins && this.starts[first]! < from ? this.starts[first]! : from;
    const end = joins && this.ends[behind - 1]! > to ? this.ends[behind - 1]! : to;
    this.replace(first, behind, [[start, end]]);
  }

  /** @param to - absent: up to the last key */
  remove(from: string, to?: string): void {
    const { first, behind } = this.overlapping(from, to);
    if (first >= behind || (to !== undefined && from >= to)) return;
    const [start, end] = [this.starts[first]!, this.ends[behind - 1]!];
    this.replace(first, behind, [
      ...(start < from ? [[start, from] as const] : []),
      ...(to !== undefined && to < end ? [[to, end] as const] : []),
    ]);
  }

  has(key: string): boolean {
    const start = this.starts[firstIndex(this.ends.length, (index) => this.ends[index]! <= key)];
    return start !== undefined && start <= key;
  }

  /** The first key of the set that is not below this one. */
  firstFrom(key: string): string | undefined {
    const start = this.starts[firstIndex(this.ends.length, (index) => this.ends[index]! <= key)];
    return start !== undefined && start < key ? key : start;
  }

  /** The ranges that have keys in `[from, to)`, whole. */
  within(from: string, to?: string): KeyRanges {
    const { first, behind } = this.overlapping(from, to);
    const found = new KeyRanges();
    found.starts = this.starts.slice(first, behind);
    found.ends = this.ends.slice(first, behind);
    return found;
  }

  map<T>(run: (from: string, to: string) => T): T[] {
    return this.starts.map((from, index) => run(from, this.ends[index]!));
  }

  private overlapping(from: string, to: string | undefined): { first: number; behind: number } {
    return {
      first: firstIndex(this.ends.length, (index) => this.ends[index]! <= from),
      behind: to === undefined ? this.length : firstIndex(this.length, (index) => this.starts[index]! < to),
    };
  }

  private replace(first: number, behind: number, ranges: readonly (readonly [from: string, to: string])[]): void {
    this.starts.splice(first, behind - first, ...ranges.map(([from]) => from));
    this.ends.splice(first, behind - first, ...ranges.map(([, to]) => to));
  }
}
