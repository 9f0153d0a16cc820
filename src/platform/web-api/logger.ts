import { loggerOf } from '../../util/log-level.ts';

/** Log lines on the console, marked as ours. */
export const consoleLogger = loggerOf((level, message, details) => {
  console[level](`[flooim] ${message}`, ...(details === undefined ? [] : [details]));
});
