import type { Id } from '../model/ids.ts';
import type { SyncedMessage, MessageType } from '../model/message.ts';
import { ABOVE_ALL, nextId } from './gaps.ts';
import { readAt, readDown, readUp } from './segment-reader.ts';
import type { SegmentSource } from './segment-reader.ts';
import { isMessage, toPublic } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import { findMessage, lowerBound, SEGMENT_ITEMS } from './segments.ts';
import type { Tail } from './segments.ts';

/**
 * Reads through everything stored. These reads see what is visible, wait for no writer and keep nothing in memory. With a
 * type they see only messages of that type.
 */
export interface MessageQuery {
  /** The `limit` newest messages below an id, ascending; fewer only when there are no more. */
  before(key: ConversationKey, id: Id, limit: number, type?: MessageType): Promise<SyncedMessage[]>;
  /** The `limit` oldest messages above an id, ascending; fewer only when there are no more. */
  after(key: ConversationKey, id: Id, limit: number, type?: MessageType): Promise<SyncedMessage[]>;
  message(key: ConversationKey, id: Id): Promise<SyncedMessage | undefined>;
  /** Counts by reading every segment, because no count is stored. */
  count(key: ConversationKey, type?: MessageType): Promise<number>;
}

export function createMessageQuery(source: SegmentSource): MessageQuery {
  return {
    before: async (key, id, limit, type) => {
      let found: StoredMessage[] = [];
      for await (const { items } of readDown(source, key, id, segmentsFor(limit))) {
        found = [...items.slice(0, lowerBound(items, id)).filter(isOf(type)), ...found];
        if (found.length >= limit) break;
      }
      return found.slice(-limit).map(toPublic);
    },
    after: async (key, id, limit, type) => {
      const found: StoredMessage[] = [];
      for await (const { items } of readUp(source, key, nextId(id), segmentsFor(limit))) {
        // A segment that was split since it was read brings its items again.
        const above = nextId(found[found.length - 1]?.id ?? id);
        found.push(...items.slice(lowerBound(items, above)).filter(isOf(type)));
        if (found.length >= limit) break;
      }
      return found.slice(0, limit).map(toPublic);
    },
    message: async (key, id) => readMessage(source, key, id),
    count: async (key, type) => {
      let count = 0;
      for await (const { items } of readDown(source, key, ABOVE_ALL)) count += items.filter(isOf(type)).length;
      return count;
    },
  };
}

export async function readMessage(
  source: SegmentSource,
  key: ConversationKey,
  id: Id,
): Promise<SyncedMessage | undefined> {
  return messageIn(await readAt(source, key, id), id);
}

/** The message of this id in these segments. */
export function messageIn(segments: Tail, id: Id): SyncedMessage | undefined {
  const message = findMessage(segments, id);
  return message && toPublic(message);
}

const isOf =
  (type: MessageType | undefined) =>
  (item: StoredItem): item is StoredMessage =>
    isMessage(item) && (!type || item.type === type);

/** The number of segments that probably hold this many messages. The first one is seldom full. */
const segmentsFor = (limit: number): number => 1 + Math.ceil(limit / SEGMENT_ITEMS);
