import type { Preferences } from '../ports.ts';
import { createMemoryPreferences } from '../memory/index.ts';

/**
 * Strings in sessionStorage and localStorage, like the deployed SDK: each tab reads its own copy first, a new tab the
 * last one written anywhere. What a storage refuses (blocked site data, quota, private mode), and
 * all in a worker, which has none, lasts as long as the page.
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

/** Whether both storages did it. */
function eachStorage(run: (storage: Storage) => void): boolean {
  let done = true;
  for (const name of ['sessionStorage', 'localStorage'] as const) {
    try {
      run(self[name]);
    } catch {
      // Reading the property itself throws when site data is blocked, a worker has none; setItem throws on quota.
      done = false;
    }
  }
  return done;
}
