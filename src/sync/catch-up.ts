import type { WriteStep } from '../chronicle/chronicle.ts';
import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Arrival } from '../model/message.ts';
import type { Clock } from '../platform/ports.ts';
import type { FirstCatchUp } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { IXID } from '../wire/message-types.ts';
import { commit } from './commit.ts';
import type { CommitDeps } from './commit.ts';
import type { RequestSession } from './page-requester.ts';

/** What the server still has for this device in one queue, counted in items since the session began. */
interface Backlog {
  /** It held these before the session. They come first. */
  readonly held: number;
  /** It gave notice of these since. */
  noticed: number;
  taken: number;
  /** The newest item taken. */
  upTo: Id;
  /** The first item that came since the session began, when it is known. */
  liveFrom?: Id;
}

/** Queues that are named before the first unread list came. It comes at once; a server that never sends it must not fill the memory. */
const MAX_NOTICED = 10_000;

interface CatchUpDeps extends CommitDeps {
  readonly self: Id;
  readonly clock: Clock;
  readonly session: Pick<RequestSession, 'caughtUp'>;
  readonly write: WriteStep;
}

interface ReceivedItem {
  readonly id: Id;
  /** The user and the device that sent it. */
  readonly from: IXID | null;
}

/**
 * Knows how far this device is behind, and so how a message came. The first unread list of a session says how much the server
 * held of each queue. A queue is caught up with when that was delivered, at the latest when it was synced to its end.
 *
 * What waits for a new device is its past, not news. The store remembers the queues of which that is so, because a run may be
 * killed in its first catch-up.
 */
export class CatchUp {
  private readonly deps: CatchUpDeps;
  private serial = 0;
  /** The queues that were not synced to their ends yet; undefined, for all of them, until the session's first unread list came. */
  private backlogs: Map<Id, Backlog> | undefined;
  /** How many items it gave notice of before that list. */
  private readonly notices = new Map<Id, number>();
  /** When the session was accepted, in ms since 1970. */
  private begunAt = 0;
  /** Items that came since then. */
  private taken = 0;
  private isDone = false;

  constructor(deps: CatchUpDeps) {
    this.deps = deps;
  }

  /** @param serial - that of this device */
  online(serial: number): void {
    this.serial = serial;
    this.backlogs = undefined;
    this.notices.clear();
    this.begunAt = this.deps.clock.now();
    this.taken = 0;
    this.isDone = false;
  }

  /** Whether the server said in this session what it holds. */
  get isListed(): boolean {
    return this.backlogs !== undefined;
  }

  /** An unread list came. @param waiting - how many items the server holds of each queue that is not empty */
  listed(waiting: ReadonlyMap<Id, number>): void {
    if (this.backlogs) return;
    this.backlogs = new Map();
    const items = [...waiting.values()].reduce((sum, held) => sum + held, 0);
    this.deps.write('catchUpBegun', { conversations: waiting.size, items });
    for (const [queue, items] of waiting) {
      // The list counts these, too.
      const noticed = this.notices.get(queue) ?? 0;
      this.backlogs.set(queue, { held: Math.max(0, items - noticed), noticed, taken: 0, upTo: '0' });
    }
    this.finishIfDone();
  }

  /** The server gave notice of new items of this queue, or pushed them: they come with a later page, or once more. */
  noticed(queue: Id, items: number): void {
    const backlog = this.backlogs?.get(queue);
    if (backlog) backlog.noticed += items;
    else if (!this.backlogs && this.notices.size < MAX_NOTICED)
      this.notices.set(queue, (this.notices.get(queue) ?? 0) + items);
  }

  /** The last page of this queue is stored. */
  reachedEnd(queue: Id): void {
    this.backlogs?.delete(queue);
    const { isOver, queues } = this.firstCatchUp;
    if (isOver && queues.includes(queue)) this.remember({ isOver, queues: queues.filter((other) => other !== queue) });
    this.finishIfDone();
  }

  /** Nothing is left to sync; what could not be synced is left out. */
  finished(): void {
    this.noteEnd();
    if (this.backlogs && !this.firstCatchUp.isOver) this.remember({ isOver: true, queues: [...this.backlogs.keys()] });
  }

  /**
   * Takes a page that was asked for and was received now.
   *
   * @param items - ascending
   * @returns how each of them came
   */
  take(queue: Id, items: readonly ReceivedItem[]): (item: ReceivedItem) => Arrival {
    const { self } = this.deps;
    const { serial } = this;
    this.taken += items.length;
    const liveFrom = this.liveFrom(queue, items);
    const old = isOld(this.firstCatchUp, queue) ? 'history' : 'waiting';
    return ({ id, from }) => {
      if (from?.uid === self && from.deviceSN === serial) return 'live';
      return liveFrom !== undefined && compareIds(id, liveFrom) >= 0 ? 'live' : old;
    };
  }

  /** Stores with a page what it settles: where a live message came, what waits later is no old one. */
  settle(tx: StoreTransaction, queue: Id): void {
    const { isOver, queues } = tx.firstCatchUp;
    if (this.backlogs?.get(queue)?.liveFrom === undefined || !isOld(tx.firstCatchUp, queue)) return;
    tx.setFirstCatchUp({ isOver, queues: isOver ? queues.filter((other) => other !== queue) : [...queues, queue] });
  }

  /** The first item that came since the session began; undefined when that is not known, and none counts as such. */
  private liveFrom(queue: Id, items: readonly ReceivedItem[]): Id | undefined {
    if (!this.backlogs) return undefined;
    const backlog = this.backlogs.get(queue);
    if (!backlog) return '0';
    const fresh = items.filter(({ id }) => compareIds(id, backlog.upTo) > 0);
    const since = backlog.taken + fresh.length - backlog.held;
    // A server that counts in another way has more than it gave notice of: then the end of the queue says where the news begin.
    if (backlog.liveFrom === undefined && since > 0 && since <= backlog.noticed) {
      backlog.liveFrom = fresh[Math.max(0, fresh.length - since)]!.id;
    }
    backlog.taken += fresh.length;
    backlog.upTo = higherId(fresh[fresh.length - 1]?.id, backlog.upTo);
    return backlog.liveFrom;
  }

  private noteEnd(): void {
    if (!this.backlogs || this.isDone) return;
    this.isDone = true;
    const { clock, write, session } = this.deps;
    write('caughtUp', { items: this.taken, ms: Math.max(0, clock.now() - this.begunAt) });
    session.caughtUp();
  }

  private finishIfDone(): void {
    if (this.backlogs?.size === 0) this.finished();
  }

  private get firstCatchUp(): FirstCatchUp {
    return this.deps.store.reader.firstCatchUp();
  }

  private remember(state: FirstCatchUp): void {
    void commit(this.deps, (tx) => {
      tx.setFirstCatchUp(state);
      return [];
    });
  }
}

/** Whether what waits in this queue was there before this device. */
const isOld = ({ isOver, queues }: FirstCatchUp, queue: Id): boolean => queues.includes(queue) === isOver;
