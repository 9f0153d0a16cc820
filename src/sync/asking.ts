import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import type { SyncUp, UpFrame } from '../wire/frame-types.ts';
import { syncFrame } from './outgoing.ts';

export interface AskingDeps {
  clock: Clock;
  session: {
    send(frame: UpFrame): boolean;
    unresponsive(detail: string): void;
  };
  answerTimeoutMs: number;
}

/** Asks the server for pages. Every answer is progress, so one timer serves all that is asked. */
export class Asking {
  private readonly deps: AskingDeps;
  private readonly what: string;
  private readonly timers: Timers<'answer'>;

  /** @param what is asked for, as the log says it. */
  constructor(deps: AskingDeps, what: string) {
    this.deps = deps;
    this.what = what;
    this.timers = new Timers(deps.clock);
  }

  ask(payload: SyncUp): void {
    this.deps.session.send(syncFrame(payload));
    this.awaitAnswer();
  }

  /** Where none comes, the socket is to be left. */
  awaitAnswer(): void {
    const { session, answerTimeoutMs } = this.deps;
    this.timers.set('answer', answerTimeoutMs, () => session.unresponsive(`${this.what} was not answered`));
  }

  /** Nothing is asked, or nobody is there who could answer. */
  rest(): void {
    this.timers.clear('answer');
  }
}
