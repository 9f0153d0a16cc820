import { FlooError, statusError } from '../errors.ts';
import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { DownFrame, SyncDown, UpFrame } from '../wire/frame-types.ts';
import type { IUnreadDL } from '../wire/gen/codec.js';
import { FrameCommand, MessageOperationType } from '../wire/gen/enums.ts';
import { failureOf } from '../wire/status.ts';
import { applyPage } from './apply.ts';
import type { Page } from './apply.ts';
import type { ClientMids } from './client-mid.ts';
import { HistoryRequests, oldestOf } from './history.ts';
import type { HistoryRequest } from './history.ts';
import { findConversation } from './operations.ts';
import { Outbox } from './outbox.ts';
import { messageEntry, operationEntry, sendFrame, typingMeta } from './outgoing.ts';
import type { MessageDraft, Sender } from './outgoing.ts';
import { Pulls } from './pulls.ts';
import { markRead } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';
import { applyUnreadList } from './unread-list.ts';

/** Messages fetched to learn the server id of one that is known to have arrived. */
const NUMBERING_PAGE = 50;

/** What sync needs of the session. */
export interface SyncSession {
  /** @returns false when not online. */
  send(frame: UpFrame): boolean;
  /** Everything the server held is stored. */
  caughtUp(): void;
  /** The server does not answer. */
  unresponsive(detail: string): void;
}

export interface SyncDeps {
  session: SyncSession;
  store: Store;
  clock: Clock;
  mids: ClientMids;
  self: Id;
  deviceSN(): number;
  emit(events: readonly SyncEvent[]): void;
  answerTimeoutMs: number;
}

/** One user's conversation with the server: what comes is stored, then told; what goes is stored, then sent. */
export class SyncEngine {
  readonly #deps: SyncDeps;
  readonly #pulls: Pulls;
  readonly #history: HistoryRequests;
  readonly #outbox: Outbox;
  /** Pushed pages that wait for their queue to be synced. */
  readonly #early = new Map<Id, SyncDown[]>();
  /** Pages and answers being stored. */
  #handling: Promise<unknown> = Promise.resolve();

  constructor(deps: SyncDeps) {
    this.#deps = deps;
    const { clock, store, self, answerTimeoutMs, session } = deps;
    deps.mids.startAfter(store.working.lastMid);
    const send = (frame: UpFrame): boolean => session.send(frame);
    const shared = { clock, send, answerTimeoutMs };
    this.#pulls = new Pulls({
      ...shared,
      onUnanswered: () => session.unresponsive('a sync was not answered'),
      onIdle: () => session.caughtUp(),
    });
    this.#history = new HistoryRequests({
      ...shared,
      onUnanswered: () => session.unresponsive('a history request was not answered'),
    });
    this.#outbox = new Outbox({
      store,
      clock,
      self,
      sender: () => this.#sender(),
      send,
      onUnanswered: () => session.unresponsive('a send was not answered'),
      onUnnumbered: (conversation) => this.#searchNumbers(conversation, '0'),
      emit: (events) => deps.emit(events),
      ackTimeoutMs: answerTimeoutMs,
    });
  }

  online(): void {
    this.#pulls.online();
    this.#history.online();
    this.#outbox.online();
  }

  offline(): void {
    // What waits for them is in them, too.
    this.#early.clear();
    this.#pulls.offline();
    this.#history.offline();
    this.#outbox.offline();
  }

  close(): void {
    this.#pulls.close();
    this.#history.close();
    this.#outbox.close();
  }

  /** Resolves when every frame that came so far is stored and told. */
  async settled(): Promise<void> {
    await this.#handling;
  }

  handleFrame(frame: DownFrame): void {
    switch (frame.command) {
      case FrameCommand.UNREAD:
        return this.#handleUnread(frame.payload);
      case FrameCommand.NOTICE:
        // A notice without a conversation is about the system queue.
        return this.#pulls.request(frame.payload?.xid?.uid ?? SYSTEM_ID);
      case FrameCommand.SYNC:
        if (frame.payload) {
          const handled = Promise.all([this.#handling, this.#handleSync(frame.payload)]);
          // Its value would hold on to that of every frame before.
          this.#handling = handled.then(() => undefined);
        }
        return;
      case FrameCommand.PROVISION:
        return;
      default:
        return frame satisfies never;
    }
  }

  /** Puts a message in the outbox. @returns its client mid at once; everything else is told by events. */
  sendMessage(conversation: ConversationKey, message: MessageDraft): Id {
    const mid = this.#deps.mids.next();
    void this.#send(mid, conversation, message);
    return mid;
  }

  sendTyping(to: Id, status: string): Id {
    const mid = this.#deps.mids.next();
    this.#deps.session.send(sendFrame(mid, typingMeta(to, status), this.#sender()));
    return mid;
  }

  requestHistory(conversation: Id, before: Id, amount: number): void {
    this.#history.request({ conversation, before, amount, forApp: true });
  }

  /** Marks one message, or all of a conversation, read: here at once, at the server and its other readers by receipts. */
  async markRead(conversation: ConversationKey, only?: Id): Promise<void> {
    const { store, self, mids } = this.#deps;
    const entries: OutboxEntry[] = [];
    await this.#tell(async () =>
      store.update(async (draft) => {
        const before = draft.conversation(conversation);
        const read = await markRead(draft, conversation, self, undefined, only);
        if (read.length === 0 && !before?.unread) return [];
        const receipt = (to: Id, operation: Parameters<typeof operationEntry>[3]): void => {
          const entry = operationEntry(mids.next(), conversation, to, operation);
          entries.push(entry);
          draft.putOutbox(entry);
        };
        for (const message of read) {
          const wantsReceipt = conversation.startsWith('r') || message.config?.['groupMemberList'];
          if (wantsReceipt) receipt(message.from, { type: MessageOperationType.READ_ACK, mid: message.id });
        }
        const newest = read[read.length - 1]?.id ?? before?.newestId;
        if (newest && (!only || conversation.startsWith('g'))) {
          const xid = { uid: conversation.slice(1), deviceSN: 0 };
          receipt(self, { type: MessageOperationType.READ_ALL, mid: newest, xid });
        }
        if (entries.length > 0) draft.putLastMid(entries[entries.length - 1]!.mid);
        return [
          ...read.map(({ id }): SyncEvent => ({ type: 'status', conversation, mid: id })),
          { type: 'unread', conversation },
        ];
      }),
    );
    this.#outbox.push(entries.filter(({ mid }) => store.working.outbox.has(mid)));
  }

  async #send(mid: Id, conversation: ConversationKey, message: MessageDraft): Promise<void> {
    const { store, self, clock } = this.#deps;
    const after = store.working.conversations.get(conversation)?.newestId ?? '0';
    const entry = messageEntry(mid, conversation, message, self, clock.now(), after);
    try {
      await store.update((draft) => {
        draft.putOutbox(entry);
        draft.putLastMid(mid);
      });
    } catch (error) {
      this.#deps.emit([
        { type: 'failed', mid, message: entry.message, error: FlooError.from(error, 'DbOperationFailed') },
      ]);
      return;
    }
    this.#deps.emit([{ type: 'sending', mid, peer: conversation.slice(1), message: entry.message! }]);
    this.#outbox.push([entry]);
  }

  #handleUnread(list: IUnreadDL | null | undefined): void {
    const failure = failureOf(list?.status);
    if (failure) {
      this.#deps.emit([{ type: 'problem', error: statusError(failure.code, failure.reason, 'other') }]);
      return;
    }
    const conversations = list?.unread ?? [];
    for (const { n, xid } of conversations) if (n) this.#pulls.request(xid?.uid ?? SYSTEM_ID);
    void this.#tell(async () => this.#deps.store.update((draft) => applyUnreadList(draft, conversations)));
    if (conversations.every(({ n }) => !n)) this.#deps.session.caughtUp();
  }

  async #handleSync(answer: SyncDown): Promise<void> {
    if (answer.client_mid && answer.client_mid !== '0') return this.#outbox.handleAnswer(answer);
    const queue = answer.xid?.uid ?? SYSTEM_ID;
    const isHistory = answer.is_full_sync === true;
    const failure = failureOf(answer.status);
    if (failure) {
      if (isHistory) this.#history.answered(queue);
      else if (answer.xid) this.#pulls.abandoned(queue);
      else this.#pulls.abandonedAll();
      this.#deps.emit([{ type: 'problem', error: statusError(failure.code, failure.reason, 'other') }]);
      return;
    }
    if (answer.is_eager_sync) return this.#handlePushed(queue, answer);
    const metas = answer.metas ?? [];
    const nextKey = answer.next_key ?? '0';
    const request = isHistory ? this.#history.current(queue) : undefined;
    const page: Page = { queue, metas, isHistory, tell: !isHistory ? 'new' : request?.forApp ? 'all' : 'nothing' };
    const stored = await this.#tell(async () =>
      this.#deps.store.update(async (draft) => applyPage(draft, page, this.#deps.self)),
    );
    const next = metas.length > 0 ? nextKey : '0';
    if (isHistory) await this.#handleHistory(queue, request, next, next === '0' ? '0' : oldestOf(metas));
    else if (!stored) this.#pulls.abandoned(queue);
    else if (this.#pulls.stored(queue, nextKey)) this.#handleEarly(queue);
  }

  /** A page nobody asked for. One that passes over messages not stored yet waits for them: they are synced first. */
  async #handlePushed(queue: Id, answer: SyncDown, before = answer.prev_mid ?? '0'): Promise<void> {
    const nextKey = answer.next_key ?? '0';
    const page: Page = { queue, metas: answer.metas ?? [], isHistory: false, tell: 'new' };
    const found = { isEarly: false };
    const stored = await this.#tell(async () =>
      this.#deps.store.update(async (draft) => {
        const newest = draft.conversation(findConversation(draft, queue))?.newestId ?? '0';
        found.isEarly = compareIds(newest, before) < 0;
        return found.isEarly ? [] : applyPage(draft, page, this.#deps.self);
      }),
    );
    if (found.isEarly) {
      this.#early.set(queue, [...(this.#early.get(queue) ?? []), answer]);
      this.#pulls.request(queue);
    } else if (stored && nextKey !== '0') this.#pulls.stored(queue, nextKey);
  }

  /** A queue is synced: what was pushed too early is due, and mostly stored by now. */
  #handleEarly(queue: Id): void {
    const pages = this.#early.get(queue) ?? [];
    this.#early.delete(queue);
    for (const page of pages) void this.#handlePushed(queue, page, '0');
  }

  /**
   * @param next where the server says the next page starts, `'0'`: there is none.
   * @param reached everything newer than this is stored.
   */
  async #handleHistory(conversation: Id, request: HistoryRequest | undefined, next: Id, reached: Id): Promise<void> {
    const searching = await this.#outbox.number(conversation, reached);
    if (request?.forApp) this.#deps.emit([{ type: 'history', conversation, next }]);
    this.#history.answered(conversation);
    if (searching && !request?.forApp) this.#searchNumbers(conversation, next);
  }

  /** Looks for the server ids of messages that arrived without telling theirs. */
  #searchNumbers(conversation: Id, before: Id): void {
    this.#history.request({ conversation, before, amount: NUMBERING_PAGE, forApp: false });
  }

  #sender(): Sender {
    return { uid: this.#deps.self, deviceSN: this.#deps.deviceSN() };
  }

  /** Emits what a change to the store says, after it is stored. @returns whether it was. */
  async #tell(change: () => Promise<readonly SyncEvent[]>): Promise<boolean> {
    try {
      this.#deps.emit(await change());
      return true;
    } catch (error) {
      this.#deps.emit([{ type: 'problem', error: FlooError.from(error, 'DbOperationFailed') }]);
      return false;
    }
  }
}
