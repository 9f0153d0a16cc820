import { statusError } from '../errors.ts';
import type { FlooError } from '../errors.ts';
import { compareIds, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { nextId } from '../store/gaps.ts';
import type { OutgoingMeta } from '../store/schema.ts';
import type { DownFrame, UpFrame } from '../wire/frame-types.ts';
import type { IStatus, IUnreadDL } from '../wire/gen/codec.js';
import { FrameCommand } from '../wire/enums.ts';
import { failureOf } from '../wire/status.ts';
import { applyPage, pageOf } from './apply.ts';
import type { Page } from './apply.ts';
import { Asking } from './asking.ts';
import type { ClientMids } from './client-mid.ts';
import { Commands } from './commands.ts';
import { commit } from './commit.ts';
import type { CommitDeps } from './commit.ts';
import { ConversationCommands } from './conversation-commands.ts';
import { newestHole } from './coverage.ts';
import { HistoryRequests } from './history.ts';
import { findConversation } from './operations.ts';
import { Outbox } from './outbox.ts';
import { sendFrame, typingMeta } from './outgoing.ts';
import { Pulls } from './pulls.ts';
import type { Received, ReceivedPage } from './received.ts';
import { applyUnreadList } from './unread-list.ts';

/** Messages fetched to learn the server id of one that is known to have arrived. */
const NUMBERING_PAGE = 50;

/** Messages fetched at once to fill a hole. */
const HOLE_PAGE = 100;

/** What the app is told of a page of history, by why it was asked for. */
const TELLING = { app: 'all', hole: 'new', numbers: 'nothing', read: 'nothing' } as const;

/** What sync needs of the session. */
export interface SyncSession {
  /** @returns false when not online. */
  send(frame: UpFrame): boolean;
  /** Everything the server held is stored. */
  caughtUp(): void;
  /** The server does not answer. */
  unresponsive(detail: string): void;
}

export interface SyncDeps extends CommitDeps {
  session: SyncSession;
  clock: Clock;
  mids: ClientMids;
  self: Id;
  deviceSN(): number;
  answerTimeoutMs: number;
  sendExpiryMs: number;
}

/** One user's conversation with the server: what comes is stored, then told; what goes is stored, then sent. */
export class SyncEngine {
  readonly commands: Commands;
  readonly conversations: ConversationCommands;
  readonly outbox: Outbox;
  private readonly deps: SyncDeps;
  private readonly pulls: Pulls;
  private readonly history: HistoryRequests;
  /** Pushed pages that wait for their queue to be synced. */
  private readonly early = new Map<Id, ReceivedPage[]>();
  /** As the server named it when the session began. */
  private deviceSN = 0;
  /** Pages and answers being stored. */
  private handling = Promise.resolve();

  constructor(deps: SyncDeps) {
    this.deps = deps;
    const { mids, session, store } = deps;
    mids.startAfter(store.reader.lastMid());
    this.pulls = new Pulls(new Asking(deps, 'a sync'), () => this.caughtUp());
    this.history = new HistoryRequests(new Asking(deps, 'a history request'));
    this.outbox = new Outbox({
      ...deps,
      send: (mid, meta) => this.send(mid, meta),
      onUnanswered: () => session.unresponsive('a send was not answered'),
      onUnnumbered: (queue) => this.searchNumbers(queue, '0'),
    });
    const going = { ...deps, outbox: this.outbox };
    this.commands = new Commands(going);
    this.conversations = new ConversationCommands(going);
  }

  online(): void {
    this.deviceSN = this.deps.deviceSN();
    this.pulls.online();
    this.history.online();
    this.outbox.online();
  }

  offline(): void {
    // What waits for them is in them, too.
    this.early.clear();
    this.pulls.offline();
    this.history.offline();
    this.outbox.offline();
  }

  close(): void {
    this.offline();
    this.outbox.close();
  }

  /** Resolves when every frame that came so far is stored and told. */
  async settled(): Promise<void> {
    await this.handling;
  }

  /** @param frame as it was decoded. */
  handleFrame(frame: DownFrame): void {
    const { command, payload } = frame as Received<DownFrame>;
    if (command === FrameCommand.UNREAD) this.handleUnread(payload);
    // A notice without a conversation is about the system queue.
    else if (command === FrameCommand.NOTICE) this.pulls.request(payload?.xid?.uid ?? SYSTEM_ID);
    else if (command === FrameCommand.SYNC && payload) {
      const before = this.handling;
      this.handling = this.handleSync(payload).then(async () => before);
    }
  }

  sendTyping(to: Id, status: string): Id {
    const mid = this.deps.mids.next();
    this.send(mid, typingMeta(to, status));
    return mid;
  }

  requestHistory(queue: Id, before: Id, amount: number): void {
    this.history.request({ queue, before, amount, purpose: 'app' });
  }

  /** Stores a page of the server's history, quietly. @returns false when it is not to be had now. */
  async loadHistory(queue: Id, before: Id, amount: number): Promise<boolean> {
    return new Promise((done) => this.history.request({ queue, before, amount, purpose: 'read', done }));
  }

  private handleUnread(list: Received<IUnreadDL> | null): void {
    const error = refusalOf(list?.status);
    if (error) {
      this.deps.emit([{ type: 'problem', error }]);
      return;
    }
    const conversations = list?.unread ?? [];
    const waiting = conversations.filter(({ n }) => n);
    for (const { xid } of waiting) this.pulls.request(xid?.uid ?? SYSTEM_ID);
    void commit(this.deps, (tx) => applyUnreadList(tx, conversations));
    if (waiting.length === 0) this.caughtUp();
  }

  private async handleSync(answer: ReceivedPage): Promise<void> {
    if (answer.client_mid !== '0') return this.outbox.handleAnswer(answer);
    const queue = answer.xid?.uid ?? SYSTEM_ID;
    const error = refusalOf(answer.status);
    if (error) {
      if (answer.is_full_sync) this.history.answered(queue, false);
      else if (answer.xid) this.pulls.abandoned(queue);
      else this.pulls.abandonedAll();
      this.deps.emit([{ type: 'problem', error }]);
      return;
    }
    if (answer.is_eager_sync) return this.handlePushed(queue, answer);
    if (answer.is_full_sync) return this.handleHistory(queue, answer);
    if (!(await this.store(pageOf(queue, answer)))) this.pulls.abandoned(queue);
    else if (this.pulls.stored(queue, answer.next_key)) {
      // What was pushed too early is due, and mostly stored by now.
      const pages = this.early.get(queue) ?? [];
      this.early.delete(queue);
      for (const page of pages) void this.handlePushed(queue, page, '0');
    }
  }

  /** A page nobody asked for. One that passes over messages not stored yet waits for them: they are synced first. */
  private async handlePushed(queue: Id, answer: ReceivedPage, before = answer.prev_mid): Promise<void> {
    let isEarly = false as boolean;
    const stored = await commit(this.deps, async (tx) => {
      const newest = tx.conversation(findConversation(tx, queue))?.newestId ?? '0';
      isEarly = compareIds(newest, before) < 0;
      return isEarly ? [] : applyPage(tx, { ...pageOf(queue, answer), isLast: false }, this.deps.self);
    });
    if (isEarly) {
      this.early.set(queue, [...(this.early.get(queue) ?? []), answer]);
      this.pulls.request(queue);
    } else if (stored && answer.next_key !== '0') this.pulls.stored(queue, answer.next_key);
  }

  private async handleHistory(queue: Id, answer: ReceivedPage): Promise<void> {
    const page = pageOf(queue, answer);
    const request = this.history.current(queue);
    const { purpose = 'read', before = '0' } = request ?? {};
    const next = page.metas.length > 0 ? answer.next_key : '0';
    const isBeginning = next === '0';
    const stored = await this.store({ ...page, tell: TELLING[purpose], history: { before, isBeginning } });
    const searching = await this.outbox.number(queue, isBeginning ? '0' : page.metas[0]!.id);
    if (purpose === 'app') this.deps.emit([{ type: 'history', queue, next }]);
    this.history.answered(queue, stored);
    if (searching && purpose === 'numbers') this.searchNumbers(queue, next);
    if (stored && purpose === 'hole') this.fillHoles();
  }

  private async store(page: Page): Promise<boolean> {
    return commit(this.deps, async (tx) => applyPage(tx, page, this.deps.self));
  }

  private caughtUp(): void {
    this.deps.session.caughtUp();
    this.fillHoles();
  }

  /** Asks the server's history for what is missing between stored messages. */
  private fillHoles(): void {
    for (const [key, { gaps }] of this.deps.store.reader.conversations()) {
      const hole = newestHole(gaps);
      if (!hole) continue;
      const before = nextId(hole[1]);
      this.history.request({ queue: key.slice(1), before, amount: HOLE_PAGE, purpose: 'hole' });
    }
  }

  /** Looks for the server ids of messages that arrived without telling theirs. */
  private searchNumbers(queue: Id, before: Id): void {
    this.history.request({ queue, before, amount: NUMBERING_PAGE, purpose: 'numbers' });
  }

  private send(mid: Id, meta: OutgoingMeta): boolean {
    return this.deps.session.send(sendFrame(mid, meta, { uid: this.deps.self, deviceSN: this.deviceSN }));
  }
}

function refusalOf(status: IStatus | null | undefined): FlooError | undefined {
  const failure = failureOf(status);
  return failure && statusError(failure.code, failure.reason, 'other');
}
