import { createClientSlots } from '../../util/client-slots.ts';
import type { TakenSlots } from '../../util/client-slots.ts';
import type { ClientSlots, Platform, Preferences } from '../ports.ts';
import { createBrowserPreferences, createWorkerPreferences } from './preferences.ts';
import { createBrowserVault } from './vault.ts';

/** The ports that depend on where a page or worker came from: what it shares with others of its origin, and over what it came. */
export function originPorts(): Required<Pick<Platform, 'preferences' | 'vault' | 'slots' | 'requiresTls'>> {
  const isPage = typeof document !== 'undefined';
  const { name, location, origin } = globalThis as { name?: string; location?: { protocol: string }; origin?: string };
  // The name that the app gave to the worker. Workers of one name share a session as tabs do, and have none with the page.
  const vault = createBrowserVault(isPage ? 'page' : `worker ${name ?? ''}`);
  const preferences: Preferences = isPage ? createBrowserPreferences() : createWorkerPreferences(vault, 'preferences');
  return {
    preferences,
    vault,
    slots: sharedSlots(),
    // A worker made of a blob has the origin of its page.
    requiresTls: location?.protocol === 'https:' || origin?.startsWith('https:') === true,
  };
}

const SLOTS = Symbol.for('flooim.slots');

/** Slots of the whole page or worker, whichever copy of the SDK its clients come from. */
function sharedSlots(): ClientSlots {
  const shared = globalThis as { [key: symbol]: TakenSlots | undefined };
  const taken = shared[SLOTS] ?? new Map<string, Set<number>>();
  shared[SLOTS] = taken;
  return createClientSlots(taken);
}
