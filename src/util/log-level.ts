import type { Logger } from '../platform/ports.ts';

/** The levels of log lines, from the least to the most severe. */
const LEVELS = ['debug', 'info', 'warn', 'error', 'off'] as const;
/** How severe a log line has to be to be printed. `'off'` prints nothing. */
export type LogLevel = (typeof LEVELS)[number];

/** Whether a value that an app passed is a level. */
export const isLogLevel = (value: unknown): value is LogLevel => (LEVELS as readonly unknown[]).includes(value);

/** A logger that passes on lines of a level and above. `level` is called for each line. */
export const withLevel = (logger: Logger, level: () => LogLevel): Logger =>
  loggerOf((name, ...line) => {
    if (LEVELS.indexOf(name) >= LEVELS.indexOf(level())) logger[name](...line);
  });

/** A logger that passes every line to one function. */
export function loggerOf(log: (level: keyof Logger, message: string, details?: unknown) => void): Logger {
  const at =
    (level: keyof Logger) =>
    (message: string, details?: unknown): void =>
      log(level, message, details);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
