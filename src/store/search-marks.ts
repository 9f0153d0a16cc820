import type { KvWrite } from '../platform/ports.ts';
import type { Change } from './overlay.ts';
import { conversationOfSegment, KEYS, segmentRange } from './schema.ts';
import type { ConversationKey, StoredItem } from './schema.ts';
import type { KeyRange } from './search-shards.ts';

/** A change to segments. */
export type SegmentChange = Change<readonly StoredItem[]>;

/** The segment that a change names. Of a conversation that is cleared: the first one. */
export const segmentOf = (change: SegmentChange): string => (change.op === 'deleteRange' ? change.from : change.key);

/** A conversation with so many marks gets the next one at its first segment, so that there are never many. */
const MANY_MARKS = 2;

/**
 * Marks at the segments that changed since they were indexed. A mark covers the segments of its conversation from there on. It is
 * stored in the batch of the first such change, so it outlives a crash, and the changes after that cost nothing.
 */
export class SearchMarks {
  /** The segments at which the marks of each conversation are. */
  private readonly starts = new Map<ConversationKey, readonly string[]>();

  /** A mark was found in the database. */
  found(markKey: string): void {
    this.put(`s/${markKey.slice('i/d/'.length)}`);
  }

  /** A segment changes. @returns where the mark is that covers it, and whether that mark is new */
  note(segment: string): { start: string; isNew: boolean } {
    const key = conversationOfSegment(segment);
    const starts = this.starts.get(key) ?? [];
    const covering = starts.find((start) => start <= segment);
    if (covering !== undefined) return { start: covering, isNew: false };
    const start = starts.length < MANY_MARKS ? segment : segmentRange(key).from;
    this.put(start);
    return { start, isNew: true };
  }

  /** What the marks of each conversation cover, ascending. */
  ranges(): KeyRange[] {
    const ranges = [...this.starts].map(([key, starts]): KeyRange => ({
      from: starts.reduce((a, b) => (a < b ? a : b)),
      to: segmentRange(key).to,
    }));
    return ranges.sort((a, b) => (a.from < b.from ? -1 : 1));
  }

  /**
   * The segments that the marks of a conversation cover are indexed, up to `to`: the marks before it go.
   *
   * @param covered one of {@link ranges}
   */
  indexed(covered: KeyRange, to: string): KvWrite[] {
    const starts = this.starts.get(conversationOfSegment(covered.from)) ?? [];
    const writes: KvWrite[] = [];
    for (const start of starts) {
      if (start >= to) continue;
      this.remove(start);
      writes.push({ op: 'delete', key: KEYS.searchMark(start) });
    }
    if (to < covered.to) {
      this.put(to);
      writes.push(markAt(to));
    }
    return writes;
  }

  put(start: string): void {
    const key = conversationOfSegment(start);
    const starts = this.starts.get(key) ?? [];
    if (!starts.includes(start)) this.starts.set(key, [...starts, start]);
  }

  remove(start: string): void {
    const key = conversationOfSegment(start);
    const left = (this.starts.get(key) ?? []).filter((other) => other !== start);
    if (left.length > 0) this.starts.set(key, left);
    else this.starts.delete(key);
  }

  clear(): void {
    this.starts.clear();
  }
}

/** The record of a mark. */
export const markAt = (start: string): KvWrite => ({ op: 'put', key: KEYS.searchMark(start), value: true });
