import type { Id } from '../model/ids.ts';
import type { KvEntry, KvStore } from '../platform/ports.ts';
import { floorOf, segmentRange } from './schema.ts';
import type { ConversationKey } from './schema.ts';
import { unpackItems } from './segment-record.ts';
import { messageCount } from './segments.ts';
import type { Segment, Tail } from './segments.ts';
import { NEWEST_MESSAGES } from './working-set.ts';

/** Above every floor, and every id but one. */
const END: Id = '18446744073709551615';

/** The newest segments of a conversation: enough for {@link NEWEST_MESSAGES}, or all there are. Never empty. */
export async function readTail(kv: KvStore, key: ConversationKey): Promise<Tail> {
  let tail: Segment[] = [];
  while (messageCount(tail) < NEWEST_MESSAGES) {
    const older = await readOlderSegments(kv, key, tail[0]?.floor ?? END, 3);
    if (older.length === 0) break;
    tail = [...older, ...tail];
  }
  return tail.length > 0 ? tail : [{ floor: '0', items: [] }];
}

/** The next segments below this floor, ascending; empty when there are none. */
export async function readOlderSegments(
  kv: KvStore,
  key: ConversationKey,
  floor: Id,
  limit: number,
): Promise<Segment[]> {
  if (floor === '0') return [];
  // The range is inclusive: one more, for the segment of this floor itself.
  const entries = await kv.range({ ...segmentRange(key, '0', floor), reverse: true, limit: limit + 1 });
  return entries
    .map(toSegment)
    .filter((segment) => segment.floor !== floor)
    .slice(0, limit)
    .reverse();
}

/** The segments that ids between these two belong to, ascending; never empty. */
export async function readSegments(kv: KvStore, key: ConversationKey, lowest: Id, highest: Id): Promise<Segment[]> {
  const [entry] = await kv.range({ ...segmentRange(key, '0', lowest), reverse: true, limit: 1 });
  const floor = entry ? floorOf(entry.key) : '0';
  const entries = await kv.range(segmentRange(key, floor, highest));
  return entries.length > 0 ? entries.map(toSegment) : [{ floor: '0', items: [] }];
}

function toSegment({ key, value }: KvEntry): Segment {
  return { floor: floorOf(key), items: unpackItems(value) };
}
