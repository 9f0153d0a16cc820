import type { Id } from '../model/ids.ts';

interface UnreadableFramesDeps {
  pulls: {
    /** Requests for pages that are not answered. */
    readonly unanswered: number;
    unreadable(): void;
  };
  history: {
    /** Queues whose requests for history are not answered. */
    unanswered(): readonly Id[];
    refused(queue: Id): void;
  };
}

/** Frames that could not be read. When no more answers are missing than such frames came, they were the answers. */
export class UnreadableFrames {
  private readonly deps: UnreadableFramesDeps;
  /** While answers are missing. */
  private count = 0;

  constructor(deps: UnreadableFramesDeps) {
    this.deps = deps;
  }

  /** Another one came. */
  add(): void {
    this.count++;
    this.giveUp();
  }

  clear(): void {
    this.count = 0;
  }

  /** Gives up the requests whose answers they were. */
  giveUp(): void {
    const { pulls, history } = this.deps;
    const histories = history.unanswered();
    const missing = pulls.unanswered + histories.length;
    if (missing === 0) this.count = 0;
    if (missing > this.count || missing === 0) return;
    this.count = 0;
    for (const queue of histories) history.refused(queue);
    pulls.unreadable();
  }
}
