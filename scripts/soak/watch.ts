// Counts the timers of the place that is measured. It must run before the SDK is loaded, which may keep what it finds.

/** Timers that are set and neither ran nor were cleared. */
const timers = new Set<unknown>();

export const openTimers = (): number => timers.size;

type Start = (run: (...given: unknown[]) => void, delayMs?: number, ...given: unknown[]) => unknown;

function watchTimers(): void {
  const setReal = globalThis.setTimeout.bind(globalThis) as Start;
  const clearReal = globalThis.clearTimeout.bind(globalThis) as (timer: unknown) => void;
  Object.assign(globalThis, {
    setTimeout: ((run, delayMs, ...given) => {
      const timer = setReal(() => {
        timers.delete(timer);
        run(...given);
      }, delayMs);
      timers.add(timer);
      return timer;
    }) satisfies Start,
    clearTimeout: (timer: unknown) => {
      timers.delete(timer);
      clearReal(timer);
    },
  });
}

watchTimers();
