import type { Account, AccountListener } from '../account/account.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { ShownChanges } from '../store/shown-changes.ts';
import { StoreTransaction } from '../store/transaction.ts';
import { createWorkingSet } from '../store/working-set.ts';
import { createWorkingSetReader } from '../store/working-set-reader.ts';
import type { DispatchStore } from '../sync/commit.ts';
import { createBatchedEmit } from '../sync/event-batches.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { createDeferred } from '../util/deferred.ts';
import { createFollowerParts } from './follower-parts.ts';
import type { AccountParts } from './follower-parts.ts';
import type { LeaderMessage, News, PackedReport, SharedBatch } from './messages.ts';
import { unpackError, unpackEvents } from './packing.ts';
import type { ReportLog } from './report-log.ts';
import type { TabCalls } from './tab-calls.ts';

type Welcome = Extract<LeaderMessage, { type: 'welcome' }>;

interface FollowerDeps {
  uid: Id;
  clock: Clock;
  calls: TabCalls;
  maxMessageBytes: number;
  listener: AccountListener;
  /** The account whose data this is. */
  account: Account;
  welcome: Welcome;
  log: ReportLog;
}

/** What a tab knows that follows: a working set that the batches of the leading tab change, and the user's own changes on top. */
export class Follower {
  /** The account, as managers use it. */
  readonly parts: AccountParts;
  /** Resolves when the tab knows what it shows first. */
  readonly begun: Promise<void>;
  private readonly deps: FollowerDeps;
  private readonly working = createWorkingSet();
  private readonly shown: ShownChanges;
  private readonly uploads: Map<Id, number>;
  private readonly loaded = createDeferred();
  private readonly emitBatched: (events: readonly SyncEvent[]) => Promise<void>;
  private begin = (): void => undefined;
  private isLoaded = false;
  private isOver = false;
  private hasBegun = false;
  private number: number;
  private storing: SharedBatch | undefined;

  constructor(deps: FollowerDeps) {
    const { calls, clock, uid, maxMessageBytes, welcome } = deps;
    this.deps = deps;
    this.number = welcome.stored;
    this.storing = welcome.storing;
    this.uploads = new Map(welcome.uploads);
    this.begun = new Promise((resolve) => (this.begin = resolve));
    const emit = (events: readonly SyncEvent[]): void => this.emit(events);
    this.emitBatched = createBatchedEmit(emit, clock);
    const { working } = this;
    // A change that is only shown reads what is in memory.
    this.shown = new ShownChanges(() => new StoreTransaction({ kv: NOTHING_STORED, working }));
    const reader = createWorkingSetReader(working, () => this.shown.current());
    const isLoaded = (): boolean => this.isLoaded;
    const store: DispatchStore = {
      get isLoaded() {
        return isLoaded();
      },
      reader,
      change: (change) => {
        const shown = this.shown.show(change);
        return { shown, stored: calls.note(change, shown) };
      },
    };
    this.parts = createFollowerParts({
      ...{ uid, clock, calls, store, maxMessageBytes, emit },
      loaded: this.loaded.promise,
      // Its names change with the batches, as when the server gives the serial.
      device: () => reader.device() ?? welcome.device,
      aheadMs: welcome.aheadMs,
      percentOf: (mid) => this.uploads.get(mid),
      addTail: (key, tail) => working.tails.add(key, tail),
    });
  }

  /** Shows the changes that the tabs which led before have not stored. */
  showUnstored(): void {
    for (const { shown } of this.deps.calls.unstored) for (const change of shown) this.shown.show(change);
  }

  /** Emits what this tab has missed while it was frozen. @param last the last batch whose events it has emitted */
  emitMissed(last: number): void {
    for (const batch of this.deps.welcome.missed ?? []) {
      if (batch.number <= last) continue;
      this.deps.log.add(batch);
      this.emitReports(batch.reports);
    }
  }

  /** Another tab leads. @param stored - the last batch that is in the database */
  leaderChanged(stored: number): void {
    if (this.storing && this.storing.number <= stored) this.apply(this.storing);
    this.storing = undefined;
  }

  /** The number of the last batch that is visible. */
  get lastBatch(): number {
    return this.number;
  }

  handle(message: LeaderMessage): void {
    switch (message.type) {
      case 'records':
        this.working.apply(message.changes);
        this.shown.rebase();
        if (message.isLast) this.end();
        this.hasBegun = true;
        return this.begin();
      case 'tails':
        for (const [key, tail] of message.tails) this.working.tails.add(key, tail);
        return this.shown.rebase();
      case 'batch':
        this.storing = message.batch;
        return;
      case 'stored':
        if (this.storing) this.apply(this.storing);
        this.storing = undefined;
        return;
      case 'refused':
        this.storing = undefined;
        return;
      case 'news':
        return this.handleNews(message.news);
      case 'reply':
        return this.deps.calls.replied(message.number, message.value);
      case 'failure':
        this.undo(message.number);
        return this.deps.calls.failed(message.number, unpackError(message.error));
      case 'welcome':
      case 'state':
      case 'pong':
        return undefined; // by following-tab.ts
      default:
        return message satisfies never;
    }
  }

  private apply({ number, changes, reports }: SharedBatch): void {
    this.number = number;
    this.working.apply(changes);
    this.deps.log.add({ number, reports });
    this.emitReports(reports);
  }

  private emitReports(reports: readonly PackedReport[]): void {
    const { calls } = this.deps;
    const made = reports.map((report) => ({ events: unpackEvents(report.events), change: calls.named(report.call) }));
    for (const { change } of made) if (change) this.shown.stored([...change.shown, undefined]);
    this.shown.rebase();
    for (const { events, change } of made) {
      // Whoever made the change emits those of its events that were not emitted when it was shown.
      if (change) change.stored(events);
      else void this.emitBatched(events);
    }
  }

  private undo(number: number): void {
    const change = this.deps.calls.unstored.find(({ sent }) => sent.number === number);
    for (const shown of change?.shown ?? []) this.shown.undo(shown);
  }

  /** Emits nothing any more: what becomes of what is under way shows at the next login. */
  close(): void {
    this.isOver = true;
  }

  private emit(events: readonly SyncEvent[]): void {
    if (this.isOver) return;
    for (const event of events) {
      if (event.type === 'uploading') this.uploads.set(event.mid, event.percent);
      else if (event.type === 'sent' || event.type === 'failed') this.uploads.delete(event.mid);
    }
    this.deps.listener.onSync(events, this.deps.account, true);
  }

  private handleNews(news: News): void {
    const { listener } = this.deps;
    switch (news.type) {
      case 'events':
        return this.emit(unpackEvents(news.events));
      case 'friends':
        return listener.onFriends();
      case 'groups':
        return listener.onGroups();
      case 'users':
        return listener.onUsers(news.ids);
      case 'degraded':
        return listener.onStorageDegraded(unpackError(news.error));
      case 'problem':
        return listener.onProblem(unpackError(news.error));
      case 'trimmed':
        return listener.onStorageTrimmed(news.conversations);
      default:
        return news satisfies never;
    }
  }

  private end(): void {
    this.isLoaded = true;
    this.loaded.resolve();
    if (!this.hasBegun) return;
    // Apps read again what they show: until now getters knew some of it.
    this.emit([{ type: 'list' }, { type: 'friends' }, { type: 'groups' }]);
  }
}

const NOTHING_STORED = { get: async () => undefined, range: async () => [] };
