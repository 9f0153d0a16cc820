import type { Logger } from '../platform/ports.ts';

const LEVELS = ['debug', 'info', 'warn', 'error', 'off'] as const;
export type LogLevel = (typeof LEVELS)[number];

/** A logger that lets lines of a level and above through; the level is asked for at each line. */
export function withLevel(logger: Logger, level: () => LogLevel): Logger {
  const at =
    (name: Exclude<LogLevel, 'off'>) =>
    (message: string, details?: unknown): void => {
      if (LEVELS.indexOf(name) >= LEVELS.indexOf(level())) logger[name](message, details);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
