import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { Clock } from '../platform/ports.ts';
import { isMessage, toPublic } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import type { IMessageOperation } from '../wire/gen/codec.js';
import { MessageOperationType as Op } from '../wire/enums.ts';
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
  private readonly deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.deps = deps;
  }

  send(conversation: ConversationKey, message: MessageDraft): Id {
    const { mids, self, clock, store } = this.deps;
    const after = store.reader.conversation(conversation)?.newestId ?? '0';
    const entry = messageEntry(mids.next(), conversation, message, self, clock.now(), after);
    return this.dispatch(entry, (tx, put) => {
      put(entry);
      const isNew = !tx.conversation(conversation)?.listed;
      if (isNew) tx.updateConversation(conversation, { listed: true, timestamp: entry.message!.timestamp });
      return [
        { type: 'sending', mid: entry.mid, message: entry.message! },
        ...(isNew ? ([{ type: 'list' }] as const) : []),
      ];
    });
  }

  /**
   * Does something to a message, at the server and then here: for everybody, or with DELETE and READ_CANCEL on one's own devices.
   *
   * @param type of those that an app may say.
   * @param text of an edit.
   * @returns undefined when nobody is to be told: the author of what was played in a group is known while it is in memory.
   */
  operate(type: number, key: ConversationKey, mid: Id, text?: EditText): Id | undefined {
    const { self, store } = this.deps;
    const isOwn = type === Op.DELETE || type === Op.READ_CANCEL;
    const author = type === Op.PLAY_ACK && key.startsWith('g');
    const peer = author ? store.reader.message(key, mid)?.from : key.slice(1);
    const to = isOwn ? self : peer;
    if (to === undefined) return undefined;
    const entry = this.entry(key, to, { type, mid, ...((isOwn || type === Op.RECALL) && { xid: xidOf(key) }) }, text);
    return this.dispatch(entry, (_, put) => {
      put(entry);
      return [];
    });
  }

  /** Marks one message, or all of a conversation, read: here at once, at the server and its other readers by receipts. */
  async markRead(key: ConversationKey, only?: Id): Promise<void> {
    const { self } = this.deps;
    return dispatchOrTell(this.deps, async (tx, put) => {
      const before = tx.conversation(key);
      const read = await markRead(tx, key, self, { only });
      if (read.length === 0 && !before?.unread) return [];
      for (const message of read) {
        const wantsReceipt = key.startsWith('r') || message.config?.['groupMemberList'];
        if (wantsReceipt) put(this.entry(key, message.from, { type: Op.READ_ACK, mid: message.id }));
      }
      const newest = read[read.length - 1]?.id ?? before?.newestId;
      if (newest && (!only || key.startsWith('g')))
        put(this.entry(key, self, { type: Op.READ_ALL, mid: newest, xid: xidOf(key) }));
      return [...read.map(({ id }): SyncEvent => ({ type: 'status', key, mid: id })), { type: 'unread', key }];
    });
  }

  /** Marks a message unread here alone. @returns it as it will be, or null when it is not in memory. */
  markUnread(key: ConversationKey, mid: Id): Message | null {
    const { store, self } = this.deps;
    const found = store.reader.message(key, mid);
    if (!found) return null;
    void dispatchOrTell(this.deps, async (tx) => {
      const message = (await tx.messages.find(key, [mid])).get(mid);
      if (!message || !isMessage(message) || message.status === DELIVERY_STATUS.unread) return [];
      const unread = { ...message, status: DELIVERY_STATUS.unread, isHistory: false };
      await tx.messages.put(key, [unread]);
      if (!tx.conversation(key) || !isCounted(unread, self)) return [];
      await countUnread(tx, key, 1, self);
      return [{ type: 'unread', key }];
    });
    return { ...toPublic(found), status: DELIVERY_STATUS.unread };
  }

  private entry(key: ConversationKey, to: Id, operation: IMessageOperation, text?: EditText): OutboxEntry {
    const { mids, clock } = this.deps;
    return operationEntry(mids.next(), key, to, operation, clock.now(), text);
  }

  private dispatch({ mid, message }: OutboxEntry, task: DispatchTask): Id {
    void dispatchOrTell(this.deps, task, (error) => ({ type: 'failed', mid, message, error }));
    return mid;
  }
}

const xidOf = (key: ConversationKey): { uid: Id; deviceSN: number } => ({ uid: key.slice(1), deviceSN: 0 });
