import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';

export interface AnswerWaitDeps {
  clock: Clock;
  session: {
    /** By how much an answer may take longer than usual. */
    readonly patience: number;
  };
  answerTimeoutMs: number;
  /** How many answers came so far, to whatever request. */
  answers(): number;
}

/**
 * How often a wait goes on because other answers came: on a slow line this one is behind them. A server that loses an answer and
 * gives others must not be waited for without an end.
 */
const MOST_EXTENSIONS = 3;

/** Waits for the next answer to some requests. Every answer is progress, so all of them share one wait. */
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
    this.wait(MOST_EXTENSIONS);
  }

  end(): void {
    this.timers.clear('answer');
  }

  private wait(extensionsLeft: number): void {
    const { session, answerTimeoutMs, answers } = this.deps;
    const before = answers();
    this.timers.set('answer', answerTimeoutMs * session.patience, () => {
      if (extensionsLeft > 0 && answers() > before) this.wait(extensionsLeft - 1);
      else this.onOverdue();
    });
  }
}
