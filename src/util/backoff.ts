/** Exponential backoff with full jitter: uniform in [0, min(cap, base · 2^attempt)). */
export interface BackoffPolicy {
  baseMs: number;
  capMs: number;
}

/** @param attempt 0 for the first retry. */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 30)));
}
