import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvReader } from '../platform/ports.ts';
import { ABOVE_ALL, previousId } from './gaps.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import type { Overlay } from './overlay.ts';
import { conversationOfSegment, floorOf, KEYS, segmentRange } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import { readBetween, readDown, readTail, segmentsIn } from './segment-reader.ts';
import type { SegmentSource } from './segment-reader.ts';
import { covers, findItems, findMessage, messageCount, messagesOf, NO_SEGMENTS, putItems } from './segments.ts';
import type { Tail } from './segments.ts';
import { NEWEST_MESSAGES, trimTail } from './tail-cache.ts';
import type { TailCache } from './tail-cache.ts';

/** Segments of a region that the next transaction gets. */
const REGION_SEGMENTS = 2;

/** Neighbouring segments before the tail. Every id from the first one's floor to `to` belongs into one of them. */
interface Region {
  segments: Tail;
  to: Id;
}

/** Segments that a transaction has at hand, as it sees them, so that it need not read them again. */
interface AtHand {
  /** Tails of the conversations that the transaction changed. */
  changed: ReadonlyMap<ConversationKey, Tail>;
  /** Tails that it read, and those of the conversations that the transaction below it changed. */
  read: ReadonlyMap<ConversationKey, Tail>;
  /** The regions that it used last. Pages of history lie side by side, so the next page is often in one of them. */
  regions: ReadonlyMap<ConversationKey, Region>;
}

/** Items of one call, the segments they belong to, and how to keep these as the call changed them. */
interface Place<T> {
  segments: Tail;
  items: readonly T[];
  keep(segments: Tail): void;
}

/** The messages that a transaction sees, and its changes to them. */
export class TransactionMessages {
  private readonly kv: KvReader;
  private readonly cache: TailCache;
  private readonly overlay: Overlay<readonly StoredItem[]>;
  private readonly source: SegmentSource;
  /** Keys of the damaged segments that were read. */
  readonly damaged = new Set<string>();
  private readonly changed: Map<ConversationKey, Tail>;
  private readonly read: Map<ConversationKey, Tail>;
  private readonly regions: Map<ConversationKey, Region>;

  constructor(
    { kv, cache, overlay }: { kv: KvReader; cache: TailCache; overlay: Overlay<readonly StoredItem[]> },
    atHand: AtHand = { changed: new Map(), read: new Map(), regions: new Map() },
  ) {
    this.kv = kv;
    this.cache = cache;
    this.overlay = overlay;
    this.source = new OverlaidReader(
      segmentsIn(kv, (segment) => this.damaged.add(segment)),
      overlay,
    );
    this.changed = new Map(atHand.changed);
    this.read = new Map(atHand.read);
    this.regions = new Map(atHand.regions);
  }

  /** The same messages. @param overlay a copy of this one's. */
  fork(overlay: Overlay<readonly StoredItem[]>): TransactionMessages {
    const { kv, cache, changed, read, regions } = this;
    return new TransactionMessages({ kv, cache, overlay }, { changed, read, regions });
  }

  /** The messages of the next transaction. @param overlay a child of this one's. */
  next(overlay: Overlay<readonly StoredItem[]>): TransactionMessages {
    // These are trimmed, because transactions may follow each other for long. Tails that were only read are in the cache soon.
    const read = new Map([...this.changed].map(([key, tail]) => [key, trimTail(tail)] as const));
    const regions = new Map([...this.regions].map(([key, region]) => [key, trimRegion(region)] as const));
    return new TransactionMessages({ kv: this.kv, cache: this.cache, overlay }, { changed: new Map(), read, regions });
  }

  /** Every tail that was read or changed, as this transaction leaves it. */
  get tails(): Iterable<readonly [ConversationKey, Tail]> {
    return new Map([...this.read, ...this.changed]);
  }

  /** Brings the places of these ids to hand. @param items ascending. */
  async bring(key: ConversationKey, items: readonly { readonly id: Id }[]): Promise<void> {
    if (items.length === 0) return;
    const tail = await this.tail(key);
    const older = items.filter(({ id }) => !covers(tail, id));
    const [lowest] = older;
    if (!lowest) return;
    const to = older[older.length - 1]!.id;
    if (!this.isRegion(key, lowest.id, to))
      this.regions.set(key, { segments: await readBetween(this.source, key, lowest.id, to), to });
  }

  /** Brings the newest messages to hand: this many or more, or all there are. */
  async bringNewest(key: ConversationKey, atLeast = NEWEST_MESSAGES): Promise<void> {
    await this.bringBackTo(key, (segments) => messageCount(segments) >= atLeast);
  }

  /** Brings every message with a higher id to hand. */
  async bringAfter(key: ConversationKey, id: Id): Promise<void> {
    await this.bringBackTo(key, (segments) => covers(segments, id));
  }

  /** The items of these ids. @param ids ascending. */
  async find(key: ConversationKey, ids: readonly Id[]): Promise<Map<Id, StoredItem>> {
    await this.bring(
      key,
      ids.map((id) => ({ id })),
    );
    return this.findAtHand(key, ids);
  }

  /** The items of these ids that are at hand. @param ids ascending. */
  findAtHand(key: ConversationKey, ids: readonly Id[]): Map<Id, StoredItem> {
    const found = new Map<Id, StoredItem>();
    const wanted = ids.map((id) => ({ id }));
    for (const { segments, items } of this.places(key, wanted))
      for (const item of findItems(segments, items)) found.set(item.id, item);
    return found;
  }

  /** The conversation that holds a message, if the message is at hand or in memory. @param keyStart the start of its key. */
  holder(id: Id, keyStart: string): ConversationKey | undefined {
    const tails = new Map([...this.cache.entries(), ...this.tails]);
    for (const [key, tail] of tails) if (key.startsWith(keyStart) && findMessage(tail, id)) return key;
    return undefined;
  }

  /** The newest messages, ascending: this many or more, or all there are. */
  async newest(key: ConversationKey, atLeast = NEWEST_MESSAGES): Promise<readonly StoredMessage[]> {
    await this.bringNewest(key, atLeast);
    return this.newestAtHand(key);
  }

  /** The newest messages that are at hand, ascending. */
  newestAtHand(key: ConversationKey): readonly StoredMessage[] {
    return messagesOf(this.tailAtHand(key) ?? NO_SEGMENTS);
  }

  /** Every message with a higher id, ascending. */
  async after(key: ConversationKey, id: Id): Promise<readonly StoredMessage[]> {
    await this.bringAfter(key, id);
    return this.newestAtHand(key).filter((message) => compareIds(message.id, id) > 0);
  }

  /** Stores items, ascending by id, new or changed. */
  async put(key: ConversationKey, changed: readonly StoredItem[]): Promise<void> {
    await this.bring(key, changed);
    this.putAtHand(key, changed);
  }

  /** Stores those items whose places are at hand. @param items ascending by id, new or changed. */
  putAtHand(key: ConversationKey, items: readonly StoredItem[]): void {
    const tail = this.tailAtHand(key);
    if (!tail || items.length === 0) return;
    this.changed.set(key, tail);
    for (const { segments, items: added, keep } of this.places(key, items)) {
      const after = putItems(segments, added);
      keep(after);
      for (const segment of after)
        if (!segments.includes(segment)) this.overlay.set(KEYS.segment(key, segment.floor), segment.items);
    }
  }

  /**
   * Puts everything in memory again, for when nothing else can be read any more.
   *
   * @returns where that begins in each conversation
   */
  keepInMemory(): Map<ConversationKey, Id> {
    const tails = new Map([...this.cache.entries(), ...this.tails]);
    for (const [key, tail] of tails)
      for (const { floor, items } of tail) this.overlay.set(KEYS.segment(key, floor), items);
    return new Map([...tails].map(([key, tail]) => [key, tail[0]!.floor] as const));
  }

  /** Stores what is left of a damaged segment. @returns the last id whose message may have been in it */
  async heal(segment: string): Promise<Id> {
    const { to } = segmentRange(conversationOfSegment(segment));
    const [next] = await this.source.range({ from: `${segment}\0`, to, limit: 1 });
    if (!this.overlay.find(segment)) this.overlay.set(segment, (await this.source.get(segment)) ?? []);
    return previousId(next ? floorOf(next.key) : ABOVE_ALL);
  }

  /** Removes everything of a conversation. */
  clear(key: ConversationKey): void {
    const { from, to } = segmentRange(key);
    this.overlay.deleteRange(from, to);
    this.changed.set(key, NO_SEGMENTS);
    this.regions.delete(key);
  }

  /** The newest segments of a conversation, if they are at hand or in memory. */
  tailAtHand(key: ConversationKey): Tail | undefined {
    // The cache holds what is visible; a tail that the overlay or its parent changes is at hand.
    return this.changed.get(key) ?? this.read.get(key) ?? this.cache.get(key);
  }

  /** @param items ascending. */
  private places<T extends { readonly id: Id }>(key: ConversationKey, items: readonly T[]): Place<T>[] {
    const tail = this.tailAtHand(key);
    if (!tail || items.length === 0) return [];
    const places: Place<T>[] = [];
    const older = items.filter(({ id }) => !covers(tail, id));
    const region = this.regions.get(key);
    if (region && older.length > 0 && this.isRegion(key, older[0]!.id, older[older.length - 1]!.id)) {
      const { segments, to } = region;
      places.push({ segments, items: older, keep: (after) => this.regions.set(key, { segments: after, to }) });
    }
    if (older.length < items.length)
      places.push({
        segments: tail,
        items: items.slice(older.length),
        keep: (after) => this.changed.set(key, after),
      });
    return places;
  }

  private isRegion(key: ConversationKey, lowest: Id, highest: Id): boolean {
    const region = this.regions.get(key);
    return region !== undefined && covers(region.segments, lowest) && compareIds(highest, region.to) <= 0;
  }

  /** Makes the tail longer, back to the segment with which there is enough. */
  private async bringBackTo(key: ConversationKey, enough: (segments: Tail) => boolean): Promise<void> {
    let tail = await this.tail(key);
    if (enough(tail)) return;
    for await (const older of readDown(this.source, key, tail[0]!.floor)) {
      tail = [older, ...tail];
      if (enough(tail)) break;
    }
    (this.changed.has(key) ? this.changed : this.read).set(key, tail);
    // A segment is in one of the two.
    this.regions.delete(key);
  }

  private async tail(key: ConversationKey): Promise<Tail> {
    const tail = this.tailAtHand(key) ?? (await readTail(this.source, key));
    if (!this.changed.has(key)) this.read.set(key, tail);
    return tail;
  }
}

/** Keeps the lowest segments: pages of history go down. */
function trimRegion({ segments, to }: Region): Region {
  const end = segments[REGION_SEGMENTS]?.floor;
  return { segments: segments.slice(0, REGION_SEGMENTS), to: end ? previousId(end) : to };
}
