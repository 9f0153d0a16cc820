import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvReader } from '../platform/ports.ts';
import { ABOVE_ALL, nextId, previousId } from './gaps.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import type { Overlay } from './overlay.ts';
import { conversationOfSegment, floorOf, KEYS, segmentRange } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import { readDown, readPlaces, readTail, segmentsIn } from './segment-reader.ts';
import type { Place, SegmentSource } from './segment-reader.ts';
import {
  covers,
  findItems,
  findMessage,
  lowerBound,
  messageCount,
  messagesOf,
  NO_SEGMENTS,
  putItems,
} from './segments.ts';
import type { Segment, Tail } from './segments.ts';
import { firstIndex } from '../util/first-index.ts';
import { NEWEST_MESSAGES, trimTail } from './tail-cache.ts';
import type { TailCache } from './tail-cache.ts';

/** How many places of a conversation the next transaction gets: the lowest, because pages of history go down. */
const KEPT_PLACES = 2;

/** Segments that a transaction has at hand, as it sees them, so that it need not read them again. */
interface AtHand {
  /** Tails of the conversations that the transaction changed. */
  changed: ReadonlyMap<ConversationKey, Tail>;
  /** Tails that it read, and those of the conversations that the transaction below it changed. */
  read: ReadonlyMap<ConversationKey, Tail>;
  /**
   * The segments before the tails that it used, ascending. A page of operations uses the same ones many times, and the next
   * page of history is often in the one of the page before.
   */
  places: ReadonlyMap<ConversationKey, readonly Place[]>;
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
  private readonly older: Map<ConversationKey, readonly Place[]>;

  constructor(
    { kv, cache, overlay }: { kv: KvReader; cache: TailCache; overlay: Overlay<readonly StoredItem[]> },
    atHand: AtHand = { changed: new Map(), read: new Map(), places: new Map() },
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
    this.older = new Map(atHand.places);
  }

  /** The same messages. @param overlay a copy of this one's. */
  fork(overlay: Overlay<readonly StoredItem[]>): TransactionMessages {
    const { kv, cache, changed, read, older: places } = this;
    return new TransactionMessages({ kv, cache, overlay }, { changed, read, places });
  }

  /** The messages of the next transaction. @param overlay a child of this one's. */
  next(overlay: Overlay<readonly StoredItem[]>): TransactionMessages {
    // These are trimmed, because transactions may follow each other for long. Tails that were only read are in the cache soon.
    const read = new Map([...this.changed].map(([key, tail]) => [key, trimTail(tail)] as const));
    const places = new Map([...this.older].map(([key, older]) => [key, older.slice(0, KEPT_PLACES)] as const));
    return new TransactionMessages({ kv: this.kv, cache: this.cache, overlay }, { changed: new Map(), read, places });
  }

  /** Every tail that was read or changed, as this transaction leaves it. */
  get tails(): Iterable<readonly [ConversationKey, Tail]> {
    return new Map([...this.read, ...this.changed]);
  }

  /** Brings the places of these ids to hand. @param items ascending. */
  async bring(key: ConversationKey, items: readonly { readonly id: Id }[]): Promise<void> {
    if (items.length === 0) return;
    const tail = await this.tail(key);
    const older = items.slice(0, lowerBound(items, tail[0]!.floor));
    const unread = older.filter(({ id }) => !this.placeOf(key, id)).map(({ id }) => id);
    if (unread.length > 0) this.keepPlaces(key, await readPlaces(this.source, key, unread));
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
    for (const { segments, items } of this.placed(key, wanted))
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
    const places: Place[] = [];
    for (const { segments, place, items: added } of this.placed(key, items)) {
      const after = putItems(segments, added);
      const before = new Set(segments);
      for (const segment of after)
        if (!before.has(segment)) this.overlay.set(KEYS.segment(key, segment.floor), segment.items);
      if (place) places.push(...placesOf(after, place.to));
      else this.changed.set(key, after);
    }
    this.keepPlaces(key, places);
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
    this.older.delete(key);
  }

  /** The newest segments of a conversation, if they are at hand or in memory. */
  tailAtHand(key: ConversationKey): Tail | undefined {
    // The cache holds what is visible; a tail that the overlay or its parent changes is at hand.
    return this.changed.get(key) ?? this.read.get(key) ?? this.cache.get(key);
  }

  /**
   * The items whose segments are at hand, with those: the tail, or one before it, which has a `place`.
   *
   * @param items ascending.
   */
  private placed<T extends { readonly id: Id }>(
    key: ConversationKey,
    items: readonly T[],
  ): { segments: Tail; items: readonly T[]; place?: Place }[] {
    const tail = this.tailAtHand(key);
    if (!tail || items.length === 0) return [];
    const inTail = lowerBound(items, tail[0]!.floor);
    const groups: { segments: Tail; items: T[]; place: Place }[] = [];
    for (const item of items.slice(0, inTail)) {
      const place = this.placeOf(key, item.id);
      const last = groups[groups.length - 1];
      if (place && last?.place === place) last.items.push(item);
      else if (place) groups.push({ segments: [place], items: [item], place });
    }
    return inTail < items.length ? [...groups, { segments: tail, items: items.slice(inTail) }] : groups;
  }

  /** The segment before the tail that an id belongs to, if it is at hand. */
  private placeOf(key: ConversationKey, id: Id): Place | undefined {
    const older = this.older.get(key) ?? [];
    const place = older[firstIndex(older.length, (index) => compareIds(older[index]!.floor, id) <= 0) - 1];
    return place && compareIds(id, place.to) <= 0 ? place : undefined;
  }

  /** @param places ascending; each takes the place of those that begin in it */
  private keepPlaces(key: ConversationKey, places: readonly Place[]): void {
    let older = this.older.get(key) ?? [];
    for (const place of places) {
      const isBelow =
        (id: Id) =>
        (index: number): boolean =>
          compareIds(older[index]!.floor, id) < 0;
      const from = firstIndex(older.length, isBelow(place.floor));
      const to = firstIndex(older.length, isBelow(nextId(place.to)));
      older = [...older.slice(0, from), place, ...older.slice(to)];
    }
    if (places.length > 0) this.older.set(key, older);
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
    this.older.set(
      key,
      (this.older.get(key) ?? []).filter(({ floor }) => !covers(tail, floor)),
    );
  }

  private async tail(key: ConversationKey): Promise<Tail> {
    const tail = this.tailAtHand(key) ?? (await readTail(this.source, key));
    if (!this.changed.has(key)) this.read.set(key, tail);
    return tail;
  }
}

/** A place after items were put into it: it may be several now. @param to where it ends */
const placesOf = (segments: readonly Segment[], to: Id): Place[] =>
  segments.map((segment, index) => {
    const next = segments[index + 1];
    return { ...segment, to: next ? previousId(next.floor) : to };
  });
