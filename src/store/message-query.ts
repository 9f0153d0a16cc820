import type { Id } from '../model/ids.ts';
import type { Message, MessageType } from '../model/message.ts';
import type { KvStore } from '../platform/ports.ts';
import { nextId, previousId } from './gaps.ts';
import { floorOf, isMessage, prefixRange, segmentRange, toPublic } from './schema.ts';
import type { ConversationKey, StoredItem } from './schema.ts';
import { unpackItems } from './segment-record.ts';
import { lowerBound, SEGMENT_ITEMS } from './segments.ts';

type Ranges = Pick<KvStore, 'range'>;

/** Above every message. */
export const ABOVE_ALL: Id = '18446744073709551616';

/** Segments read at once when a whole conversation may have to be read. */
const SEGMENTS_AT_ONCE = 16;

/**
 * Reads through everything stored: they see what is committed, wait for no writer and keep nothing in memory. With a
 * type only messages of that type.
 */
export interface MessageQuery {
  /** The `limit` newest messages below an id, ascending; fewer only when there are no more. */
  before(key: ConversationKey, id: Id, limit: number, type?: MessageType): Promise<Message[]>;
  /** The `limit` oldest messages above an id, ascending; fewer only when there are no more. */
  after(key: ConversationKey, id: Id, limit: number, type?: MessageType): Promise<Message[]>;
  message(key: ConversationKey, id: Id): Promise<Message | undefined>;
  /** Reads every segment: nobody keeps count. */
  count(key: ConversationKey, type?: MessageType): Promise<number>;
}

export function createMessageQuery(kv: Ranges): MessageQuery {
  return {
    before: async (key, id, limit, type) => {
      const found: Message[] = [];
      for await (const items of segmentsDown(kv, key, previousId(id), segmentsFor(limit))) {
        for (let at = lowerBound(items, id) - 1; at >= 0 && found.length < limit; at--) take(found, items[at]!, type);
        if (found.length === limit) break;
      }
      return found.reverse();
    },
    after: async (key, id, limit, type) => {
      const found: Message[] = [];
      let above = id;
      for await (const items of segmentsUp(kv, key, nextId(id), segmentsFor(limit))) {
        for (let at = lowerBound(items, nextId(above)); at < items.length && found.length < limit; at++) {
          take(found, items[at]!, type);
        }
        if (found.length === limit) break;
        // A segment that was split since it was read brings its items again.
        above = items[items.length - 1]?.id ?? above;
      }
      return found;
    },
    message: async (key, id) => readMessage(kv, key, id),
    count: async (key, type) => {
      let count = 0;
      for await (const items of segmentsDown(kv, key, previousId(ABOVE_ALL), SEGMENTS_AT_ONCE)) {
        for (const item of items) if (isMessage(item) && (!type || item.type === type)) count++;
      }
      return count;
    },
  };
}

export async function readMessage(kv: Ranges, key: ConversationKey, id: Id): Promise<Message | undefined> {
  const [entry] = await kv.range({ ...segmentRange(key, '0', id), reverse: true, limit: 1 });
  return messageIn(unpackItems(entry?.value), id);
}

/** The message of this id among the items of a segment. */
export function messageIn(items: readonly StoredItem[] = [], id: Id): Message | undefined {
  const item = items[lowerBound(items, id)];
  return item?.id === id && isMessage(item) ? toPublic(item) : undefined;
}

function take(found: Message[], item: StoredItem, type: MessageType | undefined): void {
  if (isMessage(item) && (!type || item.type === type)) found.push(toPublic(item));
}

/** That likely hold so many messages: the first is seldom full. */
const segmentsFor = (limit: number): number => Math.min(SEGMENTS_AT_ONCE, 1 + Math.ceil(limit / SEGMENT_ITEMS));

/** The items of the segment that this id belongs to, then of those below. */
async function* segmentsDown(
  kv: Ranges,
  key: ConversationKey,
  highest: Id,
  atOnce: number,
): AsyncGenerator<readonly StoredItem[]> {
  for (let [to, limit] = [highest, atOnce]; ; limit = SEGMENTS_AT_ONCE) {
    const entries = await kv.range({ ...segmentRange(key, '0', to), reverse: true, limit });
    for (const { value } of entries) yield unpackItems(value);
    const last = entries[entries.length - 1];
    const floor = last ? floorOf(last.key) : '0';
    if (entries.length < limit || floor === '0') return;
    to = previousId(floor);
  }
}

/** The items of the segment that this id belongs to, then of those above. */
async function* segmentsUp(
  kv: Ranges,
  key: ConversationKey,
  lowest: Id,
  atOnce: number,
): AsyncGenerator<readonly StoredItem[]> {
  const { from, to } = prefixRange(`s/${key}/`);
  const [first] = await kv.range({ ...segmentRange(key, '0', lowest), reverse: true, limit: 1 });
  if (first) yield unpackItems(first.value);
  for (let [start, limit] = [first ? `${first.key}\0` : from, atOnce]; ; limit = SEGMENTS_AT_ONCE) {
    const entries = await kv.range({ from: start, to, limit });
    for (const { value } of entries) yield unpackItems(value);
    if (entries.length < limit) return;
    start = `${entries[entries.length - 1]!.key}\0`;
  }
}
