import type { Preferences, Vault } from '../ports.ts';
import { createMemoryPreferences } from '../memory/index.ts';

/**
 * Strings in sessionStorage and localStorage, as in the deployed SDK (observed): a tab reads its own copy first, and a new tab
 * the copy that any tab wrote last. What a storage refuses (blocked site data, quota, private mode) lasts as long as the page.
 */
export function createBrowserPreferences(): Preferences {
  const refused = createMemoryPreferences();
  return {
    get(key) {
      let value = refused.get(key);
      eachStorage((storage) => (value ??= storage.getItem(key) ?? undefined));
      return value;
    },
    getOwn(key) {
      let value = refused.get(key);
      inStorage('sessionStorage', (storage) => (value ??= storage.getItem(key) ?? undefined));
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

type StorageName = 'sessionStorage' | 'localStorage';

/** @returns whether both storages did it */
function eachStorage(run: (storage: Storage) => void): boolean {
  const done = inStorage('sessionStorage', run);
  return inStorage('localStorage', run) && done;
}

/** @returns whether the storage did it */
function inStorage(name: StorageName, run: (storage: Storage) => void): boolean {
  try {
    run(globalThis[name]);
    return true;
  } catch {
    // The property throws where site data is blocked and is missing outside of pages; `setItem` throws when the quota is used up.
    return false;
  }
}

/** Strings of a worker, which has no localStorage: all of them in one string of the vault. */
export function createWorkerPreferences(vault: Vault, key: string): Preferences {
  const values = new Map<string, string>();
  // What cannot be stored lasts as long as the worker.
  const change = (name: string, value: string | undefined): void =>
    void vault
      // JSON leaves out what is undefined.
      .update(key, (text) => JSON.stringify({ ...parse(text), [name]: value }))
      .catch(() => undefined);
  return {
    async load() {
      await vault
        .update(key, (text) => {
          // What was set meanwhile is newer.
          for (const [name, value] of Object.entries(parse(text))) if (!values.has(name)) values.set(name, value);
          return text;
        })
        .catch(() => undefined);
    },
    get: (name) => values.get(name),
    set: (name, value) => {
      values.set(name, value);
      change(name, value);
    },
    remove: (name) => {
      values.delete(name);
      change(name, undefined);
    },
  };
}

function parse(text: string | undefined): Record<string, string> {
  try {
    const stored = JSON.parse(text ?? '{}') as unknown;
    const entries = Object.entries(Object(stored) as Record<string, unknown>);
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    // Something else wrote it: nothing is stored.
    return {};
  }
}
