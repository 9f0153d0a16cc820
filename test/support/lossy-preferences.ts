import { createMemoryPreferences } from '../../src/platform/memory/index.ts';
import type { Preferences, Vault } from '../../src/platform/ports.ts';

/** A browser's storage: preferences that reach the disk only when the browser says so, and a vault that is on it at once. */
export interface BrowserStorage {
  preferences: Preferences;
  readonly vault: Vault;
  /** Writes the preferences to the disk, as browsers do after some seconds. */
  flush(): void;
  /** The browser is killed and started again: what was not flushed is gone. */
  kill(): void;
  /** Makes the vault refuse, or work again. */
  refuse: boolean;
  /** Every value on the disk. */
  onDisk(): string;
}

export function createBrowserStorage(): BrowserStorage {
  let disk = new Map<string, string>();
  let values = new Map<string, string>();
  const strings = new Map<string, string>();
  const open = (): Preferences => ({
    ...createMemoryPreferences(),
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  });
  const storage: BrowserStorage = {
    preferences: open(),
    vault: {
      async update(key, change) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (storage.refuse) throw new DOMException('full', 'QuotaExceededError');
        const next = change(strings.get(key));
        if (next === undefined) strings.delete(key);
        else strings.set(key, next);
        return next;
      },
    },
    flush: () => void (disk = new Map(values)),
    kill() {
      values = new Map(disk);
      storage.preferences = open();
    },
    refuse: false,
    onDisk: () => [...disk.values(), ...strings.values()].join(' '),
  };
  return storage;
}
