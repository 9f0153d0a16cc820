import type { Clock, Timer } from '../../src/platform/ports.ts';

interface Step {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that goes as fast as the work at each of its milliseconds is done. */
export class VirtualTime implements Clock {
  private time = 0;
  private readonly steps = new Map<number, Set<Step>>();

  now(): number {
    return this.time;
  }

  setTimeout(run: () => void, delayMs: number): Timer {
    const step = { at: this.time + Math.max(0, Math.ceil(delayMs)), run };
    const others = this.steps.get(step.at);
    if (others) others.add(step);
    else this.steps.set(step.at, new Set([step]));
    return step;
  }

  clearTimeout(timer: Timer): void {
    this.steps.get((timer as Step).at)?.delete(timer as Step);
  }

  /** Runs what is due in the next `forMs`, in order, with the promises that it settles. */
  async pass(forMs: number): Promise<void> {
    const end = this.time + forMs;
    for (; this.time <= end; this.time++) {
      const due = this.steps.get(this.time);
      if (!due) continue;
      while (due.size > 0) {
        for (const step of due) {
          due.delete(step);
          step.run();
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      this.steps.delete(this.time);
    }
    this.time = end;
  }
}
