import type { Clock } from '../platform/ports.ts';
import { inSlices } from '../util/slices.ts';
import type { SyncEvent } from './sync-events.ts';

type Emit = (events: readonly SyncEvent[]) => void;

/**
 * Emits the events of commits. The changes of one batch are visible together, so an event by which apps read again is emitted
 * once for all of them: as the last of its kind. The others, and the order, stay. Those of a huge page are emitted bit by bit.
 *
 * @returns emits the events of one commit, and resolves when that is done
 */
export function createBatchedEmit(emit: Emit, clock: Clock): (events: readonly SyncEvent[]) => Promise<void> {
  let batch: (readonly SyncEvent[])[] = [];
  let emitted: Promise<void> | undefined;
  let last = Promise.resolve();
  return async (events) => {
    batch.push(events);
    // The commits of a batch resolve one after the other in one turn of the microtasks. This one comes after them.
    emitted ??= last = last.then(async () => {
      const commits = batch;
      batch = [];
      emitted = undefined;
      for (const each of withoutRepeats(commits)) await inSlices(clock, each, emit);
    });
    return emitted;
  };
}

function withoutRepeats(commits: readonly (readonly SyncEvent[])[]): SyncEvent[][] {
  const emitted = new Set<string>();
  const isLast = (event: SyncEvent): boolean => {
    if (event.type !== 'list' && event.type !== 'unread') return true;
    const name = event.type === 'unread' ? event.key : 'list';
    if (emitted.has(name)) return false;
    emitted.add(name);
    return true;
  };
  const backwards = [...commits].reverse().map((events) => [...events].reverse().filter(isLast).reverse());
  return backwards.reverse();
}
