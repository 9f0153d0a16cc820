import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

export interface AnswerWaitDeps {
  clock: Clock;
  session: {
    /** By how much an answer may take longer than usual. */
    readonly patience: number;
  };
  answerTimeoutMs: number;
  /** How many requests of all kinds left in this session, and how many answers came. */
  traffic: { readonly requests: number; readonly answers: number };
}

/** How often a wait goes on because other answers come: on a slow line this one is behind them. */
const MOST_EXTENSIONS = 3;

/**
 * Waits for the next answer to some requests. Every answer is progress, so all of them share one wait. It goes on while answers
 * come to what was asked before: those to later requests say that the server lost this one.
 */
export class AnswerWait {
  private readonly deps: AnswerWaitDeps;
  private readonly timers: Timers<'answer'>;
  private readonly onOverdue: () => void;

  constructor(deps: AnswerWaitDeps, onOverdue: () => void) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
    this.onOverdue = onOverdue;
  }

  get isRunning(): boolean {
    return this.timers.has('answer');
  }

  /** Begins, or begins again. */
  begin(): void {
    this.wait(MOST_EXTENSIONS, this.deps.traffic.requests);
  }

  end(): void {
    this.timers.clear('answer');
  }

  /** @param asked - requests until this one */
  private wait(extensionsLeft: number, asked: number): void {
    const { session, answerTimeoutMs, traffic } = this.deps;
    const before = traffic.answers;
    this.timers.set('answer', answerTimeoutMs * session.patience, () => {
      const { answers } = traffic;
      if (extensionsLeft > 0 && answers > before && answers < asked) this.wait(extensionsLeft - 1, asked);
      else this.onOverdue();
    });
  }
}
