import type { Clock, Timer } from '../ports.ts';

/** The system's time. Globals are looked up at each call, so that fake timers reach it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs) as unknown as Timer,
  clearTimeout: (timer) => clearTimeout(timer as unknown as number),
};
