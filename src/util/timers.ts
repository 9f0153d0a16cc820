import type { Clock, Timer } from '../platform/ports.ts';

/** The timers of one owner, by name. Setting a name again replaces its timer. */
export class Timers<Name extends string> {
  private readonly clock: Clock;
  private readonly running = new Map<Name, Timer>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  set(name: Name, delayMs: number, run: () => void): void {
    this.clear(name);
    const timer = this.clock.setTimeout(() => {
      this.running.delete(name);
      run();
    }, delayMs);
    this.running.set(name, timer);
  }

  has(name: Name): boolean {
    return this.running.has(name);
  }

  clear(name: Name): void {
    const timer = this.running.get(name);
    if (timer !== undefined) this.clock.clearTimeout(timer);
    this.running.delete(name);
  }

  clearAll(): void {
    for (const name of [...this.running.keys()]) this.clear(name);
  }
}
