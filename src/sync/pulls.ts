import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import type { SyncUp, UpFrame } from '../wire/frame-types.ts';
import { syncFrame } from './outgoing.ts';

interface PageRequesterDeps {
  clock: Clock;
  session: {
    send(frame: UpFrame): boolean;
    unresponsive(detail: string): void;
  };
  answerTimeoutMs: number;
}

/** Asks the server for pages and reports a server that does not answer. Every answer is progress, so all requests share one timer. */
export class PageRequester {
  private readonly deps: PageRequesterDeps;
  private readonly what: string;
  private readonly timers: Timers<'answer'>;

  /** @param what - names a request in the log, e.g. `a sync` */
  constructor(deps: PageRequesterDeps, what: string) {
    this.deps = deps;
    this.what = what;
    this.timers = new Timers(deps.clock);
  }

  send(payload: SyncUp): void {
    this.deps.session.send(syncFrame(payload));
    this.awaitAnswer();
  }

  /** Starts to wait for the next answer. When none comes, the session leaves the socket. */
  awaitAnswer(): void {
    const { session, answerTimeoutMs } = this.deps;
    this.timers.set('answer', answerTimeoutMs, () => session.unresponsive(`${this.what} was not answered`));
  }

  /** Call it when no request is left, or when the socket is lost. */
  stopWaiting(): void {
    this.timers.clear('answer');
  }
}

/** Conversations synced at once. */
const MAX_RUNNING = 4;

/**
 * Decides which conversations are synced, and when. A conversation that is named again while it syncs is synced once more
 * after that. A conversation that was not finished when the socket died is synced again on the next socket.
 */
export class Pulls {
  private readonly requester: PageRequester;
  private readonly onIdle: () => void;
  private readonly waiting = new Set<Id>();
  /** `again`: it was named again while it runs. `key`: the last key that was asked for. */
  private readonly running = new Map<Id, { again: boolean; key: Id }>();
  private isOnline = false;

  /** @param onIdle - called when nothing is left to sync */
  constructor(requester: PageRequester, onIdle: () => void) {
    this.requester = requester;
    this.onIdle = onIdle;
  }

  online(): void {
    this.isOnline = true;
    this.pump();
  }

  offline(): void {
    this.isOnline = false;
    this.requester.stopWaiting();
    for (const queue of this.running.keys()) this.waiting.add(queue);
    this.running.clear();
  }

  request(queue: Id): void {
    const running = this.running.get(queue);
    if (running) running.again = true;
    else this.waiting.add(queue);
    this.pump();
  }

  /**
   * Call it when a page is stored. Asking for `nextKey` acknowledges the page and gets the next one.
   *
   * @param nextKey - `'0'` for the last page
   * @returns whether the queue is synced to its end
   */
  stored(queue: Id, nextKey: Id): boolean {
    if (!this.isOnline) {
      // The socket died meanwhile: the next socket gets the page again and acknowledges it.
      this.waiting.add(queue);
      return false;
    }
    const running = this.running.get(queue);
    if (nextKey === '0') {
      if (!running) return false;
      this.abandoned(queue);
      return !running.again;
    }
    // A pushed page is acknowledged in the same way. A page that came twice is acknowledged once.
    if (running?.key !== nextKey) this.ask(queue, nextKey, running?.again);
    return false;
  }

  /**
   * Ends the sync of a queue. A page that was refused or could not be stored is not acknowledged; it is asked for again when
   * something names the queue again.
   */
  abandoned(queue: Id): void {
    if (this.running.get(queue)?.again) this.waiting.add(queue);
    this.running.delete(queue);
    this.pump();
    if (this.running.size > 0) return;
    this.requester.stopWaiting();
    if (this.isOnline) this.onIdle();
  }

  /** Ends every running sync: the server refused one and did not name it. */
  abandonedAll(): void {
    for (const queue of [...this.running.keys()]) this.abandoned(queue);
  }

  private pump(): void {
    while (this.isOnline && this.waiting.size > 0 && this.running.size < MAX_RUNNING) {
      const queue = this.waiting.values().next().value!;
      this.waiting.delete(queue);
      this.ask(queue, '0');
    }
  }

  private ask(queue: Id, key: Id, again = false): void {
    this.running.set(queue, { again, key });
    this.requester.send({ xid: { uid: queue, deviceSN: 0 }, ...(key !== '0' && { key }) });
  }
}
