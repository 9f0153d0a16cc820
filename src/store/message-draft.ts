import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvReader, KvWrite } from '../platform/ports.ts';
import { nextId, previousId } from './gaps.ts';
import { readBetween, readDown, readTail } from './message-reader.ts';
import { KEYS, segmentRange } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import { packItems } from './segment-record.ts';
import { covers, findItems, holderOf, messageCount, messagesOf, NO_SEGMENTS, putItems } from './segments.ts';
import type { Segment, Tail } from './segments.ts';
import { NEWEST_MESSAGES, trimTail } from './working-set.ts';
import type { TailCache } from './working-set.ts';

/** Kept of a region from one draft to the next. */
const REGION_SEGMENTS = 2;

/** Neighbouring segments before the tail. Every id from the first one's floor to `to` belongs into one of them. */
interface Region {
  segments: Tail;
  to: Id;
}

/** Items of one call, the segments they belong to, and how to keep these as the call changed them. */
interface Place<T> {
  segments: Tail;
  items: readonly T[];
  keep(segments: Tail): void;
}

/** The messages of a draft: what is stored, with what the draft changed. */
export class MessageDraft {
  private readonly kv: KvReader;
  private readonly cache: TailCache;
  private readonly tails: Map<ConversationKey, Tail>;
  /** Read last before the tail, as this draft left it: history pages lie side by side. */
  private readonly regions: Map<ConversationKey, Region>;
  /** Segments of the draft below, which is on its way to the disk, by key. */
  private readonly below: ReadonlyMap<string, Segment>;
  /** Those that this draft wrote. */
  private readonly written: Map<string, Segment>;
  /** Conversations this draft emptied before it wrote anything in them. */
  private readonly cleared: Set<ConversationKey>;

  constructor(
    kv: KvReader,
    cache: TailCache,
    tails: Iterable<readonly [ConversationKey, Tail]> = [],
    regions: Iterable<readonly [ConversationKey, Region]> = [],
    below: ReadonlyMap<string, Segment> = new Map(),
    written: Iterable<readonly [string, Segment]> = [],
    cleared: Iterable<ConversationKey> = [],
  ) {
    this.kv = kv;
    this.cache = cache;
    this.tails = new Map(tails);
    this.regions = new Map(regions);
    this.below = below;
    this.written = new Map(written);
    this.cleared = new Set(cleared);
  }

  /** See StoreTransaction. */
  fork(): MessageDraft {
    return new MessageDraft(this.kv, this.cache, this.tails, this.regions, this.below, this.written, this.cleared);
  }

  /** See StoreTransaction. */
  next(): MessageDraft {
    // Small again: drafts may follow each other for long.
    const tails = [...this.tails].map(([key, tail]) => [key, trimTail(tail)] as const);
    const regions = [...this.regions].map(([key, region]) => [key, trimRegion(region)] as const);
    return new MessageDraft(this.kv, this.cache, tails, regions, this.written);
  }

  get writes(): KvWrite[] {
    return [
      ...[...this.cleared].map((key): KvWrite => ({ op: 'deleteRange', ...segmentRange(key) })),
      ...[...this.written].map(([key, { items }]): KvWrite => ({ op: 'put', key, value: packItems(items) })),
    ];
  }

  publish(): void {
    for (const [key, tail] of this.tails) this.cache.set(key, tail);
  }

  /** What is stored at these ids. @param ids ascending. */
  async find(key: ConversationKey, ids: readonly Id[]): Promise<Map<Id, StoredItem>> {
    const found = new Map<Id, StoredItem>();
    const wanted = ids.map((id) => ({ id }));
    for (const { segments, items } of await this.places(key, wanted))
      for (const item of findItems(segments, items)) found.set(item.id, item);
    return found;
  }

  /** The conversation that holds a message, among those in memory or in this draft whose key starts so. */
  holder(id: Id, keyStart: string): ConversationKey | undefined {
    return holderOf([...this.tails, ...this.cache.entries()], id, keyStart);
  }

  /** The newest messages, ascending: this many or more, or all there are. */
  async newest(key: ConversationKey, atLeast = NEWEST_MESSAGES): Promise<readonly StoredMessage[]> {
    return this.backTo(key, (segments) => messageCount(segments) >= atLeast);
  }

  /** Every message with a higher id, ascending. */
  async after(key: ConversationKey, id: Id): Promise<readonly StoredMessage[]> {
    const messages = await this.backTo(key, (segments) => covers(segments, id));
    return messages.filter((message) => compareIds(message.id, id) > 0);
  }

  /** Stores items, ascending by id, new or changed. */
  async put(key: ConversationKey, changed: readonly StoredItem[]): Promise<void> {
    for (const { segments, items, keep } of await this.places(key, changed)) {
      const after = putItems(segments, items);
      keep(after);
      for (const segment of after)
        if (!segments.includes(segment)) this.written.set(KEYS.segment(key, segment.floor), segment);
    }
  }

  /** Removes everything of a conversation. */
  clear(key: ConversationKey): void {
    const { from, to } = segmentRange(key);
    this.cleared.add(key);
    for (const at of [...this.written.keys()]) if (at >= from && at < to) this.written.delete(at);
    this.tails.set(key, NO_SEGMENTS);
    this.regions.delete(key);
  }

  /** @param items ascending. */
  private async places<T extends { readonly id: Id }>(key: ConversationKey, items: readonly T[]): Promise<Place<T>[]> {
    if (items.length === 0) return [];
    const places: Place<T>[] = [];
    const tail = await this.tail(key);
    const older = items.filter(({ id }) => !covers(tail, id));
    if (older.length > 0) {
      const { segments, to } = await this.region(key, older[0]!.id, older[older.length - 1]!.id);
      places.push({ segments, items: older, keep: (after) => this.regions.set(key, { segments: after, to }) });
    }
    if (older.length < items.length)
      places.push({
        segments: tail,
        items: items.slice(older.length),
        keep: (after) => this.tails.set(key, after),
      });
    return places;
  }

  private async region(key: ConversationKey, lowest: Id, highest: Id): Promise<Region> {
    let region = this.regions.get(key);
    if (!region || !covers(region.segments, lowest) || compareIds(highest, region.to) > 0) {
      const stored = await readBetween(this.kv, key, lowest, highest);
      region = { segments: this.overlay(key, stored, nextId(highest)), to: highest };
      this.regions.set(key, region);
    }
    return region;
  }

  /** The newest messages, back to where it is enough. */
  private async backTo(key: ConversationKey, enough: (segments: Tail) => boolean): Promise<readonly StoredMessage[]> {
    let segments = await this.tail(key);
    if (!enough(segments))
      for await (const older of readDown(this.kv, key, segments[0]!.floor)) {
        segments = [...this.overlay(key, [older], segments[0]!.floor), ...segments];
        if (enough(segments)) break;
      }
    return messagesOf(segments);
  }

  private async tail(key: ConversationKey): Promise<Tail> {
    let tail = this.tails.get(key);
    if (!tail) {
      tail = this.cache.get(key) ?? (await readTail(this.kv, key));
      this.tails.set(key, tail);
    }
    return tail;
  }

  /** Stored segments as this draft changed them: replaced, or split in several, with floors below `end`. */
  private overlay(key: ConversationKey, stored: Tail, end: Id): Tail {
    const { from, to } = segmentRange(key, stored[0]!.floor, end);
    const segments = new Map(stored.map((segment) => [KEYS.segment(key, segment.floor), segment]));
    for (const written of [this.below, this.written])
      for (const [at, segment] of written) if (at >= from && at < to) segments.set(at, segment);
    return [...segments.values()].sort((a, b) => compareIds(a.floor, b.floor));
  }
}

/** Its lowest segments: pages of history go down. */
function trimRegion({ segments, to }: Region): Region {
  const end = segments[REGION_SEGMENTS]?.floor;
  return { segments: segments.slice(0, REGION_SEGMENTS), to: end ? previousId(end) : to };
}
