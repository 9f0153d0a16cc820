/** Watches the main thread. */
export interface MainThread {
  /** The longest task in ms: above 50 as the browser reports it, else 0. */
  longTask: number;
  /** The longest time in ms that a timer had to wait: as far as this shows, no task was longer. */
  longestGap: number;
}

/** A timer in a chain runs this late even when nothing is in its way. */
const CHAINED_TIMER_MS = 4;

export function watchMainThread(): { stop(): Promise<MainThread> } {
  let longTask = 0;
  let longestGap = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longTask = Math.max(longTask, duration);
  });
  observer.observe({ entryTypes: ['longtask'] });
  let last = performance.now();
  let timer = setTimeout(function tick() {
    const now = performance.now();
    longestGap = Math.max(longestGap, now - last - CHAINED_TIMER_MS);
    last = now;
    timer = setTimeout(tick);
  });
  return {
    stop: async () => {
      // The browser reports a task some time after its end.
      await new Promise((resolve) => setTimeout(resolve, 200));
      clearTimeout(timer);
      observer.disconnect();
      return { longTask, longestGap };
    },
  };
}
