/** Limits of the random delays before something is tried again. Each failure doubles the limit. */
export interface BackoffPolicy {
  /** Upper limit of the first delay, in ms. */
  baseMs: number;
  /** Upper limit of every delay, in ms. */
  capMs: number;
}

/** The delay before a retry with full jitter, between 0 and the limit, in ms. @param attempt - 0 for the first retry */
export function backoffMs(policy: BackoffPolicy, attempt: number, random: () => number): number {
  return Math.floor(random() * Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 30)));
}
