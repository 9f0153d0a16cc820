import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Message } from '../model/message.ts';
import type { RosterItem } from '../model/user.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry } from './schema.ts';

/** Messages kept in memory a conversation, the newest. */
export const WINDOW_MESSAGES = 100;
/** Conversations whose newest messages are kept in memory. */
export const WINDOW_CONVERSATIONS = 64;

/** What the synchronous getters read: everything small, and the newest messages of recent conversations. */
export interface WorkingSet {
  readonly conversations: Map<ConversationKey, ConversationRecord>;
  readonly friends: Set<Id>;
  readonly groups: Set<Id>;
  readonly users: Map<Id, RosterItem>;
  readonly groupInfos: Map<Id, GroupInfo>;
  readonly outbox: Map<Id, OutboxEntry>;
  readonly windows: MessageWindows;
}

export function createWorkingSet(): WorkingSet {
  return {
    conversations: new Map(),
    friends: new Set(),
    groups: new Set(),
    users: new Map(),
    groupInfos: new Map(),
    outbox: new Map(),
    windows: new MessageWindows(),
  };
}

/** For each of the recently used conversations, its newest stored messages in ascending order, without a gap to the newest. */
export class MessageWindows {
  readonly #windows = new Map<ConversationKey, Message[]>();

  get(key: ConversationKey): readonly Message[] | undefined {
    const window = this.#windows.get(key);
    if (window) {
      // A Map remembers insertion order: the first key is the longest unused one.
      this.#windows.delete(key);
      this.#windows.set(key, window);
    }
    return window;
  }

  /** The conversation that holds a message, among those whose key starts so. */
  find(id: Id, keyStart: string): ConversationKey | undefined {
    for (const [key, window] of this.#windows) {
      if (key.startsWith(keyStart) && window[lowerBound(window, id)]?.id === id) return key;
    }
    return undefined;
  }

  load(key: ConversationKey, newest: Message[]): void {
    this.#windows.delete(key);
    this.#windows.set(key, newest.slice(-WINDOW_MESSAGES));
    for (const oldest of this.#windows.keys()) {
      if (this.#windows.size <= WINDOW_CONVERSATIONS) break;
      this.#windows.delete(oldest);
    }
  }

  /** Puts one message at its place; a full window drops its oldest, and takes nothing older than that. */
  put(key: ConversationKey, message: Message): void {
    const window = this.#windows.get(key);
    if (!window) return;
    const at = lowerBound(window, message.id);
    if (window[at]?.id === message.id) {
      window[at] = message;
      return;
    }
    if (at === 0 && window.length >= WINDOW_MESSAGES) return;
    window.splice(at, 0, message);
    if (window.length > WINDOW_MESSAGES) window.shift();
  }
}

/** Index of the first message whose id is not below this one. */
export function lowerBound(messages: readonly Message[], id: Id): number {
  // New messages nearly always go last.
  const last = messages[messages.length - 1];
  if (!last || compareIds(last.id, id) < 0) return messages.length;
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareIds(messages[middle]!.id, id) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
