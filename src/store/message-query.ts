import type { Id } from '../model/ids.ts';
import type { Message, MessageType } from '../model/message.ts';
import type { KvStore } from '../platform/ports.ts';
import { ABOVE_ALL, nextId } from './gaps.ts';
import { readAt, readDown, readPages } from './message-reader.ts';
import { isMessage, segmentRange, toPublic } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import { unpackItems } from './segment-record.ts';
import { findMessage, lowerBound, SEGMENT_ITEMS } from './segments.ts';

type Ranges = Pick<KvStore, 'range'>;

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
      let found: StoredMessage[] = [];
      for await (const { items } of readDown(kv, key, id, segmentsFor(limit))) {
        found = [...items.slice(0, lowerBound(items, id)).filter(isOf(type)), ...found];
        if (found.length >= limit) break;
      }
      return found.slice(-limit).map(toPublic);
    },
    after: async (key, id, limit, type) => {
      const found: StoredMessage[] = [];
      for await (const items of itemsUp(kv, key, nextId(id), segmentsFor(limit))) {
        // A segment that was split since it was read brings its items again.
        const above = nextId(found[found.length - 1]?.id ?? id);
        found.push(...items.slice(lowerBound(items, above)).filter(isOf(type)));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit).map(toPublic);
    },
    message: async (key, id) => readMessage(kv, key, id),
    count: async (key, type) => {
      let count = 0;
      for await (const { items } of readDown(kv, key, ABOVE_ALL, SEGMENTS_AT_ONCE))
        count += items.filter(isOf(type)).length;
      return count;
    },
  };
}

export async function readMessage(kv: Ranges, key: ConversationKey, id: Id): Promise<Message | undefined> {
  const entry = await readAt(kv, key, id);
  return messageIn(unpackItems(entry?.value), id);
}

/** The message of this id among the items of a segment. */
export function messageIn(items: readonly StoredItem[] = [], id: Id): Message | undefined {
  const message = findMessage([{ floor: '0', items }], id);
  return message && toPublic(message);
}

const isOf =
  (type: MessageType | undefined) =>
  (item: StoredItem): item is StoredMessage =>
    isMessage(item) && (!type || item.type === type);

/** That likely hold so many messages: the first is seldom full. */
const segmentsFor = (limit: number): number => Math.min(SEGMENTS_AT_ONCE, 1 + Math.ceil(limit / SEGMENT_ITEMS));

/** The items of the segment that this id belongs to, then of those above. */
async function* itemsUp(
  kv: Ranges,
  key: ConversationKey,
  lowest: Id,
  limit: number,
): AsyncGenerator<readonly StoredItem[]> {
  const range = segmentRange(key);
  const first = await readAt(kv, key, lowest);
  if (first) {
    yield unpackItems(first.value);
    range.from = `${first.key}\0`;
  }
  for await (const entries of readPages(kv, { ...range, limit }))
    for (const { value } of entries) yield unpackItems(value);
}
