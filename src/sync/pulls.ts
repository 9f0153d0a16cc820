import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import type { SyncUp, UpFrame } from '../wire/frame-types.ts';
import { syncFrame } from './outgoing.ts';
import { Progress } from './progress.ts';
import type { SyncedPages, Yield } from './progress.ts';

/** The part of the session that requests use. */
export interface RequestSession {
  /** @returns false when not online. */
  send(frame: UpFrame): boolean;
  /** By how much an answer may take longer than usual. */
  readonly patience: number;
  /** Call it when the server does not answer. */
  unresponsive(detail: string): void;
}

interface PageRequesterDeps {
  clock: Clock;
  session: RequestSession;
  answerTimeoutMs: number;
}

/** Asks the server for pages and reports a server that does not answer. Every answer is progress, so all requests share one timer. */
export class PageRequester {
  private readonly deps: PageRequesterDeps;
  private readonly what: string;
  private readonly timers: Timers<'answer'>;
  /** Gives up what will not be answered. @returns whether the server did answer, so that the socket is not at fault */
  private giveUp = (): boolean => false;

  /** @param what - names a request in the log, e.g. `a sync` */
  constructor(deps: PageRequesterDeps, what: string) {
    this.deps = deps;
    this.what = what;
    this.timers = new Timers(deps.clock);
  }

  get clock(): Clock {
    return this.deps.clock;
  }

  /** @param giveUp - see there */
  whenUnanswered(giveUp: () => boolean): void {
    this.giveUp = giveUp;
  }

  send(payload: SyncUp): void {
    this.deps.session.send(syncFrame(payload));
    this.awaitAnswer();
  }

  /** Starts to wait for the next answer. When none comes, the session leaves the socket. */
  awaitAnswer(): void {
    const { session, answerTimeoutMs } = this.deps;
    this.timers.set('answer', answerTimeoutMs * session.patience, () => {
      if (!this.giveUp()) session.unresponsive(`${this.what} was not answered`);
    });
  }

  /** Call it when no request is left, or when the socket is lost. */
  stopWaiting(): void {
    this.timers.clear('answer');
  }
}

/** Conversations synced at once. */
const MAX_RUNNING = 4;

/** Conversations that wait. A server that names more of them names the others again with its next unread list. */
const MAX_WAITING = 200_000;

/** A conversation that is being synced. */
interface Running {
  /** It was named again meanwhile. */
  again: boolean;
  /** The last key that was asked for. */
  key: Id;
  pages: SyncedPages;
  /** The server answered the last key by the same key: that was either a page that came twice, or its last word. */
  isRepeated: boolean;
}

interface PullsListener {
  /** Nothing is left to sync. */
  onIdle(): void;
  /** The server goes on about this conversation and brings nothing. It is synced again when something names it. */
  onStuck(queue: Id): void;
}

/**
 * Decides which conversations are synced, and when. A conversation that is named again while it syncs is synced once more
 * after that. A conversation that was not finished when the socket died is synced again on the next socket.
 */
export class Pulls {
  private readonly requester: PageRequester;
  private readonly listener: PullsListener;
  private readonly progress: Progress;
  private readonly waiting = new Set<Id>();
  private readonly running = new Map<Id, Running>();
  private isOnline = false;

  constructor(requester: PageRequester, listener: PullsListener) {
    this.requester = requester;
    this.listener = listener;
    this.progress = new Progress(requester.clock, (queue) => this.request(queue));
    requester.whenUnanswered(() => this.giveUpRepeated());
  }

  /** How many conversations wait for an answer. */
  get unanswered(): number {
    return this.running.size;
  }

  online(): void {
    this.isOnline = true;
    this.pump();
  }

  /** Whether a sync of this conversation runs or waits. */
  isSyncing(queue: Id): boolean {
    return this.running.has(queue) || this.waiting.has(queue);
  }

  offline(): void {
    this.isOnline = false;
    this.requester.stopWaiting();
    this.progress.stop();
    for (const [queue, { pages }] of this.running) {
      this.progress.came(queue, pages.total);
      this.waiting.add(queue);
    }
    this.running.clear();
  }

  request(queue: Id): void {
    const running = this.running.get(queue);
    if (running) running.again = true;
    else if (this.waiting.size < MAX_WAITING && !this.progress.holds(queue)) this.waiting.add(queue);
    this.pump();
  }

  /**
   * Call it when a page is stored. Asking for `nextKey` acknowledges the page and gets the next one.
   *
   * @param nextKey - `'0'` for the last page
   * @returns whether the queue is synced to its end
   */
  stored(queue: Id, nextKey: Id, page: Yield): boolean {
    if (!this.isOnline) {
      // The socket died meanwhile: the next socket gets the page again and acknowledges it.
      this.waiting.add(queue);
      return false;
    }
    const running = this.running.get(queue);
    const mayGoOn = running?.pages.add(page) ?? true;
    if (nextKey === '0') {
      if (!running) return false;
      this.progress.came(queue, running.pages.total);
      this.abandoned(queue);
      return !running.again;
    }
    if (mayGoOn) this.acknowledge(queue, nextKey);
    else this.stick(queue);
    return false;
  }

  /** A page was pushed and is stored. One that brings nothing may be a late copy: it says nothing about a sync that runs. */
  pushed(queue: Id, nextKey: Id, page: Yield): void {
    this.progress.came(queue, page);
    if (nextKey === '0') return;
    if (!this.isOnline) this.waiting.add(queue);
    else if (!this.progress.holds(queue)) this.acknowledge(queue, nextKey);
  }

  /** Asks for the next page. A page that came twice is acknowledged once. */
  private acknowledge(queue: Id, nextKey: Id): void {
    const running = this.running.get(queue);
    if (running?.key === nextKey) running.isRepeated = true;
    else this.ask(queue, nextKey, running);
  }

  /**
   * Ends the sync of a queue. A page that was refused or could not be stored is not acknowledged; it is asked for again when
   * something names the queue again.
   */
  abandoned(queue: Id): void {
    const isNamed = this.running.get(queue)?.again ?? false;
    this.running.delete(queue);
    if (isNamed) this.request(queue);
    else this.pump();
    if (this.running.size > 0) return;
    this.requester.stopWaiting();
    if (this.isOnline) this.listener.onIdle();
  }

  /** Ends every running sync: the server refused one and did not name it. */
  abandonedAll(): void {
    for (const queue of [...this.running.keys()]) this.abandoned(queue);
  }

  /** Ends every running sync: none of the answers can be read. The next ones would not be, either. */
  unreadable(): void {
    for (const queue of [...this.running.keys()]) {
      this.progress.pause(queue);
      this.abandoned(queue);
    }
  }

  private giveUpRepeated(): boolean {
    const repeated = [...this.running].filter(([, { isRepeated }]) => isRepeated);
    for (const [queue] of repeated) this.stick(queue);
    if (repeated.length > 0 && this.running.size > 0) this.requester.awaitAnswer();
    return repeated.length > 0;
  }

  private stick(queue: Id): void {
    if (this.progress.pause(queue)) this.listener.onStuck(queue);
    this.abandoned(queue);
  }

  private pump(): void {
    while (this.isOnline && this.waiting.size > 0 && this.running.size < MAX_RUNNING) {
      const queue = this.waiting.values().next().value!;
      this.waiting.delete(queue);
      this.ask(queue, '0');
    }
  }

  private ask(queue: Id, key: Id, running?: Running): void {
    const { again = false, pages = this.progress.begin(queue) } = running ?? {};
    this.running.set(queue, { again, key, pages, isRepeated: false });
    this.requester.send({ xid: { uid: queue, deviceSN: 0 }, ...(key !== '0' && { key }) });
  }
}
