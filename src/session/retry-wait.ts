import type { Hosts } from '../bootstrap/hosts.ts';
import type { WriteStep } from '../chronicle/chronicle.ts';
import type { FlooError } from '../errors.ts';
import type { WakeCause } from '../chronicle/step.ts';
import type { Clock } from '../platform/ports.ts';
import { Timers } from '../util/timers.ts';
import type { ReconnectPace } from './reconnect-pace.ts';

/** A page that was frozen tries again when it resumes; one that was not frozen after all, after this time. */
const FROZEN_WAIT_MS = 10_000;

interface RetryWaitDeps {
  clock: Clock;
  hosts: Pick<Hosts, 'isPortal'>;
  pace: ReconnectPace;
  write: WriteStep;
  /** The next try begins. */
  onOver(): void;
}

interface Failure {
  attempt: number;
  cause: FlooError;
  /** No socket could be opened. */
  isAway: boolean;
}

/** The wait between two tries to connect. */
export class RetryWait {
  private readonly deps: RetryWaitDeps;
  private readonly timers: Timers<'retry'>;
  private isWaiting = false;
  private isFrozen = false;

  constructor(deps: RetryWaitDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
  }

  /** Nothing runs from now on: the next wait ends when the page wakes. */
  freeze(): void {
    this.isFrozen = true;
  }

  /** @returns when the next try begins, in ms since 1970 */
  begin({ attempt, cause, isAway }: Failure): number {
    const { clock, hosts, pace, write } = this.deps;
    const delayMs = this.isFrozen ? FROZEN_WAIT_MS : pace.waitMs(attempt, isAway, hosts.isPortal);
    this.isWaiting = true;
    write('waiting', { delayMs, attempt, reason: cause.reason });
    this.timers.set('retry', delayMs, () => this.end('timer'));
    return clock.now() + delayMs;
  }

  /** Something says that a try may work now. */
  end(cause: WakeCause): void {
    this.isFrozen = false;
    if (!this.isWaiting) return;
    this.deps.write('retrying', { cause });
    this.deps.onOver();
  }

  /** Nothing waits any more. */
  cancel(): void {
    this.timers.clearAll();
    this.isWaiting = false;
  }
}
