import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { firstIndex } from '../util/first-index.ts';
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

/** The tail of a conversation without messages. */
export const NO_SEGMENTS: Tail = [{ floor: '0', items: [] }];

/** Whether an id belongs into the tail, and not into a segment before it. */
export function covers(tail: Tail, id: Id): boolean {
  return compareIds(id, tail[0]!.floor) >= 0;
}

export function messagesOf(tail: Tail): StoredMessage[] {
  const messages: StoredMessage[] = [];
  for (const { items } of tail) for (const item of items) if (isMessage(item)) messages.push(item);
  return messages;
}

export function messageCount(tail: Tail): number {
  let count = 0;
  for (const { items } of tail) for (const item of items) if (isMessage(item)) count++;
  return count;
}

/** Finds the items of these ids. @param wanted ascending. */
export function findItems(tail: Tail, wanted: readonly { readonly id: Id }[]): StoredItem[] {
  const found: StoredItem[] = [];
  const [first] = tail;
  if (!first) return found;
  for (const { id } of wanted.slice(lowerBound(wanted, first.floor))) {
    const { items } = tail[indexOf(tail, id)]!;
    const item = items[lowerBound(items, id)];
    if (item?.id === id) found.push(item);
  }
  return found;
}

/** Index of the segment that an id belongs to, one that the tail covers. */
const indexOf = (tail: Tail, id: Id): number =>
  firstIndex(tail.length, (index) => compareIds(tail[index]!.floor, id) <= 0) - 1;

/** Finds the message of an id. */
export function findMessage(tail: Tail, id: Id): StoredMessage | undefined {
  return findItems(tail, [{ id }]).find(isMessage);
}

/**
 * Puts items in their places. An item replaces the one of the same id. Segments that get no item stay the same objects.
 *
 * @param items ascending.
 */
export function putItems(tail: Tail, items: readonly StoredItem[]): Tail {
  const segments: Segment[] = [];
  let done = 0;
  for (let from = lowerBound(items, tail[0]!.floor); from < items.length;) {
    const index = indexOf(tail, items[from]!.id);
    const next = tail[index + 1];
    const to = next ? lowerBound(items, next.floor) : items.length;
    segments.push(...tail.slice(done, index), ...putInto(tail[index]!, items.slice(from, to), next === undefined));
    done = index + 1;
    from = to;
  }
  return [...segments, ...tail.slice(done)];
}

/** Puts items into the segment that they belong to. @param isNewest it is the newest of its conversation */
function putInto(segment: Segment, added: readonly StoredItem[], isNewest: boolean): Segment[] {
  if (isNewest && beginsAnew(segment.items, added)) return [segment, ...split(added[0]!.id, added, SEGMENT_ITEMS)];
  const merged = merge(segment.items, added);
  // At the end of a conversation segments are filled up; elsewhere they are split evenly, so that each has room.
  const size = isNewest ? SEGMENT_ITEMS : Math.ceil(merged.length / Math.ceil(merged.length / SEGMENT_ITEMS));
  return split(segment.floor, merged, size);
}

/** Puts a whole segment in its place, where it replaces the one of the same floor; one from before the tail is left out. */
export function putSegment(tail: Tail, segment: Segment): Tail {
  if (!covers(tail, segment.floor)) return tail;
  const at = firstIndex(tail.length, (index) => compareIds(tail[index]!.floor, segment.floor) < 0);
  const after = tail[at]?.floor === segment.floor ? at + 1 : at;
  return [...tail.slice(0, at), segment, ...tail.slice(after)];
}

/** Merges two ascending lists. Where both have an id, the added item counts. */
function merge(old: readonly StoredItem[], added: readonly StoredItem[]): StoredItem[] {
  const merged: StoredItem[] = [];
  let done = 0;
  for (const item of added) {
    const at = lowerBound(old, item.id);
    merged.push(...old.slice(done, at), item);
    done = old[at]?.id === item.id ? at + 1 : at;
  }
  return [...merged, ...old.slice(done)];
}

/** Whether items that are added to the newest segment begin a new one after it. */
function beginsAnew(items: readonly StoredItem[], added: readonly StoredItem[]): boolean {
  const follows = items.length > 0 && lowerBound(items, added[0]!.id) === items.length;
  return follows && (items.length >= ENOUGH_ITEMS || items.length + added.length > SEGMENT_ITEMS);
}

/** Makes segments of at most `size` items. @param floor of the first segment. */
function split(floor: Id, items: readonly StoredItem[], size: number): Segment[] {
  const parts: Segment[] = [];
  for (let at = 0; at < items.length; at += size)
    parts.push({ floor: at === 0 ? floor : items[at]!.id, items: items.slice(at, at + size) });
  return parts;
}

/** Index of the first item whose id is not below `id`; the length if there is none. */
export const lowerBound = (items: readonly { readonly id: Id }[], id: Id): number =>
  firstIndex(items.length, (index) => compareIds(items[index]!.id, id) < 0);
