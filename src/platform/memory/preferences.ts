import type { Preferences } from '../ports.ts';

/** Preferences that live as long as this object. */
export function createMemoryPreferences(): Preferences {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}
