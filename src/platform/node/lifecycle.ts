import type { Lifecycle, LifecycleEvent } from '../ports.ts';

/** How often a process looks whether it stood still, and by how much the look is late then. */
const LOOK_MS = 1000;
const LATE_MS = 1000;

/**
 * A process has no foreground and does not hear of network changes. It notices that it was stopped, or that the machine slept, by a
 * timer that comes too late, and emits `resume`. The timer keeps no process alive.
 */
export function createNodeLifecycle(): Lifecycle {
  const listeners = new Set<(event: LifecycleEvent) => void>();
  let timer: NodeJS.Timeout | undefined;
  let dueAt = 0;

  const look = (): void => {
    const now = Date.now();
    const isLate = now - dueAt > LATE_MS;
    dueAt = now + LOOK_MS;
    if (isLate) for (const listener of [...listeners]) listener('resume');
  };

  return {
    subscribe(given) {
      // A subscription of its own, also for a function that subscribes twice.
      const listener = (event: LifecycleEvent): void => given(event);
      listeners.add(listener);
      if (!timer) {
        dueAt = Date.now() + LOOK_MS;
        timer = setInterval(look, LOOK_MS).unref();
      }
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
  };
}
