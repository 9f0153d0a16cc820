import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry } from './schema.ts';
import { toPublic } from './schema.ts';
import { messageCount, messagesOf } from './segments.ts';
import type { Tail } from './segments.ts';

/** The newest messages of a conversation that a getter answers with. */
export const NEWEST_MESSAGES = 100;
/** Conversations whose newest messages are kept in memory. */
const CACHED_CONVERSATIONS = 64;

/** What the synchronous getters read: everything small, and the newest messages of recent conversations. */
export interface WorkingSet {
  readonly conversations: Map<ConversationKey, ConversationRecord>;
  readonly friends: Set<Id>;
  readonly groups: Set<Id>;
  readonly users: Map<Id, RosterItem>;
  readonly groupInfos: Map<Id, GroupInfo>;
  readonly outbox: Map<Id, OutboxEntry>;
  readonly tails: TailCache;
  /** The newest that are kept, newest first. */
  notices: readonly NoticeMeta[];
  /** No client mid made so far is above this, in earlier runs too; `'0'` for none. */
  lastMid: Id;
}

export function createWorkingSet(): WorkingSet {
  return {
    conversations: new Map(),
    friends: new Set(),
    groups: new Set(),
    users: new Map(),
    groupInfos: new Map(),
    outbox: new Map(),
    tails: new TailCache(),
    notices: [],
    lastMid: '0',
  };
}

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

  set(key: ConversationKey, tail: Tail): void {
    this.tails.delete(key);
    this.tails.set(key, trimTail(tail));
    for (const oldest of this.tails.keys()) {
      if (this.tails.size <= CACHED_CONVERSATIONS) break;
      this.tails.delete(oldest);
    }
  }

  /** All that is in memory; looking at it is no use of it. */
  entries(): Iterable<[ConversationKey, Tail]> {
    return this.tails.entries();
  }

  /** Copies of the newest messages in memory, ascending; empty when the conversation is not cached. */
  newest(key: ConversationKey): Message[] {
    return messagesOf(this.get(key) ?? [])
      .slice(-NEWEST_MESSAGES)
      .map(toPublic);
  }
}

/** Without the oldest segments that the newest messages do not need. */
export function trimTail(tail: Tail): Tail {
  let from = tail.length;
  for (let count = 0; from > 0 && count < NEWEST_MESSAGES;) count += messageCount([tail[--from]!]);
  return tail.slice(from);
}
