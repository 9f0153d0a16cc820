import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvReader } from '../platform/ports.ts';
import { previousId } from './gaps.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import type { Overlay } from './overlay.ts';
import { KEYS, segmentRange } from './schema.ts';
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
    this.source = new OverlaidReader(segmentsIn(kv), overlay);
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

  /** The items of these ids. @param ids ascending. */
  async find(key: ConversationKey, ids: readonly Id[]): Promise<Map<Id, StoredItem>> {
    const found = new Map<Id, StoredItem>();
    const wanted = ids.map((id) => ({ id }));
    for (const { segments, items } of await this.places(key, wanted))
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
    return this.backTo(key, (segments) => messageCount(segments) >= atLeast);
  }

  /** Every message with a higher id, ascending. */
  async after(key: ConversationKey, id: Id): Promise<readonly StoredMessage[]> {
    const messages = await this.backTo(key, (segments) => covers(segments, id));
    return messages.filter((message) => compareIds(message.id, id) > 0);
  }

  /** Stores items, ascending by id, new or changed. */
  async put(key: ConversationKey, changed: readonly StoredItem[]): Promise<void> {
    if (changed.length === 0) return;
    this.changed.set(key, await this.tail(key));
    for (const { segments, items, keep } of await this.places(key, changed)) {
      const after = putItems(segments, items);
      keep(after);
      for (const segment of after)
        if (!segments.includes(segment)) this.overlay.set(KEYS.segment(key, segment.floor), segment.items);
    }
  }

  /** Removes everything of a conversation. */
  clear(key: ConversationKey): void {
    const { from, to } = segmentRange(key);
    this.overlay.deleteRange(from, to);
    this.changed.set(key, NO_SEGMENTS);
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
        keep: (after) => this.changed.set(key, after),
      });
    return places;
  }

  private async region(key: ConversationKey, lowest: Id, highest: Id): Promise<Region> {
    let region = this.regions.get(key);
    if (!region || !covers(region.segments, lowest) || compareIds(highest, region.to) > 0) {
      region = { segments: await readBetween(this.source, key, lowest, highest), to: highest };
      this.regions.set(key, region);
    }
    return region;
  }

  /** The newest messages, back to the segment with which there are enough. */
  private async backTo(key: ConversationKey, enough: (segments: Tail) => boolean): Promise<readonly StoredMessage[]> {
    let segments = await this.tail(key);
    if (!enough(segments))
      for await (const older of readDown(this.source, key, segments[0]!.floor)) {
        segments = [older, ...segments];
        if (enough(segments)) break;
      }
    return messagesOf(segments);
  }

  /** The cache holds what is visible; a tail that the overlay or its parent changes is at hand. */
  private async tail(key: ConversationKey): Promise<Tail> {
    let tail = this.changed.get(key) ?? this.read.get(key);
    if (!tail) {
      tail = this.cache.get(key) ?? (await readTail(this.source, key));
      this.read.set(key, tail);
    }
    return tail;
  }
}

/** Keeps the lowest segments: pages of history go down. */
function trimRegion({ segments, to }: Region): Region {
  const end = segments[REGION_SEGMENTS]?.floor;
  return { segments: segments.slice(0, REGION_SEGMENTS), to: end ? previousId(end) : to };
}
