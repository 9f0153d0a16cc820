import type { ClientSlots } from '../platform/ports.ts';

/** The slots that are taken, by app id. */
export type TakenSlots = Map<string, Set<number>>;

/** Slots in a list. Two copies of the SDK number their clients together when they share the list. */
export function createClientSlots(taken: TakenSlots): ClientSlots {
  return {
    take(appId) {
      const ofApp = taken.get(appId) ?? new Set();
      taken.set(appId, ofApp);
      let slot = 1;
      while (ofApp.has(slot)) slot++;
      ofApp.add(slot);
      return slot;
    },
    free(appId, slot) {
      const ofApp = taken.get(appId);
      ofApp?.delete(slot);
      if (ofApp?.size === 0) taken.delete(appId);
    },
  };
}
