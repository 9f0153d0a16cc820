import type { Clock } from '../../src/platform/ports.ts';

/** The clock of the test process: real time, or vitest's fake time when the test switched to it. */
export const testClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as unknown as NodeJS.Timeout),
};
