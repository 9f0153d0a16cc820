import type { WriteStep } from '../chronicle/chronicle.ts';
import { SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { OutgoingMeta } from '../store/schema.ts';
import type { DownFrame, SkippedMeta } from '../wire/frame-types.ts';
import type { IUnreadDL } from '../wire/message-types.ts';
import { FrameCommand } from '../wire/enums.ts';
import { refusalOf } from './answers.ts';
import { applyPage, itemsOf, pageOf } from './apply.ts';
import { CatchUp } from './catch-up.ts';
import type { ClientMids } from './client-mid.ts';
import { ColdConversations } from './cold-conversations.ts';
import { Commands } from './commands.ts';
import { commit, missing } from './commit.ts';
import type { CommitDeps, DispatchDeps } from './commit.ts';
import { ConversationCommands } from './conversation-commands.ts';
import { applyUnreadList } from './coverage.ts';
import { DetailCommands } from './detail-commands.ts';
import type { Durability } from './durability.ts';
import { createBatchedEmit } from './event-batches.ts';
import { HistoryPages } from './history-pages.ts';
import type { Received, ReceivedPage } from './message-mapper.ts';
import { Outbox } from './outbox.ts';
import { sendFrame, typingMeta } from './outgoing.ts';
import type { Sender } from './outgoing.ts';
import { stuck, yieldOf } from './progress.ts';
import { countedSession, PageRequester } from './page-requester.ts';
import type { RequestSession } from './page-requester.ts';
import { Pulls } from './pulls.ts';
import { PushedPages } from './pushed-pages.ts';
import { ServerTime } from './server-time.ts';
import { Signals } from './signals.ts';
import type { OutgoingSignal } from './signals.ts';
import type { SyncEvent } from './sync-events.ts';
import { UnreadableFrames } from './unreadable-frames.ts';

interface SyncDeps extends Omit<CommitDeps, 'emitBatched'> {
  session: RequestSession;
  clock: Clock;
  mids: ClientMids;
  self: Id;
  deviceSN(): number;
  /** What may leave as the device that this is now. */
  durability: Durability;
  /** As in {@link DispatchDeps}. */
  emitHere(events: readonly SyncEvent[]): void;
  write: WriteStep;
  answerTimeoutMs: number;
  sendExpiryMs: number;
  maxMessageBytes: number;
}

/** A call of another tab: its name, the ids that it has made, and a view of the store that notes its changes. */
interface CallOfTab extends Pick<DispatchDeps, 'store'> {
  call: string;
  mids: Pick<ClientMids, 'next'>;
  /** Events that were emitted here before, when the call is this tab's. */
  emitted: readonly SyncEvent[];
}

/** One user's traffic with the server. What comes in is stored, then emitted; what goes out is stored, then sent. */
export class SyncEngine {
  readonly commands: Commands;
  readonly conversations: ConversationCommands;
  readonly outbox: Outbox;
  readonly details: DetailCommands;
  readonly cold: ColdConversations;
  readonly time: ServerTime;
  readonly catchUp: CatchUp;
  readonly pulls: Pulls;
  private readonly deps: SyncDeps & CommitDeps & { readonly time: ServerTime; traffic: SyncEngine['traffic'] };
  private readonly history: HistoryPages;
  private readonly signals: Signals;
  private readonly unreadable: UnreadableFrames;
  private readonly pushed: PushedPages;
  /** Of this session. */
  private readonly traffic = { requests: 0, answers: 0 };
  /** The serial that the server gave this device when the session began. */
  private deviceSN = 0;
  /** Pages and answers being stored. */
  private handling = Promise.resolve();

  constructor(given: SyncDeps) {
    const { mids, session, store, clock, durability } = given;
    const time = (this.time = new ServerTime(clock));
    const learning =
      (emit: SyncDeps['emit']): SyncDeps['emit'] =>
      (events) => {
        time.follow(events);
        emit(events);
        this.history.holes.follow(events);
      };
    const [emit, emitHere] = [learning(given.emit), learning(given.emitHere)];
    const deps = (this.deps = {
      ...{ ...given, time, emit, emitHere, emitBatched: createBatchedEmit(emitHere, clock) },
      ...{ session: countedSession(session, this.traffic), traffic: this.traffic },
    });
    this.catchUp = new CatchUp(deps);
    mids.startAfter(store.reader.lastMid());
    this.pulls = new Pulls(new PageRequester(deps, 'a sync'), {
      onIdle: () => this.caughtUp(),
      onStuck: (queue) => emit([stuck(queue, 'syncing')]),
    });
    this.history = new HistoryPages({
      ...deps,
      serial: () => this.deviceSN,
      isSyncing: (queue) => !this.catchUp.isListed || this.pulls.isSyncing(queue),
      outbox: () => this.outbox,
    });
    this.unreadable = new UnreadableFrames({ pulls: this.pulls, history: this.history });
    this.outbox = new Outbox({
      ...deps,
      send: (mid, meta) => this.send(mid, meta),
      onUnanswered: () => session.unresponsive('a send was not answered'),
      onUnnumbered: (row) => this.history.lookUp(row),
    });
    // The session that comes then asks for everything again.
    durability.onLost(() => this.pulls.offline());
    this.pushed = new PushedPages(deps, this.pulls);
    this.signals = new Signals({ ...deps, sender: () => this.sender });
    this.cold = new ColdConversations({ store, emit: emitHere, clock });
    this.commands = new Commands({ ...deps, outbox: this.outbox });
    this.conversations = new ConversationCommands({ ...deps, outbox: this.outbox });
    this.details = new DetailCommands({ ...deps, outbox: this.outbox });
  }

  /** The commands of another tab, carried out here. */
  commandsOf(call: CallOfTab): Pick<SyncEngine, 'commands' | 'conversations' | 'details'> {
    const { emitHere } = this.deps;
    const deps = {
      ...{ ...this.deps, ...call, outbox: this.outbox },
      emitHere: (events: readonly SyncEvent[]) => emitHere(missing(events, call.emitted)),
    };
    const commands = new Commands(deps);
    commands.onWithdrawn = (mid) => this.commands.onWithdrawn?.(mid);
    return { commands, conversations: new ConversationCommands(deps), details: new DetailCommands(deps) };
  }

  /** How far the server's clock is ahead of this device's, ms. */
  get aheadMs(): number {
    return this.deps.time.aheadOfDevice;
  }

  /** Now by the server's clock, ms since 1970. */
  serverNow(): number {
    return this.time.now();
  }

  online(): void {
    this.deviceSN = this.deps.deviceSN();
    Object.assign(this.traffic, { requests: 0, answers: 0 });
    this.catchUp.online(this.deviceSN);
    if (this.deps.durability.mayAcknowledge) this.pulls.online();
    this.history.online();
    this.outbox.online();
  }

  /** @param isTooBig - the server closed the socket because a frame was too big */
  offline(isTooBig = false): void {
    // The next sync brings these pages again.
    this.pushed.clear();
    this.unreadable.clear();
    this.pulls.offline();
    this.history.offline();
    this.outbox.offline(isTooBig);
    this.signals.offline();
  }

  close(): void {
    this.offline();
    this.outbox.close();
  }

  /** Resolves when every frame received so far is stored and its events are emitted. */
  async settled(): Promise<void> {
    await this.handling;
  }

  /** Handles a decoded frame. */
  handleFrame(frame: DownFrame): void {
    // What decodeFrame returns has a value for every field. The public type of a frame is also that of frames to encode.
    const { command, payload } = frame as Received<DownFrame>;
    if (command === FrameCommand.UNREAD) this.handleUnread(payload);
    // A notice that names no conversation is about the system queue.
    else if (command === FrameCommand.NOTICE) {
      const queue = payload?.xid?.uid ?? SYSTEM_ID;
      this.catchUp.noticed(queue, 1);
      this.pulls.request(queue);
    } else if (command === FrameCommand.SYNC && payload) {
      this.traffic.answers++;
      const page = this.signals.take(payload);
      if (!page || this.signals.handleAnswer(page)) return;
      const before = this.handling;
      this.handling = this.handleSync(page, frame.skipped ?? []).then(async () => {
        this.unreadable.giveUp();
        return before;
      });
    }
  }

  /** A frame could not be read. */
  handleBadFrame(): void {
    this.unreadable.add();
  }

  sendTyping(to: Id, status: string, mid = this.deps.mids.next()): Id {
    this.send(mid, typingMeta(to, status));
    return mid;
  }

  /** Sends a signal of a call. See {@link Signals.send}. */
  async sendSignal(signal: OutgoingSignal, mid = this.deps.mids.next()): Promise<void> {
    return this.signals.send(mid, signal);
  }

  /** Sends a message before it is stored. See {@link Outbox.hurry}. */
  hurry(mid: Id): void {
    this.outbox.hurry(mid);
  }

  requestHistory(queue: Id, before: Id, amount: number): void {
    this.history.request(queue, before, amount);
  }

  /** Stores a page of the server's history and emits no message. @returns false when the page cannot be fetched now */
  async loadHistory(queue: Id, before: Id, amount: number): Promise<boolean> {
    return this.history.load(queue, before, amount);
  }

  private handleUnread(list: Received<IUnreadDL> | null): void {
    const error = refusalOf(list?.status);
    if (error) return this.deps.emit([{ type: 'problem', error }]);
    const conversations = list?.unread ?? [];
    const waiting = new Map(conversations.filter(({ n }) => n).map(({ xid, n }) => [xid?.uid ?? SYSTEM_ID, n]));
    this.catchUp.listed(waiting);
    for (const [queue, items] of waiting) this.pulls.request(queue, items);
    void commit(this.deps, (tx) => applyUnreadList(tx, conversations));
    if (waiting.size === 0) this.caughtUp();
  }

  private async handleSync(answer: ReceivedPage, skipped: readonly SkippedMeta[]): Promise<void> {
    if (answer.client_mid !== '0') {
      await this.outbox.handleAnswer(answer);
      this.deps.durability.answered();
      return;
    }
    const queue = answer.xid?.uid ?? SYSTEM_ID;
    const error = refusalOf(answer.status);
    if (error) {
      if (answer.is_full_sync) this.history.refused(queue);
      else if (answer.xid) this.pulls.abandoned(queue);
      else this.pulls.abandonedAll();
      this.deps.emit([{ type: 'problem', error }]);
      return;
    }
    if (answer.is_eager_sync) {
      this.catchUp.noticed(queue, itemsOf(answer.metas).length);
      return this.pushed.handle(queue, answer, skipped);
    }
    if (answer.is_full_sync) return this.history.handle(queue, answer);
    const page = pageOf(queue, answer);
    const arrivalOf = this.catchUp.take(queue, page.metas);
    let events: readonly SyncEvent[] = [];
    const isStored = await commit(this.deps, async (tx) => {
      this.catchUp.settle(tx, queue);
      return (events = await applyPage(tx, { ...page, arrivalOf }, this.deps));
    });
    if (isStored && answer.next_key === '0') this.catchUp.reachedEnd(queue);
    if (!isStored) this.pulls.abandoned(queue);
    else if (this.pulls.stored(queue, answer.next_key, yieldOf(page.metas, skipped, events))) {
      this.history.delivered();
      this.pushed.synced(queue);
    }
  }

  private caughtUp(): void {
    this.catchUp.finished();
    this.history.delivered();
    const { isLoaded, loaded } = this.deps.store;
    this.history.holes.fill();
    // It knew some of them.
    if (!isLoaded) void loaded.then(() => this.history.holes.fill());
  }

  private get sender(): Sender {
    return { uid: this.deps.self, deviceSN: this.deviceSN };
  }

  private send(mid: Id, meta: OutgoingMeta): boolean {
    return this.deps.session.send(sendFrame(mid, meta, this.sender));
  }
}
