import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { Clock } from '../platform/ports.ts';
import { messageInMemory } from '../store/find-message.ts';
import { isMessage, toPublic } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import type { IMessageOperation } from '../wire/gen/codec.js';
import { MessageOperationType as Op } from '../wire/gen/enums.ts';
import type { ClientMids } from './client-mid.ts';
import { isCounted } from './conversation-rules.ts';
import { dispatchOrTell } from './dispatch.ts';
import type { DispatchDeps, DispatchTask } from './dispatch.ts';
import { messageEntry, operationEntry } from './outgoing.ts';
import type { EditText, MessageDraft } from './outgoing.ts';
import { countUnread, markRead } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

export interface CommandDeps extends DispatchDeps {
  clock: Clock;
  mids: ClientMids;
  self: Id;
}

/** What the app has to say about messages. Each command returns its client mid at once; the rest is told by events. */
export class Commands {
  readonly #deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.#deps = deps;
  }

  send(conversation: ConversationKey, message: MessageDraft): Id {
    const { mids, self, clock, store } = this.#deps;
    const after = store.working.conversations.get(conversation)?.newestId ?? '0';
    const entry = messageEntry(mids.next(), conversation, message, self, clock.now(), after);
    return this.#dispatch(entry, (draft, put) => {
      put(entry);
      const isNew = !draft.conversation(conversation)?.listed;
      if (isNew) draft.updateConversation(conversation, { listed: true, timestamp: entry.message!.timestamp });
      const peer = conversation.slice(1);
      return [
        { type: 'sending', mid: entry.mid, peer, message: entry.message! },
        ...(isNew ? ([{ type: 'list' }] as const) : []),
      ];
    });
  }

  /** Removes a message everywhere. */
  recall(key: ConversationKey, mid: Id): Id {
    return this.#operate(key, key.slice(1), { type: Op.RECALL, mid, xid: xidOf(key) });
  }

  /** Removes a message on one's own devices. */
  remove(key: ConversationKey, mid: Id): Id {
    return this.#operate(key, this.#deps.self, { type: Op.DELETE, mid, xid: xidOf(key) });
  }

  /** Marks a message unread, on all own devices. */
  unread(key: ConversationKey, mid: Id): Id {
    return this.#operate(key, this.#deps.self, { type: Op.READ_CANCEL, mid, xid: xidOf(key) });
  }

  append(key: ConversationKey, mid: Id, content: string): Id {
    return this.#operate(key, key.slice(1), { type: Op.APPEND, mid }, { content });
  }

  replace(key: ConversationKey, mid: Id, text: EditText): Id {
    return this.#operate(key, key.slice(1), { type: Op.REPLACE, mid }, text);
  }

  /** Tells the author that a voice message was played. In a group the author is known while the message is in memory. */
  played(key: ConversationKey, mid: Id): Id | undefined {
    const author = key.startsWith('r') ? key.slice(1) : messageInMemory(this.#deps.store.working, key, mid)?.from;
    return author === undefined ? undefined : this.#operate(key, author, { type: Op.PLAY_ACK, mid });
  }

  /** Marks one message, or all of a conversation, read: here at once, at the server and its other readers by receipts. */
  async markRead(key: ConversationKey, only?: Id): Promise<void> {
    const { mids, self, clock } = this.#deps;
    return dispatchOrTell(this.#deps, async (draft, put) => {
      const before = draft.conversation(key);
      const read = await markRead(draft, key, self, { only });
      if (read.length === 0 && !before?.unread) return [];
      const receipt = (to: Id, operation: IMessageOperation): void =>
        put(operationEntry(mids.next(), key, to, operation, clock.now()));
      for (const message of read) {
        const wantsReceipt = key.startsWith('r') || message.config?.['groupMemberList'];
        if (wantsReceipt) receipt(message.from, { type: Op.READ_ACK, mid: message.id });
      }
      const newest = read[read.length - 1]?.id ?? before?.newestId;
      if (newest && (!only || key.startsWith('g'))) receipt(self, { type: Op.READ_ALL, mid: newest, xid: xidOf(key) });
      return [
        ...read.map(({ id }): SyncEvent => ({ type: 'status', conversation: key, mid: id })),
        { type: 'unread', conversation: key },
      ];
    });
  }

  /** Marks a message unread here alone. @returns it as it will be, or null when it is not in memory. */
  markUnread(key: ConversationKey, mid: Id): Message | null {
    const { store, self } = this.#deps;
    const found = messageInMemory(store.working, key, mid);
    if (!found) return null;
    void dispatchOrTell(this.#deps, async (draft) => {
      const message = (await draft.messages.find(key, [mid])).get(mid);
      if (!message || !isMessage(message) || message.status === DELIVERY_STATUS.unread) return [];
      const unread = { ...message, status: DELIVERY_STATUS.unread, isHistory: false };
      await draft.messages.put(key, [unread]);
      if (!draft.conversation(key) || !isCounted(unread, self)) return [];
      await countUnread(draft, key, 1, self);
      return [{ type: 'unread', conversation: key }];
    });
    return { ...toPublic(found), status: DELIVERY_STATUS.unread };
  }

  #operate(key: ConversationKey, to: Id, operation: IMessageOperation, text?: EditText): Id {
    const { mids, clock } = this.#deps;
    const entry = operationEntry(mids.next(), key, to, operation, clock.now(), text);
    return this.#dispatch(entry, (_, put) => {
      put(entry);
      return [];
    });
  }

  #dispatch({ mid, message }: OutboxEntry, task: DispatchTask): Id {
    void dispatchOrTell(this.#deps, task, (error) => ({ type: 'failed', mid, message, error }));
    return mid;
  }
}

const xidOf = (key: ConversationKey): { uid: Id; deviceSN: number } => ({ uid: key.slice(1), deviceSN: 0 });
