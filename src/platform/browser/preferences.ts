import type { Preferences } from '../ports.ts';
import { createMemoryPreferences } from '../memory/index.ts';

/**
 * Strings in sessionStorage and localStorage, as in the deployed SDK (observed): a tab reads its own copy first, and a new tab
 * the copy that any tab wrote last. What a storage refuses (blocked site data, quota, private mode) lasts as long as the page,
 * as does everything in a worker, which has neither storage.
 */
export function createBrowserPreferences(): Preferences {
  const refused = createMemoryPreferences();
  return {
    get(key) {
      let value = refused.get(key);
      eachStorage((storage) => (value ??= storage.getItem(key) ?? undefined));
      return value;
    },
    set(key, value) {
      if (eachStorage((storage) => storage.setItem(key, value))) refused.remove(key);
      else refused.set(key, value);
    },
    remove(key) {
      refused.remove(key);
      eachStorage((storage) => storage.removeItem(key));
    },
  };
}

/** @returns whether both storages did it */
function eachStorage(run: (storage: Storage) => void): boolean {
  let done = true;
  for (const name of ['sessionStorage', 'localStorage'] as const) {
    try {
      run(self[name]);
    } catch {
      // The property throws where site data is blocked and is missing in a worker; `setItem` throws when the quota is used up.
      done = false;
    }
  }
  return done;
}
