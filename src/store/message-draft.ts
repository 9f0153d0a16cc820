import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { KvStore, KvWrite } from '../platform/ports.ts';
import { previousId } from './gaps.ts';
import { readOlderSegments, readSegments, readTail } from './message-reader.ts';
import { KEYS, prefixRange } from './schema.ts';
import type { ConversationKey, StoredItem, StoredMessage } from './schema.ts';
import { packItems } from './segment-record.ts';
import { covers, findItem, holderOf, messageCount, messagesOf, putItems } from './segments.ts';
import type { Segment, Tail, TailChange } from './segments.ts';
import { NEWEST_MESSAGES, trimTail } from './working-set.ts';
import type { TailCache } from './working-set.ts';

/** Read at once when messages before the cached ones are wanted. */
const SEGMENTS_AT_ONCE = 8;

/** Kept of a region from one draft to the next. */
const REGION_SEGMENTS = 2;

/** Neighbouring segments before the tail. Every id from the first one's floor to `to` belongs into one of them. */
interface Region {
  segments: Tail;
  to: Id;
}

/** Items of one call, and the segments they belong to. */
interface Place<T> {
  segments: Tail;
  items: readonly T[];
}

/** The messages of a draft: what is stored, with what the draft changed. */
export class MessageDraft {
  readonly #kv: KvStore;
  readonly #cache: TailCache;
  readonly #tails = new Map<ConversationKey, Tail>();
  /** Read last before the tail, as this draft left it: history pages lie side by side. */
  readonly #regions = new Map<ConversationKey, Region>();
  /** Segments this draft wrote, by key. */
  readonly #written = new Map<string, Segment>();
  /** Those of the draft below, which is on its way to the disk. */
  #below: ReadonlyMap<string, Segment> = new Map();
  /** Conversations this draft emptied before it wrote anything in them. */
  readonly #cleared = new Set<ConversationKey>();

  constructor(kv: KvStore, cache: TailCache) {
    this.#kv = kv;
    this.#cache = cache;
  }

  /** See StoreDraft. */
  fork(): MessageDraft {
    const fork = new MessageDraft(this.#kv, this.#cache);
    for (const [key, tail] of this.#tails) fork.#tails.set(key, tail);
    for (const [key, region] of this.#regions) fork.#regions.set(key, region);
    for (const [key, segment] of this.#written) fork.#written.set(key, segment);
    for (const key of this.#cleared) fork.#cleared.add(key);
    fork.#below = this.#below;
    return fork;
  }

  /** See StoreDraft. */
  next(): MessageDraft {
    const next = new MessageDraft(this.#kv, this.#cache);
    // Small again: drafts may follow each other for long.
    for (const [key, tail] of this.#tails) next.#tails.set(key, trimTail(tail));
    for (const [key, region] of this.#regions) next.#regions.set(key, trimRegion(region));
    next.#below = this.#written;
    return next;
  }

  get writes(): KvWrite[] {
    const cleared = [...this.#cleared].map((key): KvWrite => ({ op: 'deleteRange', ...prefixRange(`s/${key}/`) }));
    const written = [...this.#written].map(([key, { items }]): KvWrite => ({
      op: 'put',
      key,
      value: packItems(items),
    }));
    return [...cleared, ...written];
  }

  publish(): void {
    for (const [key, tail] of this.#tails) this.#cache.set(key, tail);
  }

  /** What is stored at these ids, ascending. */
  async find(key: ConversationKey, ids: readonly Id[]): Promise<Map<Id, StoredItem>> {
    const found = new Map<Id, StoredItem>();
    for (const { segments, items } of await this.#places(key, ids, (id) => id)) {
      for (const id of items) {
        const item = findItem(segments, id);
        if (item) found.set(id, item);
      }
    }
    return found;
  }

  /** The conversation that holds a message, among those in memory or in this draft whose key starts so. */
  holder(id: Id, keyStart: string): ConversationKey | undefined {
    return holderOf(this.#tails, id, keyStart) ?? this.#cache.find(id, keyStart);
  }

  /** The newest messages, ascending: this many or more, or all there are. */
  async newest(key: ConversationKey, atLeast = NEWEST_MESSAGES): Promise<readonly StoredMessage[]> {
    return this.#backTo(key, (segments) => messageCount(segments) >= atLeast);
  }

  /** Every message with a higher id, ascending. */
  async after(key: ConversationKey, id: Id): Promise<readonly StoredMessage[]> {
    const messages = await this.#backTo(key, (segments) => covers(segments, id));
    return messages.filter((message) => compareIds(message.id, id) > 0);
  }

  /** Stores items, ascending by id, new or changed. */
  async put(key: ConversationKey, changed: readonly StoredItem[]): Promise<void> {
    for (const { segments, items } of await this.#places(key, changed, ({ id }) => id)) {
      this.#keep(key, segments, putItems(segments, items));
    }
  }

  /** Removes everything of a conversation. */
  clear(key: ConversationKey): void {
    this.#cleared.add(key);
    for (const at of [...this.#written.keys()]) if (at.startsWith(`s/${key}/`)) this.#written.delete(at);
    this.#tails.set(key, [{ floor: '0', items: [] }]);
    this.#regions.delete(key);
  }

  /** @param items ascending. */
  async #places<T>(key: ConversationKey, items: readonly T[], idOf: (item: T) => Id): Promise<Place<T>[]> {
    if (items.length === 0) return [];
    const tail = await this.#tail(key);
    let olderCount = 0;
    while (olderCount < items.length && !covers(tail, idOf(items[olderCount]!))) olderCount++;
    if (olderCount === 0) return [{ segments: tail, items }];
    const older = items.slice(0, olderCount);
    const region = { segments: await this.#region(key, idOf(older[0]!), idOf(older[olderCount - 1]!)), items: older };
    return olderCount === items.length ? [region] : [region, { segments: tail, items: items.slice(olderCount) }];
  }

  async #region(key: ConversationKey, lowest: Id, highest: Id): Promise<Tail> {
    const last = this.#regions.get(key);
    if (last && covers(last.segments, lowest) && compareIds(highest, last.to) <= 0) return last.segments;
    const stored = await readSegments(this.#kv, key, lowest, highest);
    const segments = this.#overlay(key, stored, `${KEYS.segment(key, highest)}\0`);
    this.#regions.set(key, { segments, to: highest });
    return segments;
  }

  /** The newest messages, back to where it is enough. */
  async #backTo(key: ConversationKey, enough: (segments: Tail) => boolean): Promise<readonly StoredMessage[]> {
    let segments = await this.#tail(key);
    while (!enough(segments)) {
      const { floor } = segments[0]!;
      const older = await readOlderSegments(this.#kv, key, floor, SEGMENTS_AT_ONCE);
      if (older.length === 0) break;
      segments = [...this.#overlay(key, older, KEYS.segment(key, floor)), ...segments];
    }
    return messagesOf(segments);
  }

  async #tail(key: ConversationKey): Promise<Tail> {
    let tail = this.#tails.get(key);
    if (!tail) {
      tail = this.#cache.get(key) ?? (await readTail(this.#kv, key));
      this.#tails.set(key, tail);
    }
    return tail;
  }

  /** Stored segments as this draft changed them: replaced, or split in several, with floors below `end`. */
  #overlay(key: ConversationKey, stored: readonly Segment[], end: string): Segment[] {
    const from = KEYS.segment(key, stored[0]!.floor);
    const segments = new Map(stored.map((segment) => [KEYS.segment(key, segment.floor), segment]));
    for (const written of [this.#below, this.#written])
      for (const [at, segment] of written) if (at >= from && at < end) segments.set(at, segment);
    return [...segments].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, segment]) => segment);
  }

  #keep(key: ConversationKey, before: Tail, { tail, written }: TailChange): void {
    for (const segment of written) this.#written.set(KEYS.segment(key, segment.floor), segment);
    const region = this.#regions.get(key);
    if (before === this.#tails.get(key)) this.#tails.set(key, tail);
    else if (before === region?.segments) this.#regions.set(key, { ...region, segments: tail });
  }
}

/** Its lowest segments: pages of history go down. */
function trimRegion({ segments, to }: Region): Region {
  const end = segments[REGION_SEGMENTS]?.floor;
  return end === undefined ? { segments, to } : { segments: segments.slice(0, REGION_SEGMENTS), to: previousId(end) };
}
