import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { KvEntry, KvStore } from '../platform/ports.ts';
import { floorOf, segmentRange } from './schema.ts';
import type { ConversationKey } from './schema.ts';
import { messageCount } from './segments.ts';
import type { Segment, Tail } from './segments.ts';
import { NEWEST_MESSAGES } from './working-set.ts';

const LAST_ID: Id = '18446744073709551615';

/** The newest segments of a conversation: enough for {@link NEWEST_MESSAGES}, or all there are. Never empty. */
export async function readTail(kv: KvStore, key: ConversationKey): Promise<Tail> {
  let tail: Segment[] = [];
  let below: Id = LAST_ID;
  for (;;) {
    const limit = 2;
    const entries = await kv.range({ ...segmentRange(key, '0', below), reverse: true, limit });
    // The range is inclusive: its first entry is the last one of the round before.
    const older = entries.map(toSegment).filter(({ floor }) => floor !== tail[0]?.floor);
    tail = [...older.reverse(), ...tail];
    const first = tail[0];
    if (!first) return [{ floor: '0', messages: [] }];
    if (first.floor === '0' || entries.length < limit || messageCount(tail) >= NEWEST_MESSAGES) return tail;
    below = first.floor;
  }
}

/** The segments that ids between these two belong to, ascending; never empty. */
export async function readSegments(kv: KvStore, key: ConversationKey, lowest: Id, highest: Id): Promise<Segment[]> {
  const [entry] = await kv.range({ ...segmentRange(key, '0', lowest), reverse: true, limit: 1 });
  const floor = entry ? floorOf(entry.key) : '0';
  const entries = await kv.range(segmentRange(key, floor, highest));
  return entries.length > 0 ? entries.map(toSegment) : [{ floor: '0', messages: [] }];
}

function toSegment({ key, value }: KvEntry): Segment {
  return { floor: floorOf(key), messages: value as Message[] };
}

/** Which end of the stored messages a page is read from. */
export interface PageQuery {
  /** Only messages with lower ids. Default: from the newest. */
  before?: Id;
  limit: number;
}

/** A page of stored messages, ascending. */
export async function readPage(kv: KvStore, key: ConversationKey, { before = LAST_ID, limit }: PageQuery): Promise<Message[]> {
  const page: Message[] = [];
  let below = before;
  while (page.length < limit) {
    const entries = await kv.range({ ...segmentRange(key, '0', below), reverse: true, limit: 2 });
    const found = entries.flatMap(({ value }) => (value as Message[]).filter(({ id }) => compareIds(id, below) < 0).reverse());
    page.push(...found);
    const last = entries[entries.length - 1];
    if (!last || floorOf(last.key) === '0') break;
    below = floorOf(last.key);
  }
  return page.slice(0, limit).reverse();
}
