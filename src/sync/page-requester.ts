import type { Clock } from '../platform/ports.ts';
import type { SyncUp, UpFrame } from '../wire/frame-types.ts';
import { AnswerWait } from './answer-wait.ts';
import type { AnswerWaitDeps } from './answer-wait.ts';
import { syncFrame } from './outgoing.ts';

/** The part of the session that requests use. */
export interface RequestSession {
  /** @returns false when not online. */
  send(frame: UpFrame): boolean;
  /** By how much an answer may take longer than usual. */
  readonly patience: number;
  /** Call it when the server does not answer. */
  unresponsive(detail: string): void;
  /** Call it when everything is here that the server held when the session began. */
  caughtUp(): void;
}

/** A session whose requests are counted. */
export const countedSession = (session: RequestSession, traffic: { requests: number }): RequestSession => ({
  send(frame) {
    const isSent = session.send(frame);
    if (isSent) traffic.requests++;
    return isSent;
  },
  get patience() {
    return session.patience;
  },
  unresponsive: (detail) => session.unresponsive(detail),
  caughtUp: () => session.caughtUp(),
});

interface PageRequesterDeps extends AnswerWaitDeps {
  session: RequestSession;
}

/** Asks the server for pages and reports a server that does not answer. */
export class PageRequester {
  private readonly deps: PageRequesterDeps;
  private readonly wait: AnswerWait;
  /** Gives up what will not be answered. @returns whether the server did answer, so that the socket is not at fault */
  private giveUp = (): boolean => false;

  /** @param what - names a request in the log, e.g. `a sync` */
  constructor(deps: PageRequesterDeps, what: string) {
    this.deps = deps;
    this.wait = new AnswerWait(deps, () => {
      if (!this.giveUp()) deps.session.unresponsive(`${what} was not answered`);
    });
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
    this.wait.begin();
  }

  /** Call it when no request is left, or when the socket is lost. */
  stopWaiting(): void {
    this.wait.end();
  }
}
