import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { Clock } from '../platform/ports.ts';
import { isGroupKey, isMessage, peerIdOf, toPublic } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import type { IMessageOperation } from '../wire/message-types.ts';
import { MessageOperationType as Op } from '../wire/enums.ts';
import type { ClientMids } from './client-mid.ts';
import { dispatchOrReport } from './commit.ts';
import type { DispatchDeps, DispatchTask } from './commit.ts';
import { isCounted } from './conversation-rules.ts';
import { messageEntry, operationEntry } from './outgoing.ts';
import type { AppOperation, EditText, PreparedMessage } from './outgoing.ts';
import { countUnread, markRead } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

interface CommandDeps extends DispatchDeps {
  clock: Clock;
  mids: ClientMids;
  self: Id;
}

/** The app's commands for messages. A command returns its client mid at once; events report the outcome. */
export class Commands {
  private readonly deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.deps = deps;
  }

  send(conversation: ConversationKey, message: PreparedMessage): Id {
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

  /** Sends an operation on a message; it takes effect here when the server has it. @param text - for an edit only */
  operate(type: AppOperation, key: ConversationKey, mid: Id, text?: EditText): Id {
    // These go to the user's own devices only.
    const isPrivate = type === Op.DELETE || type === Op.READ_CANCEL;
    const namesConversation = isPrivate || type === Op.RECALL;
    const to = isPrivate ? this.deps.self : peerIdOf(key);
    return this.dispatchOperation(key, to, { type, mid, ...(namesConversation && { xid: xidOf(key) }) }, text);
  }

  /**
   * Reports to the author that a voice message was played.
   *
   * @returns undefined when the author is not known: a group message that is not in memory
   */
  markPlayed(key: ConversationKey, mid: Id): Id | undefined {
    const author = isGroupKey(key) ? this.deps.store.reader.message(key, mid)?.from : peerIdOf(key);
    return author === undefined ? undefined : this.dispatchOperation(key, author, { type: Op.PLAY_ACK, mid });
  }

  /** Marks one message, or all of a conversation, read: here at once, and elsewhere by receipts. */
  async markRead(key: ConversationKey, only?: Id): Promise<void> {
    const { self } = this.deps;
    return dispatchOrReport(this.deps, async (tx, put) => {
      const before = tx.conversation(key);
      const read = await markRead(tx, key, self, { only });
      if (read.length === 0 && !before?.unread) return [];
      for (const message of read) {
        const wantsReceipt = !isGroupKey(key) || message.config?.['groupMemberList'];
        if (wantsReceipt) put(this.entry(key, message.from, { type: Op.READ_ACK, mid: message.id }));
      }
      const newest = read[read.length - 1]?.id ?? before?.newestId;
      if (newest && (!only || isGroupKey(key)))
        put(this.entry(key, self, { type: Op.READ_ALL, mid: newest, xid: xidOf(key) }));
      return [...read.map(({ id }): SyncEvent => ({ type: 'status', key, mid: id })), { type: 'unread', key }];
    });
  }

  /** Marks a message unread on this device only. @returns the message as it will be; null when it is not in memory */
  markUnread(key: ConversationKey, mid: Id): Message | null {
    const { store, self } = this.deps;
    const found = store.reader.message(key, mid);
    if (!found) return null;
    void dispatchOrReport(this.deps, async (tx) => {
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

  private dispatchOperation(key: ConversationKey, to: Id, operation: IMessageOperation, text?: EditText): Id {
    const entry = this.entry(key, to, operation, text);
    return this.dispatch(entry, (_, put) => {
      put(entry);
      return [];
    });
  }

  private entry(key: ConversationKey, to: Id, operation: IMessageOperation, text?: EditText): OutboxEntry {
    const { mids, clock } = this.deps;
    return operationEntry(mids.next(), key, to, operation, clock.now(), text);
  }

  private dispatch({ mid, message }: OutboxEntry, task: DispatchTask): Id {
    void dispatchOrReport(this.deps, task, (error) => ({ type: 'failed', mid, message, error }));
    return mid;
  }
}

const xidOf = (key: ConversationKey): { uid: Id; deviceSN: number } => ({ uid: peerIdOf(key), deviceSN: 0 });
