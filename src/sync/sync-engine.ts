import { FlooError, statusError } from '../errors.ts';
import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { nextId } from '../store/gaps.ts';
import type { Store } from '../store/store.ts';
import type { DownFrame, SyncDown, UpFrame } from '../wire/frame-types.ts';
import type { IUnreadDL } from '../wire/gen/codec.js';
import { FrameCommand } from '../wire/gen/enums.ts';
import { failureOf } from '../wire/status.ts';
import { applyPage } from './apply.ts';
import type { Page } from './apply.ts';
import type { Telling } from './apply-messages.ts';
import { newestHole } from './coverage.ts';
import type { ClientMids } from './client-mid.ts';
import { Commands } from './commands.ts';
import { ConversationCommands } from './conversation-commands.ts';
import { HistoryRequests, oldestOf } from './history.ts';
import type { HistoryRequest } from './history.ts';
import { findConversation } from './operations.ts';
import { Outbox } from './outbox.ts';
import { sendFrame, typingMeta } from './outgoing.ts';
import type { Sender } from './outgoing.ts';
import { Pulls } from './pulls.ts';
import type { SyncEvent } from './sync-events.ts';
import { applyUnreadList } from './unread-list.ts';

/** Messages fetched to learn the server id of one that is known to have arrived. */
const NUMBERING_PAGE = 50;

/** Messages fetched at once to fill a hole. */
const HOLE_PAGE = 100;

/** What the app is told of a page of history. */
const tellingOf = (request: HistoryRequest | undefined): Telling =>
  request?.purpose === 'app' ? 'all' : request?.purpose === 'hole' ? 'new' : 'nothing';

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
  sendExpiryMs: number;
}

/** One user's conversation with the server: what comes is stored, then told; what goes is stored, then sent. */
export class SyncEngine {
  readonly commands: Commands;
  readonly conversations: ConversationCommands;
  readonly outbox: Outbox;
  readonly #deps: SyncDeps;
  readonly #pulls: Pulls;
  readonly #history: HistoryRequests;
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
      onIdle: () => this.#caughtUp(),
    });
    this.#history = new HistoryRequests({
      ...shared,
      onUnanswered: () => session.unresponsive('a history request was not answered'),
    });
    this.outbox = new Outbox({
      store,
      clock,
      self,
      sender: () => this.#sender(),
      send,
      onUnanswered: () => session.unresponsive('a send was not answered'),
      onUnnumbered: (conversation) => this.#searchNumbers(conversation, '0'),
      emit: (events) => deps.emit(events),
      ackTimeoutMs: answerTimeoutMs,
      expiryMs: deps.sendExpiryMs,
    });
    const going = { ...deps, outbox: this.outbox };
    this.commands = new Commands(going);
    this.conversations = new ConversationCommands(going);
  }

  online(): void {
    this.#pulls.online();
    this.#history.online();
    this.outbox.online();
  }

  offline(): void {
    // What waits for them is in them, too.
    this.#early.clear();
    this.#pulls.offline();
    this.#history.offline();
    this.outbox.offline();
  }

  close(): void {
    this.#pulls.close();
    this.#history.close();
    this.outbox.close();
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

  sendTyping(to: Id, status: string): Id {
    const mid = this.#deps.mids.next();
    this.#deps.session.send(sendFrame(mid, typingMeta(to, status), this.#sender()));
    return mid;
  }

  requestHistory(conversation: Id, before: Id, amount: number): void {
    this.#history.request({ conversation, before, amount, purpose: 'app' });
  }

  /** Stores a page of the server's history, quietly. @returns false when it is not to be had now. */
  async loadHistory(conversation: Id, before: Id, amount: number): Promise<boolean> {
    return new Promise((done) => this.#history.request({ conversation, before, amount, purpose: 'read', done }));
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
    if (conversations.every(({ n }) => !n)) this.#caughtUp();
  }

  async #handleSync(answer: SyncDown): Promise<void> {
    if (answer.client_mid && answer.client_mid !== '0') return this.outbox.handleAnswer(answer);
    const queue = answer.xid?.uid ?? SYSTEM_ID;
    const isHistory = answer.is_full_sync === true;
    const failure = failureOf(answer.status);
    if (failure) {
      if (isHistory) this.#history.answered(queue, false);
      else if (answer.xid) this.#pulls.abandoned(queue);
      else this.#pulls.abandonedAll();
      this.#deps.emit([{ type: 'problem', error: statusError(failure.code, failure.reason, 'other') }]);
      return;
    }
    if (answer.is_eager_sync) return this.#handlePushed(queue, answer);
    const metas = answer.metas ?? [];
    const nextKey = answer.next_key ?? '0';
    const request = isHistory ? this.#history.current(queue) : undefined;
    const next = metas.length > 0 ? nextKey : '0';
    const page: Page = isHistory
      ? {
          queue,
          metas,
          tell: tellingOf(request),
          history: { before: request?.before ?? '0', isBeginning: next === '0' },
        }
      : { queue, metas, tell: 'new', prevMid: answer.prev_mid ?? '0', isLast: nextKey === '0' };
    const stored = await this.#tell(async () =>
      this.#deps.store.update(async (draft) => applyPage(draft, page, this.#deps.self)),
    );
    if (isHistory) await this.#handleHistory(queue, request, stored, next, next === '0' ? '0' : oldestOf(metas));
    else if (!stored) this.#pulls.abandoned(queue);
    else if (this.#pulls.stored(queue, nextKey)) this.#handleEarly(queue);
  }

  /** A page nobody asked for. One that passes over messages not stored yet waits for them: they are synced first. */
  async #handlePushed(queue: Id, answer: SyncDown, before = answer.prev_mid ?? '0'): Promise<void> {
    const nextKey = answer.next_key ?? '0';
    const page: Page = { queue, metas: answer.metas ?? [], tell: 'new', prevMid: answer.prev_mid ?? '0' };
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
  async #handleHistory(
    conversation: Id,
    request: HistoryRequest | undefined,
    stored: boolean,
    next: Id,
    reached: Id,
  ): Promise<void> {
    const searching = await this.outbox.number(conversation, reached);
    const purpose = request?.purpose;
    if (purpose === 'app') this.#deps.emit([{ type: 'history', conversation, next }]);
    this.#history.answered(conversation, stored);
    if (searching && purpose === 'numbers') this.#searchNumbers(conversation, next);
    if (stored && purpose === 'hole') this.#fillHoles();
  }

  #caughtUp(): void {
    this.#deps.session.caughtUp();
    this.#fillHoles();
  }

  /** Asks the server's history for what is missing between stored messages. */
  #fillHoles(): void {
    for (const [key, { gaps }] of this.#deps.store.working.conversations) {
      const hole = newestHole(gaps);
      if (!hole) continue;
      const before = nextId(hole[1]);
      this.#history.request({ conversation: key.slice(1), before, amount: HOLE_PAGE, purpose: 'hole' });
    }
  }

  /** Looks for the server ids of messages that arrived without telling theirs. */
  #searchNumbers(conversation: Id, before: Id): void {
    this.#history.request({ conversation, before, amount: NUMBERING_PAGE, purpose: 'numbers' });
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
