import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { isMessage } from './schema.ts';
import type { StoredItem, StoredMessage } from './schema.ts';

/**
 * Messages are stored in segments: records of many messages, because IndexedDB's cost is records, not bytes.
 *
 * The segments of a conversation divide its ids: one holds every stored message from its `floor` on, up to the next one's
 * floor. The first has floor 0. So an id has exactly one place, wherever it comes in; a segment that grows too large is
 * split, and no segment ever changes its key.
 */
export interface Segment {
  readonly floor: Id;
  /** Ascending. */
  readonly items: readonly StoredItem[];
}

/** A segment is split when it would hold more. */
export const SEGMENT_ITEMS = 128;

/** The newest segment takes no more once it has so many: each new message would write all of it again. */
const ENOUGH_ITEMS = 64;

/** Neighbouring segments of a conversation, ascending, the newest among them. */
export type Tail = readonly Segment[];

export interface TailChange {
  tail: Tail;
  /** Segments to be stored. */
  written: readonly Segment[];
}

/** Whether this id belongs into the tail, and not into a segment before it. */
export function covers(tail: Tail, id: Id): boolean {
  return compareIds(id, tail[0]!.floor) >= 0;
}

export function messagesOf(tail: Tail): StoredMessage[] {
  return tail.flatMap(({ items }) => items.filter(isMessage));
}

export function messageCount(tail: Tail): number {
  return tail.reduce((count, { items }) => count + items.filter(isMessage).length, 0);
}

/** What is stored at this id. */
export function findItem(tail: Tail, id: Id): StoredItem | undefined {
  const { items } = tail[segmentIndex(tail, id)]!;
  const item = items[lowerBound(items, id)];
  return item?.id === id ? item : undefined;
}

/** The key of the first of these conversations that holds a message of this id. */
export function holderOf(tails: Iterable<readonly [string, Tail]>, id: Id, keyStart: string): string | undefined {
  for (const [key, tail] of tails)
    if (key.startsWith(keyStart) && covers(tail, id)) {
      const item = findItem(tail, id);
      if (item && isMessage(item)) return key;
    }
  return undefined;
}

/** Puts items, ascending, each at its place; one of the same id is replaced. */
export function putItems(tail: Tail, items: readonly StoredItem[]): TailChange {
  const next: Segment[] = [...tail];
  const written = new Set<Segment>();
  for (let from = 0; from < items.length;) {
    const index = segmentIndex(next, items[from]!.id);
    const ceiling = next[index + 1]?.floor;
    let to = from + 1;
    while (to < items.length && (ceiling === undefined || compareIds(items[to]!.id, ceiling) < 0)) to++;
    const old = next[index]!;
    const added = items.slice(from, to);
    const parts =
      ceiling === undefined && beginsAnew(old, added)
        ? [old, ...split({ floor: added[0]!.id, items: [] }, added, true)]
        : split(old, merge(old.items, added), ceiling === undefined);
    written.delete(old);
    for (const part of parts) if (part !== old) written.add(part);
    next.splice(index, 1, ...parts);
    from = to;
  }
  return { tail: next, written: [...written] };
}

/** Index of the segment that this id belongs to; it must be covered. */
function segmentIndex(tail: Tail, id: Id): number {
  for (let index = tail.length - 1; index > 0; index--) if (compareIds(id, tail[index]!.floor) >= 0) return index;
  return 0;
}

/** Two ascending lists as one; of equal ids the second's. */
function merge(old: readonly StoredItem[], added: readonly StoredItem[]): StoredItem[] {
  const last = old[old.length - 1];
  if (!last || compareIds(last.id, added[0]!.id) < 0) return [...old, ...added];
  const result: StoredItem[] = [];
  let at = 0;
  for (const item of added) {
    while (at < old.length && compareIds(old[at]!.id, item.id) < 0) result.push(old[at++]!);
    if (old[at]?.id === item.id) at++;
    result.push(item);
  }
  for (; at < old.length; at++) result.push(old[at]!);
  return result;
}

/** Whether what is added to the newest segment is to follow it as a new one. */
function beginsAnew({ items }: Segment, added: readonly StoredItem[]): boolean {
  const last = items[items.length - 1];
  if (!last || compareIds(last.id, added[0]!.id) >= 0) return false;
  return items.length >= ENOUGH_ITEMS || items.length + added.length > SEGMENT_ITEMS;
}

/** One segment, or several where there are too many items: full ones at the end of a conversation, even ones elsewhere. */
function split(old: Segment, items: readonly StoredItem[], atEnd: boolean): Segment[] {
  const { floor } = old;
  if (items.length <= SEGMENT_ITEMS) return [{ floor, items }];
  const count = Math.ceil(items.length / SEGMENT_ITEMS);
  const size = atEnd ? SEGMENT_ITEMS : Math.ceil(items.length / count);
  const parts: Segment[] = [];
  for (let at = 0; at < items.length; at += size) {
    parts.push({ floor: at === 0 ? floor : items[at]!.id, items: items.slice(at, at + size) });
  }
  // A full segment that others only follow stays as it is.
  const first = parts[0]!.items;
  if (old.items.length === size && first.every((item, at) => item === old.items[at])) parts[0] = old;
  return parts;
}

/** Index of the first item whose id is not below this one. */
export function lowerBound(items: readonly { readonly id: Id }[], id: Id): number {
  // New messages nearly always go last.
  const last = items[items.length - 1];
  if (!last || compareIds(last.id, id) < 0) return items.length;
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(items[middle]!.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
