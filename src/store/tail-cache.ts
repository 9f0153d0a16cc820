import type { Change } from './overlay.ts';
import { conversationOfSegment, floorOf } from './schema.ts';
import type { ConversationKey, StoredItem } from './schema.ts';
import { messageCount, NO_SEGMENTS, putSegment } from './segments.ts';
import type { Tail } from './segments.ts';

/** How many of a conversation's newest messages a getter returns. */
export const NEWEST_MESSAGES = 100;
/** Conversations whose newest messages are kept in memory. */
const CACHED_CONVERSATIONS = 64;

/** The newest segments of the conversations used last. */
export class TailCache {
  private readonly tails = new Map<ConversationKey, Tail>();

  get(key: ConversationKey): Tail | undefined {
    const tail = this.tails.get(key);
    if (tail) {
      // A Map remembers insertion order: the first key is the longest unused one.
      this.tails.delete(key);
      this.tails.set(key, tail);
    }
    return tail;
  }

  /** Adds the tail of a conversation that was read, unless one is here already. */
  add(key: ConversationKey, tail: Tail): void {
    if (!this.get(key)) this.put(key, tail);
  }

  /** Changes the tails that are here. Changed segments of other conversations are read when they are needed. */
  apply(changes: readonly Change<readonly StoredItem[]>[]): void {
    const changed = new Map<ConversationKey, Tail>();
    for (const change of changes) {
      const key = conversationOfSegment(change.op === 'deleteRange' ? change.from : change.key);
      const tail = changed.get(key) ?? this.tails.get(key);
      if (!tail) continue;
      // Only whole conversations are deleted.
      const after =
        change.op === 'put' ? putSegment(tail, { floor: floorOf(change.key), items: change.value }) : NO_SEGMENTS;
      changed.set(key, after);
    }
    for (const [key, tail] of changed) this.put(key, tail);
  }

  /** All tails in memory. Looking at them does not count as using them. */
  entries(): Iterable<[ConversationKey, Tail]> {
    return this.tails.entries();
  }

  private put(key: ConversationKey, tail: Tail): void {
    this.tails.delete(key);
    this.tails.set(key, trimTail(tail));
    for (const oldest of this.tails.keys()) {
      if (this.tails.size <= CACHED_CONVERSATIONS) break;
      this.tails.delete(oldest);
    }
  }
}

/** Leaves out the oldest segments that the newest messages do not need. */
export function trimTail(tail: Tail): Tail {
  let from = tail.length;
  for (let count = 0; from > 0 && count < NEWEST_MESSAGES;) count += messageCount([tail[--from]!]);
  return tail.slice(from);
}
