import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import type { SyncUp, UpFrame } from '../wire/frame-types.ts';
import { syncFrame } from './outgoing.ts';

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
