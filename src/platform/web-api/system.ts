import { loggerOf } from '../../util/log-level.ts';
import type { Clock } from '../ports.ts';

/** The system's time. It looks up the globals at each call, so that fake timers of tests apply. */
export const systemClock: Clock = {
  now: () => Date.now(),
  setTimeout: (run, delayMs) => setTimeout(run, delayMs),
  clearTimeout: (timer) => clearTimeout(timer as number),
};

/** Writes log lines to the console, with the SDK's name. */
export const consoleLogger = loggerOf((level, message, details) => {
  console[level](`[flooim] ${message}`, ...(details === undefined ? [] : [details]));
});
