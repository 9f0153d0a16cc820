import type { Clock } from '../platform/ports.ts';

/**
 * Items that are handled in one go: some milliseconds of work, on a phone some ten. Servers send pages of some hundreds, so most
 * work is one slice.
 */
const ITEMS_AT_ONCE = 500;

/**
 * Handles many items, some hundreds at once, and lets the page or process do something else in between: draw, take input, answer
 * a ping. A database in memory answers in the same turn, so that waiting for it is no such break.
 *
 * @param handle - called with the next items; the first time before this returns
 */
export async function inSlices<T>(
  clock: Clock,
  items: readonly T[],
  handle: (slice: readonly T[]) => Promise<void> | void,
): Promise<void> {
  for (let at = 0; at < items.length; at += ITEMS_AT_ONCE) {
    if (at > 0) await nextTurn(clock);
    await handle(items.slice(at, at + ITEMS_AT_ONCE));
  }
}

/** Lets the page or process do something else. */
export const nextTurn = async (clock: Clock): Promise<void> =>
  new Promise((resolve) => {
    clock.setTimeout(resolve, 0);
  });

/**
 * Divides work into slices by time: whoever works long calls it again and again.
 *
 * @param sliceMs - how long others may have to wait
 * @returns lets the page or process do something else when a slice is over
 */
export function createPause(clock: Clock, sliceMs: number): () => Promise<void> {
  let began = clock.now();
  return async () => {
    if (Math.abs(clock.now() - began) < sliceMs) return;
    await nextTurn(clock);
    began = clock.now();
  };
}
