import type { Id } from '../model/ids.ts';
import type { KvEntry, KvRange, KvStore } from '../platform/ports.ts';
import { ABOVE_ALL, nextId } from './gaps.ts';
import { floorOf, segmentRange } from './schema.ts';
import type { ConversationKey } from './schema.ts';
import { unpackItems } from './segment-record.ts';
import { messageCount, NO_SEGMENTS } from './segments.ts';
import type { Segment, Tail } from './segments.ts';
import { NEWEST_MESSAGES } from './working-set.ts';

/** At least so many entries are read at once when the first few were not enough. */
const MORE_AT_ONCE = 16;

/** Everything in a range, in its direction, `limit` entries at first; no page is empty. */
export async function* readPages(
  kv: Pick<KvStore, 'range'>,
  { from, to, reverse = false, limit }: KvRange & { limit: number },
): AsyncGenerator<KvEntry[]> {
  while (from < to) {
    const entries = await kv.range({ from, to, reverse, limit });
    if (entries.length > 0) yield entries;
    const last = entries[limit - 1];
    if (!last) return;
    if (reverse) to = last.key;
    else from = `${last.key}\0`;
    limit = Math.max(limit, MORE_AT_ONCE);
  }
}

/** The segments of a conversation with floors below this one, the highest first. */
export async function* readDown(kv: KvStore, key: ConversationKey, floor: Id, limit: number): AsyncGenerator<Segment> {
  for await (const entries of readPages(kv, { ...segmentRange(key, '0', floor), reverse: true, limit }))
    for (const entry of entries) yield toSegment(entry);
}

/** The newest segments of a conversation: enough for {@link NEWEST_MESSAGES}, or all there are. Never empty. */
export async function readTail(kv: KvStore, key: ConversationKey): Promise<Tail> {
  const tail: Segment[] = [];
  for await (const segment of readDown(kv, key, ABOVE_ALL, 3)) {
    tail.unshift(segment);
    if (messageCount(tail) >= NEWEST_MESSAGES) break;
  }
  return tail.length > 0 ? tail : NO_SEGMENTS;
}

/** The segment that this id belongs to, as it is stored. */
export async function readAt(kv: KvStore, key: ConversationKey, id: Id): Promise<KvEntry | undefined> {
  const [entry] = await kv.range({ ...segmentRange(key, '0', nextId(id)), reverse: true, limit: 1 });
  return entry;
}

/** The segments that ids between these two belong to, ascending; never empty. */
export async function readBetween(kv: KvStore, key: ConversationKey, lowest: Id, highest: Id): Promise<Tail> {
  const first = await readAt(kv, key, lowest);
  const entries = await kv.range(segmentRange(key, first && floorOf(first.key), nextId(highest)));
  return entries.length > 0 ? entries.map(toSegment) : NO_SEGMENTS;
}

function toSegment({ key, value }: KvEntry): Segment {
  return { floor: floorOf(key), items: unpackItems(value) };
}
