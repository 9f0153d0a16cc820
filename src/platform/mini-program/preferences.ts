import { createMemoryPreferences } from '../memory/index.ts';
import type { Preferences } from '../ports.ts';
import type { MiniProgramApi } from './api.ts';

/** Strings in the storage that the deployed SDK uses, too. What the storage refuses lasts as long as the app runs. */
export function createMiniProgramPreferences(api: MiniProgramApi): Preferences {
  const refused = createMemoryPreferences();
  return {
    get: (key) => refused.get(key) ?? attempt(() => textOf(api.getStorageSync(key))),
    set(key, value) {
      const isStored = attempt(() => {
        api.setStorageSync(key, value);
        return true;
      });
      if (isStored) refused.remove(key);
      else refused.set(key, value);
    },
    remove(key) {
      refused.remove(key);
      attempt(() => api.removeStorageSync(key));
    },
  };
}

/** The storage returns an empty text for a key that was never set. Other code of the app may have stored objects and numbers. */
function textOf(value: unknown): string | undefined {
  if (value === '' || value === undefined || value === null) return undefined;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}
