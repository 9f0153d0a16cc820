import type { WriteStep } from '../chronicle/chronicle.ts';
import type { WakeCause } from '../chronicle/step.ts';
import type { Clock, Lifecycle, LifecycleEvent } from '../platform/ports.ts';

/** A timer that comes so much too late says that the device or the process stood still, unless the page is in the background. */
const SLEPT_MS = 2000;

/** Several timers and an event say that the same sleep is over. */
const SAME_SLEEP_MS = 1000;

interface DeviceWatchDeps {
  lifecycle: Lifecycle;
  clock: Clock;
  write: WriteStep;
}

interface DeviceWatchListener {
  /** The network, the page or the device is back: what could not work may work now, and an open socket may be dead. */
  onWake(cause: WakeCause): void;
  /** Nothing runs from now on. */
  onFreeze(): void;
}

/** Knows whether the device has a network, is awake, and is looked at. */
export class DeviceWatch {
  /** A clock whose timers also notice that the device slept. No timer runs for that alone. */
  readonly clock: Clock;
  private hidden = false;
  private offline = false;
  private readonly deps: DeviceWatchDeps;
  private readonly listener: DeviceWatchListener;
  private readonly unsubscribe: () => void;
  /** When it woke last, in ms since 1970. */
  private wokeAt = -Infinity;

  constructor(deps: DeviceWatchDeps, listener: DeviceWatchListener) {
    this.deps = deps;
    this.listener = listener;
    this.clock = this.watched(deps.clock);
    this.unsubscribe = deps.lifecycle.subscribe((event) => this.handle(event));
  }

  /** The page or app is in the background. */
  get isHidden(): boolean {
    return this.hidden;
  }

  /** The device says that it has no network. It may be wrong: a server of this device needs none. */
  get isOffline(): boolean {
    return this.offline;
  }

  close(): void {
    this.unsubscribe();
  }

  private handle(event: LifecycleEvent): void {
    const { write } = this.deps;
    if (event === 'show' || event === 'hide') this.hidden = event === 'hide';
    if (event === 'online' || event === 'offline') this.offline = event === 'offline';
    write(STEPS[event]);
    if (event === 'freeze') this.listener.onFreeze();
    if (event === 'resume') this.woke('resume');
    if (event === 'online' || event === 'show') this.listener.onWake(event);
  }

  private woke(cause: 'resume' | 'sleep'): void {
    const now = this.deps.clock.now();
    const sinceMs = now - this.wokeAt;
    this.wokeAt = now;
    // A clock that was set back says nothing.
    if (sinceMs < 0 || sinceMs > SAME_SLEEP_MS) this.listener.onWake(cause);
  }

  private watched(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      setTimeout: (run, delayMs) => {
        const dueAt = clock.now() + delayMs;
        return clock.setTimeout(() => {
          const lateMs = clock.now() - dueAt;
          // What this timer decides may be what the sleep made wrong.
          run();
          if (lateMs < SLEPT_MS || this.hidden) return;
          this.deps.write('slept', { ms: lateMs });
          this.woke('sleep');
        }, delayMs);
      },
      clearTimeout: (timer) => clock.clearTimeout(timer),
    };
  }
}

const STEPS = {
  online: 'online',
  offline: 'offline',
  show: 'shown',
  hide: 'hidden',
  freeze: 'frozen',
  resume: 'resumed',
} as const;
