import type { HttpFailure } from '../ports.ts';

/** An Error, so that it has a stack wherever it ends up unhandled. */
export function failure(kind: HttpFailure['kind'], detail: string): Error & HttpFailure {
  return Object.assign(new Error(detail), { kind, detail });
}

/** Node says only "fetch failed" and keeps the reason in the cause. */
export const unreachable = (error: unknown): Error & HttpFailure =>
  failure('unreachable', String((error as { cause?: unknown }).cause ?? error));
