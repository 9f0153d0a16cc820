import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvEntry, KvRange, KvReader } from '../platform/ports.ts';
import { ABOVE_ALL, nextId, previousId } from './gaps.ts';
import type { Entry, Source } from './overlaid-reader.ts';
import { floorOf, segmentRange } from './schema.ts';
import type { ConversationKey, StoredItem } from './schema.ts';
import { unpackSegment } from './segment-record.ts';
import { messageCount, NO_SEGMENTS } from './segments.ts';
import type { Segment, Tail } from './segments.ts';
import { NEWEST_MESSAGES } from './tail-cache.ts';

const ENTRIES_AT_ONCE = 16;

/** Where segments are read, unpacked, by their keys. */
export type SegmentSource = Source<readonly StoredItem[]>;

/** The segments of a database. @param onDamaged called with the key of each segment of which items are lost */
export function segmentsIn(kv: KvReader, onDamaged: (key: string) => void = () => undefined): SegmentSource {
  const unpack = ({ key, value }: KvEntry): readonly StoredItem[] => {
    const { items, isDamaged } = unpackSegment(value);
    if (isDamaged) onDamaged(key);
    return items;
  };
  return {
    get: async (key) => unpack({ key, value: await kv.get(key) }),
    range: async (range) => (await kv.range(range)).map((entry) => unpackLater(entry, unpack)),
  };
}

/**
 * Unpacks an entry when its value is read. Whoever walks through entries often stops before the last one, and the objects of
 * all entries at once would keep the garbage collector busy.
 */
function unpackLater(entry: KvEntry, unpack: (entry: KvEntry) => readonly StoredItem[]): Entry<readonly StoredItem[]> {
  return {
    key: entry.key,
    get value() {
      return unpack(entry);
    },
  };
}

/** Reads everything in a range, in its direction; no page is empty. @param limit entries of the first page, at most. */
export async function* readPages<T>(
  source: Pick<Source<T>, 'range'>,
  { from, to, reverse = false, limit = ENTRIES_AT_ONCE }: KvRange,
): AsyncGenerator<Entry<T>[]> {
  while (from < to) {
    const entries = await source.range({ from, to, reverse, limit });
    if (entries.length > 0) yield entries;
    const last = entries[limit - 1];
    if (!last) return;
    if (reverse) to = last.key;
    else from = `${last.key}\0`;
    limit = Math.max(limit, ENTRIES_AT_ONCE);
  }
}

async function* readSegments(source: SegmentSource, range: KvRange): AsyncGenerator<Segment> {
  for await (const entries of readPages(source, range)) for (const entry of entries) yield toSegment(entry);
}

/** The segments of a conversation with floors below this one, the highest first. @param limit see {@link readPages}. */
export const readDown = (
  source: SegmentSource,
  key: ConversationKey,
  floor: Id,
  limit = ENTRIES_AT_ONCE,
): AsyncGenerator<Segment> => readSegments(source, { ...segmentRange(key, '0', floor), reverse: true, limit });

/** The segment that this id belongs to, then those above. @param limit see {@link readPages}. */
export async function* readUp(
  source: SegmentSource,
  key: ConversationKey,
  id: Id,
  limit: number,
): AsyncGenerator<Segment> {
  const [first] = await readAt(source, key, id);
  if (first) yield first;
  const above = segmentRange(key, first && nextId(first.floor));
  for await (const segment of readSegments(source, { ...above, limit })) yield segment;
}

/** The newest segments of a conversation: enough for {@link NEWEST_MESSAGES}, or all there are. Never empty. */
export async function readTail(source: SegmentSource, key: ConversationKey): Promise<Tail> {
  const tail: Segment[] = [];
  for await (const segment of readDown(source, key, ABOVE_ALL, 3)) {
    tail.unshift(segment);
    if (messageCount(tail) >= NEWEST_MESSAGES) break;
  }
  return tail.length > 0 ? tail : NO_SEGMENTS;
}

/** The segment that this id belongs to, if it is stored. */
export async function readAt(source: SegmentSource, key: ConversationKey, id: Id): Promise<Segment[]> {
  const entries = await source.range({ ...segmentRange(key, '0', nextId(id)), reverse: true, limit: 1 });
  return entries.map(toSegment);
}

/** A segment, and the last id that is known to belong into it. */
export interface Place extends Segment {
  readonly to: Id;
}

/**
 * The segments that these ids belong to, ascending. Segments between them are left out, and few of them are read.
 *
 * @param ids ascending.
 */
export async function readPlaces(source: SegmentSource, key: ConversationKey, ids: readonly Id[]): Promise<Place[]> {
  const places: Place[] = [];
  const last = ids[ids.length - 1];
  for (let at = 0; at < ids.length;) {
    const [first = NO_SEGMENTS[0]!] = await readAt(source, key, ids[at]!);
    const range = segmentRange(key, nextId(first.floor), nextId(last!));
    const above = await source.range({ ...range, limit: ENTRIES_AT_ONCE });
    const isAll = above.length < ENTRIES_AT_ONCE;
    for (const [index, next] of [...above, undefined].entries()) {
      // Where the last one ends is not known when there are more.
      const to = next ? previousId(floorOf(next.key)) : isAll ? last! : undefined;
      if (at === ids.length || to === undefined || compareIds(ids[at]!, to) > 0) continue;
      const segment = index === 0 ? first : toSegment(above[index - 1]!);
      places.push({ ...segment, to });
      while (at < ids.length && compareIds(ids[at]!, to) <= 0) at++;
    }
  }
  return places;
}

const toSegment = ({ key, value }: Entry<readonly StoredItem[]>): Segment => ({ floor: floorOf(key), items: value });
