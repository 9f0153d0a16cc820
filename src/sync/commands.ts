import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { SyncedMessage } from '../model/message.ts';
import type { Clock } from '../platform/ports.ts';
import type { LocalChange } from '../store/shown-changes.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { copyData } from '../util/copy-data.ts';
import { isGroupKey, isMessage, peerIdOf, toPublic } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry } from '../store/schema.ts';
import type { IMessageOperation } from '../wire/message-types.ts';
import { MessageOperationType as Op } from '../wire/enums.ts';
import type { ClientMids } from './client-mid.ts';
import { dispatchOrReport } from './commit.ts';
import type { DispatchDeps, DispatchTask } from './commit.ts';
import { isCounted, mentions, newestKnown } from './conversation-rules.ts';
import { listing } from './listing.ts';
import { findSentId, hasNotLeft } from './operation-targets.ts';
import { messageEntry, operationEntry, refusalBySize } from './outgoing.ts';
import type { AppOperation, EditText, PreparedMessage } from './outgoing.ts';
import { bringUnread, countAbove, countUnreadAtHand, markReadAtHand } from './receipts.ts';
import type { ServerTime } from './server-time.ts';
import type { SyncEvent } from './sync-events.ts';
import { withTarget } from './waiting-operations.ts';

interface CommandDeps extends DispatchDeps {
  clock: Clock;
  time: ServerTime;
  mids: Pick<ClientMids, 'next'>;
  self: Id;
  /** Of the frame of a message or operation. */
  maxMessageBytes: number;
}

/** The app's commands for messages. A command returns its client mid at once; events report the outcome. */
export class Commands {
  /** Is called when a message that has not left is recalled or deleted. */
  onWithdrawn?: (mid: Id) => void;
  private readonly deps: CommandDeps;

  constructor(deps: CommandDeps) {
    this.deps = deps;
  }

  /** @throws FlooError MessageInvalid when it is bigger than `maxMessageBytes` */
  send(conversation: ConversationKey, message: PreparedMessage): Id {
    const { mids, self, clock, store, time } = this.deps;
    const known = store.reader.conversation(conversation);
    const { isLoaded } = store;
    const entry = messageEntry(mids.next(), conversation, message, self, clock.now(), '0');
    this.mustFit(entry);
    const now = time.now();
    const placed = known || isLoaded ? placedAfter(entry, known, now) : undefined;
    return this.dispatch(entry, (tx, put) => {
      // What is not known yet is so when this is stored.
      const made = placed ?? placedAfter(entry, tx.conversation(conversation), now);
      return listing(tx, made, now, put);
    });
  }

  /**
   * Sends an operation on a message; it takes effect here when the server has it. It waits for the answer to a message that has
   * none. A message that has not left is recalled or deleted here.
   *
   * @param mid - its server id or its client id
   * @param text - for an edit only
   * @throws FlooError InvalidParam when the message has failed and is neither recalled nor deleted
   * @throws FlooError MessageInvalid when it is bigger than `maxMessageBytes`
   */
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
   * @throws FlooError InvalidParam as {@link operate}
   */
  markPlayed(key: ConversationKey, mid: Id): Id {
    return this.dispatchOperation(key, isGroupKey(key) ? undefined : peerIdOf(key), { type: Op.PLAY_ACK, mid });
  }

  /**
   * Marks one message, or all of a conversation, read: here at once, and elsewhere by receipts.
   *
   * @param known - the newest message that the user can know of: one that arrives from now on stays unread
   */
  async markRead(key: ConversationKey, only?: Id, known = newestKnown(this.deps.store, key)): Promise<void> {
    const { self } = this.deps;
    const receipt = once((author: Id, mid: Id) => this.entry(key, author, { type: Op.READ_ACK, mid }));
    const forAll = once((mid: Id) => this.entry(key, self, { type: Op.READ_ALL, mid, xid: xidOf(key) }));
    const task: DispatchTask = (tx, put) => {
      const { unread = 0, newestId = '0' } = tx.conversation(key) ?? {};
      const upTo = known ?? newestId;
      const read = markReadAtHand(tx, key, self, only ? { only } : { upTo });
      if (!only) countAbove(tx, key, upTo, self);
      if (read.length === 0 && (only !== undefined || unread === 0)) return [];
      for (const { id, from, config } of read)
        if (!isGroupKey(key) || config?.['groupMemberList']) put(receipt(from, id));
      if (!only || isGroupKey(key)) put(forAll(only ?? upTo));
      return [...read.map(({ id }): SyncEvent => ({ type: 'status', key, mid: id })), { type: 'unread', key }];
    };
    return dispatchOrReport(this.deps, task, { bring: async (tx) => bringUnread(tx, key, self, only) });
  }

  /** Marks a message unread on this device only. @returns the message; null when it is not in memory: it is marked a moment later */
  markUnread(key: ConversationKey, mid: Id): SyncedMessage | null {
    const { store, mids, self } = this.deps;
    const sending = store.reader.outboxEntry(mid);
    if (sending?.message && sending.conversation === key) return copyData(sending.message);
    const found = store.reader.message(key, mid);
    let id = found?.id ?? mid;
    const unreadHere = mids.next();
    const task: DispatchTask = (tx) => {
      const message = tx.messages.findAtHand(key, [id]).get(id);
      if (!message || !isMessage(message) || message.status === DELIVERY_STATUS.unread) return [];
      const ops = { ...message.ops, unreadHere };
      const unread = { ...message, status: DELIVERY_STATUS.unread, isHistory: false, ops };
      tx.messages.putAtHand(key, [unread]);
      if (!tx.conversation(key) || !isCounted(unread, self)) return [];
      countUnreadAtHand(tx, key, 1, self);
      const isMention = mentions(unread, self) && tx.updateConversation(key, { hasAt: true });
      return [{ type: 'unread', key }, ...(isMention ? ([{ type: 'list' }] as const) : [])];
    };
    const bring = async (tx: StoreTransaction): Promise<void> => {
      id = (await findSentId(tx, key, mid)) ?? id;
      await tx.messages.bring(key, [{ id }]);
    };
    void dispatchOrReport(this.deps, task, { bring });
    return found ? { ...toPublic(found), status: DELIVERY_STATUS.unread } : null;
  }

  /** @returns why the row cannot be sent; undefined when it can */
  refusalBySize(entry: OutboxEntry): FlooError | undefined {
    return refusalBySize(entry, this.deps.self, this.deps.maxMessageBytes);
  }

  private mustFit(entry: OutboxEntry): void {
    const refusal = this.refusalBySize(entry);
    if (refusal) throw refusal;
  }

  /** @param to - undefined: the author of the message */
  private dispatchOperation(
    key: ConversationKey,
    to: Id | undefined,
    operation: IMessageOperation,
    text?: EditText,
  ): Id {
    const { outbox, store, self } = this.deps;
    const mid = operation.mid!;
    const withdrawal = WITHDRAWALS[operation.type!];
    const failed = new FlooError('InvalidParam', 'the message has failed: send it again first');
    const named = store.reader.outboxEntry(mid);
    if (named?.message && named.conversation !== key)
      throw new FlooError('InvalidParam', 'mid is a message of another conversation');
    if (!withdrawal && named?.state === 'failed') throw failed;
    const entry = this.entry(key, to ?? self, operation, text);
    this.mustFit(entry);
    const failure = (error: FlooError): SyncEvent => ({ type: 'failed', mid: entry.mid, message: undefined, error });
    let brought: { sentId: Id | undefined } | undefined;
    const task: DispatchTask = (tx, put) => {
      const message = tx.outboxEntry(mid);
      if (!message?.message) {
        const target = brought?.sentId ?? store.reader.message(key, mid)?.id ?? mid;
        const receiver = to ?? authorAtHand(tx, key, target);
        if (receiver !== undefined) put(withTarget(sentTo(entry, receiver), target));
        else if (brought) return [failure(new FlooError('InvalidParam', 'mid is no message of this conversation'))];
      } else if (withdrawal && hasNotLeft(message)) {
        this.onWithdrawn?.(mid);
        return [...outbox.withdraw(tx, message), { type: withdrawal, key, mid }];
      } else if (message.state === 'failed') return [failure(failed)];
      else {
        const waiting = { ...entry, waitsFor: mid };
        outbox.wait(waiting);
        put(waiting);
      }
      return [];
    };
    return this.dispatch(entry, task, async (tx) => {
      const sentId = await findSentId(tx, key, mid);
      if (to === undefined) await tx.messages.bring(key, [{ id: sentId ?? mid }]);
      brought = { sentId };
    });
  }

  private entry(key: ConversationKey, to: Id, operation: IMessageOperation, text?: EditText): OutboxEntry {
    const { mids, clock } = this.deps;
    return operationEntry(mids.next(), key, to, operation, clock.now(), text);
  }

  private dispatch({ mid, message }: OutboxEntry, task: DispatchTask, bring?: LocalChange<unknown>['bring']): Id {
    void dispatchOrReport(this.deps, task, { bring, failure: (error) => ({ type: 'failed', mid, message, error }) });
    return mid;
  }
}

/** Makes the same rows at every run of a change: each once. */
function once<Args extends readonly Id[]>(make: (...args: Args) => OutboxEntry): (...args: Args) => OutboxEntry {
  const made = new Map<string, OutboxEntry>();
  return (...args) => {
    const name = args.join();
    const entry = made.get(name) ?? make(...args);
    made.set(name, entry);
    return entry;
  };
}
/** The operations that end a message which has not left, with the events of their effect. */
const WITHDRAWALS: Readonly<Record<number, 'recalled' | 'deleted' | undefined>> = {
  [Op.RECALL]: 'recalled',
  [Op.DELETE]: 'deleted',
};

/** Who wrote a message; undefined when it is not at hand. */
function authorAtHand(tx: StoreTransaction, key: ConversationKey, mid: Id): Id | undefined {
  const item = tx.messages.findAtHand(key, [mid]).get(mid);
  return item && isMessage(item) ? item.from : undefined;
}

/** The row of a message that comes after the newest one of its conversation, also by a clock that is not the server's. */
const placedAfter = (entry: OutboxEntry, record: ConversationRecord | undefined, now: number): OutboxEntry => {
  const { newestId: after = '0', timestamp = '' } = record ?? {};
  return { ...entry, after, message: { ...entry.message!, timestamp: String(Math.max(now, Number(timestamp))) } };
};

const sentTo = (entry: OutboxEntry, to: Id): OutboxEntry => ({ ...entry, meta: { ...entry.meta, to } });

const xidOf = (key: ConversationKey): { uid: Id; deviceSN: number } => ({ uid: peerIdOf(key), deviceSN: 0 });
