import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { KvStore, KvWrite } from '../platform/ports.ts';
import { readOlderSegments, readSegments, readTail } from './message-reader.ts';
import { KEYS } from './schema.ts';
import type { ConversationKey } from './schema.ts';
import { covers, findMessage, holderOf, messageCount, putMessages } from './segments.ts';
import type { Segment, Tail, TailChange } from './segments.ts';
import { NEWEST_MESSAGES } from './working-set.ts';
import type { TailCache } from './working-set.ts';

/** Read at once when messages before the cached ones are wanted. */
const SEGMENTS_AT_ONCE = 8;

/** Items of one call, and the segments they belong to. */
interface Place<T> {
  segments: Tail;
  items: readonly T[];
}

/** The messages of a draft: what is stored, with what the draft changed. */
export class MessageDraft {
  readonly #kv: KvStore;
  readonly #cache: TailCache;
  readonly #tails: Map<ConversationKey, Tail>;
  /** Segments this draft wrote, by key. */
  readonly #written: Map<string, Segment>;

  constructor(kv: KvStore, cache: TailCache, from?: MessageDraft) {
    this.#kv = kv;
    this.#cache = cache;
    this.#tails = new Map(from ? from.#tails : []);
    this.#written = new Map(from ? from.#written : []);
  }

  get writes(): KvWrite[] {
    return [...this.#written].map(([key, { messages }]) => ({ op: 'put', key, value: messages }));
  }

  publish(): void {
    for (const [key, tail] of this.#tails) this.#cache.set(key, tail);
  }

  /** The stored messages among these ids. */
  async find(key: ConversationKey, ids: readonly Id[]): Promise<Map<Id, Message>> {
    const found = new Map<Id, Message>();
    for (const { segments, items } of await this.#places(key, ids, (id) => id)) {
      for (const id of items) {
        const message = findMessage(segments, id);
        if (message) found.set(id, message);
      }
    }
    return found;
  }

  /** The conversation that holds a message, among those in memory or in this draft whose key starts so. */
  holder(id: Id, keyStart: string): ConversationKey | undefined {
    return holderOf(this.#tails, id, keyStart) ?? this.#cache.find(id, keyStart);
  }

  /** The newest messages, ascending: this many or more, or all there are. */
  async newest(key: ConversationKey, atLeast = NEWEST_MESSAGES): Promise<readonly Message[]> {
    return this.#backTo(key, (segments) => messageCount(segments) >= atLeast);
  }

  /** Every message with a higher id, ascending. */
  async after(key: ConversationKey, id: Id): Promise<readonly Message[]> {
    const messages = await this.#backTo(key, (segments) => covers(segments, id));
    return messages.filter((message) => compareIds(message.id, id) > 0);
  }

  /** Stores messages, ascending by id, new or changed. */
  async put(key: ConversationKey, messages: readonly Message[]): Promise<void> {
    for (const { segments, items } of await this.#places(key, messages, ({ id }) => id)) {
      this.#keep(key, segments, putMessages(segments, items));
    }
  }

  async #places<T>(key: ConversationKey, items: readonly T[], idOf: (item: T) => Id): Promise<Place<T>[]> {
    if (items.length === 0) return [];
    const tail = await this.#tail(key);
    const recent = items.filter((item) => covers(tail, idOf(item)));
    const places: Place<T>[] = recent.length > 0 ? [{ segments: tail, items: recent }] : [];
    if (recent.length === items.length) return places;
    const older = items.filter((item) => !covers(tail, idOf(item))).sort((a, b) => compareIds(idOf(a), idOf(b)));
    const highest = idOf(older[older.length - 1]!);
    const stored = await readSegments(this.#kv, key, idOf(older[0]!), highest);
    return [...places, { segments: this.#overlay(key, stored, `${KEYS.segment(key, highest)}\0`), items: older }];
  }

  /** The newest messages, back to where it is enough. */
  async #backTo(key: ConversationKey, enough: (segments: Tail) => boolean): Promise<readonly Message[]> {
    let segments = await this.#tail(key);
    while (!enough(segments)) {
      const { floor } = segments[0]!;
      const older = await readOlderSegments(this.#kv, key, floor, SEGMENTS_AT_ONCE);
      if (older.length === 0) break;
      segments = [...this.#overlay(key, older, KEYS.segment(key, floor)), ...segments];
    }
    return segments.flatMap(({ messages }) => messages);
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
    for (const [at, segment] of this.#written) if (at >= from && at < end) segments.set(at, segment);
    return [...segments].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, segment]) => segment);
  }

  #keep(key: ConversationKey, before: Tail, { tail, written }: TailChange): void {
    for (const segment of written) this.#written.set(KEYS.segment(key, segment.floor), segment);
    if (before === this.#tails.get(key)) this.#tails.set(key, tail);
  }
}
