import type { Logger } from '../ports.ts';

/** Log lines on the console, marked as ours. */
export const consoleLogger: Logger = {
  debug: (message, details) => console.debug(...line(message, details)),
  info: (message, details) => console.info(...line(message, details)),
  warn: (message, details) => console.warn(...line(message, details)),
  error: (message, details) => console.error(...line(message, details)),
};

function line(message: string, details: unknown): unknown[] {
  const text = `[flooim] ${message}`;
  return details === undefined ? [text] : [text, details];
}
