import type { Id } from '../model/ids.ts';
import type { PageRequester } from './page-requester.ts';
import { Progress } from './progress.ts';
import type { SyncedPages, Yield } from './progress.ts';

/**
 * Items that may be asked for before others are stored. A round trip is spent on as many conversations as hold them, and they fit
 * in memory. What is sent meanwhile is answered behind them, so there are fewer on a slow line: half as many with each page that
 * took long, and twice as many with each that was quick.
 */
const MOST_ITEMS = 1000;
const FEWEST_ITEMS = 100;
const LONG_MS = 2000;
const QUICK_MS = 1000;

/** Conversations that wait. A server that names more of them names the others again with its next unread list. */
const MAX_WAITING = 200_000;

/** A conversation that is being synced. */
interface Running {
  /** Items that the server may still have for it, as far as is known. A sync of 0 only waits for the server's last word. */
  expected: number;
  /** Requests without an answer. */
  unanswered: number;
  /** When the last of them left, in ms since 1970. */
  askedAt: number;
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
 * Decides which conversations are synced, and when. A conversation that is named while it syncs is asked for again after that,
 * unless a request left since, or the answer brings something: the one after that brings what was named meanwhile. One that was
 * not finished when the socket died is synced again on the next socket.
 */
export class Pulls {
  private readonly requester: PageRequester;
  private readonly listener: PullsListener;
  private readonly progress: Progress;
  /** Conversations to sync, and how many items the server has for each. */
  private readonly waiting = new Map<Id, number>();
  private readonly running = new Map<Id, Running>();
  /** Items that are expected by all that run. */
  private underway = 0;
  /** As many of them as there may be. */
  private window = MOST_ITEMS;
  private isOnline = false;

  constructor(requester: PageRequester, listener: PullsListener) {
    this.requester = requester;
    this.listener = listener;
    this.progress = new Progress(requester.clock, (queue) => this.request(queue));
    requester.whenUnanswered(() => this.giveUpRepeated());
  }

  /** How many requests wait for an answer, or their answers for being stored. */
  get unanswered(): number {
    return [...this.running.values()].reduce((sum, { unanswered }) => sum + unanswered, 0);
  }

  /** How many conversations are being synced, or wait for that. */
  get size(): number {
    return new Set([...this.running.keys(), ...this.waiting.keys()]).size;
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
    for (const [queue, { pages, expected }] of this.running) {
      this.progress.came(queue, pages.total);
      this.waiting.set(queue, Math.max(1, expected));
    }
    this.running.clear();
    this.underway = 0;
  }

  /** @param items - how many the server has for this conversation, as far as is known */
  request(queue: Id, items = 1): void {
    const running = this.running.get(queue);
    if (running) running.again = true;
    else if (this.waiting.size < MAX_WAITING && !this.progress.holds(queue)) this.waiting.set(queue, items);
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
      this.waiting.set(queue, 1);
      return false;
    }
    const running = this.running.get(queue);
    const mayGoOn = running?.pages.add(page) ?? true;
    if (running) {
      this.adjustWindow(running);
      running.unanswered = Math.max(0, running.unanswered - 1);
      this.expect(running, Math.max(0, running.expected - page.items));
    }
    if (nextKey === '0') {
      if (!running || running.unanswered > 0) return false;
      this.progress.came(queue, running.pages.total);
      this.abandoned(queue);
      return !running.again;
    }
    if (mayGoOn) this.acknowledge(queue, nextKey);
    else this.stick(queue);
    this.pump();
    return false;
  }

  /** A page was pushed and is stored. One that brings nothing may be a late copy: it says nothing about a sync that runs. */
  pushed(queue: Id, nextKey: Id, page: Yield): void {
    this.progress.came(queue, page);
    if (nextKey === '0') return;
    if (!this.isOnline) this.waiting.set(queue, 1);
    else if (!this.progress.holds(queue)) this.acknowledge(queue, nextKey);
  }

  /** Asks for the next page. A page that came twice is acknowledged once. */
  private acknowledge(queue: Id, nextKey: Id): void {
    const running = this.running.get(queue);
    if (running?.key === nextKey) running.isRepeated = true;
    else this.ask(queue, nextKey, running ?? this.begin(queue, 0));
  }

  /**
   * Ends the sync of a queue. A page that was refused or could not be stored is not acknowledged; it is asked for again when
   * something names the queue again.
   */
  abandoned(queue: Id): void {
    const running = this.running.get(queue);
    const isNamed = running?.again ?? false;
    if (running) this.expect(running, 0);
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
    for (const [queue, items] of this.waiting) {
      if (!this.isOnline || this.underway >= this.window) return;
      this.waiting.delete(queue);
      this.ask(queue, '0', this.begin(queue, items));
    }
  }

  private adjustWindow({ askedAt }: Running): void {
    const tookMs = this.requester.clock.now() - askedAt;
    if (tookMs > LONG_MS) this.window = Math.max(FEWEST_ITEMS, this.window / 2);
    else if (tookMs < QUICK_MS) this.window = Math.min(MOST_ITEMS, this.window * 2);
  }

  private begin(queue: Id, items: number): Running {
    const pages = this.progress.begin(queue);
    const running: Running = {
      expected: 0,
      unanswered: 0,
      askedAt: 0,
      again: false,
      key: '0',
      pages,
      isRepeated: false,
    };
    this.running.set(queue, running);
    this.expect(running, items);
    return running;
  }

  private expect(running: Running, items: number): void {
    this.underway += items - running.expected;
    running.expected = items;
  }

  private ask(queue: Id, key: Id, running: Running): void {
    // The server has everything that it has named so far, so its answer brings that too.
    Object.assign(running, { key, isRepeated: false, again: false });
    running.unanswered++;
    running.askedAt = this.requester.clock.now();
    this.requester.send({ xid: { uid: queue, deviceSN: 0 }, ...(key !== '0' && { key }) });
  }
}
