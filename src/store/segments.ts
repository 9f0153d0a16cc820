import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';

/**
 * Messages are stored in segments: records of many messages, because IndexedDB's cost is records, not bytes.
 *
 * The segments of a conversation divide its ids: one holds every stored message from its `floor` on, up to the next one's
 * floor. The first has floor 0. So a message has exactly one place, wherever it comes in; a segment that grows too large is
 * split, and no segment ever changes its key.
 */
export interface Segment {
  readonly floor: Id;
  /** Ascending. */
  readonly messages: readonly Message[];
}

/** A segment is split, or a new one begun at the end, when it would hold more. */
export const SEGMENT_MESSAGES = 128;

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

export function messageCount(tail: Tail): number {
  return tail.reduce((count, { messages }) => count + messages.length, 0);
}

/** The message of this id. */
export function findMessage(tail: Tail, id: Id): Message | undefined {
  const { messages } = tail[segmentIndex(tail, id)]!;
  const message = messages[lowerBound(messages, id)];
  return message?.id === id ? message : undefined;
}

/** The key of the first of these conversations that holds a message of this id. */
export function holderOf(tails: Iterable<readonly [string, Tail]>, id: Id, keyStart: string): string | undefined {
  for (const [key, tail] of tails)
    if (key.startsWith(keyStart) && covers(tail, id) && findMessage(tail, id)) return key;
  return undefined;
}

/** Puts messages, ascending, each at its place; one of the same id is replaced. */
export function putMessages(tail: Tail, messages: readonly Message[]): TailChange {
  const next: Segment[] = [...tail];
  const written = new Set<Segment>();
  for (let from = 0; from < messages.length;) {
    const index = segmentIndex(next, messages[from]!.id);
    const ceiling = next[index + 1]?.floor;
    let to = from + 1;
    while (to < messages.length && (ceiling === undefined || compareIds(messages[to]!.id, ceiling) < 0)) to++;
    const old = next[index]!;
    const parts = split(old, merge(old.messages, messages.slice(from, to)), ceiling === undefined);
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
function merge(old: readonly Message[], added: readonly Message[]): Message[] {
  const last = old[old.length - 1];
  if (!last || compareIds(last.id, added[0]!.id) < 0) return [...old, ...added];
  const result: Message[] = [];
  let at = 0;
  for (const message of added) {
    while (at < old.length && compareIds(old[at]!.id, message.id) < 0) result.push(old[at++]!);
    if (old[at]?.id === message.id) at++;
    result.push(message);
  }
  for (; at < old.length; at++) result.push(old[at]!);
  return result;
}

/** One segment, or several where there are too many messages: full ones at the end of a conversation, even ones elsewhere. */
function split(old: Segment, messages: Message[], atEnd: boolean): Segment[] {
  const { floor } = old;
  if (messages.length <= SEGMENT_MESSAGES) return [{ floor, messages }];
  const count = Math.ceil(messages.length / SEGMENT_MESSAGES);
  const size = atEnd ? SEGMENT_MESSAGES : Math.ceil(messages.length / count);
  const parts: Segment[] = [];
  for (let at = 0; at < messages.length; at += size) {
    parts.push({ floor: at === 0 ? floor : messages[at]!.id, messages: messages.slice(at, at + size) });
  }
  // A full segment that others only follow stays as it is.
  const first = parts[0]!.messages;
  if (old.messages.length === size && first.every((message, at) => message === old.messages[at])) parts[0] = old;
  return parts;
}

/** Index of the first message whose id is not below this one. */
export function lowerBound(messages: readonly Message[], id: Id): number {
  // New messages nearly always go last.
  const last = messages[messages.length - 1];
  if (!last || compareIds(last.id, id) < 0) return messages.length;
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(messages[middle]!.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
