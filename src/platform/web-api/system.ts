import { loggerOf } from '../../util/log-level.ts';
import type { Clock, Timer } from '../ports.ts';

/** The system's time. Globals are looked up at each call, so that fake timers reach it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs) as unknown as Timer,
  clearTimeout: (timer) => clearTimeout(timer as unknown as number),
};

/** Log lines on the console, marked as ours. */
export const consoleLogger = loggerOf((level, message, details) => {
  console[level](`[flooim] ${message}`, ...(details === undefined ? [] : [details]));
});
