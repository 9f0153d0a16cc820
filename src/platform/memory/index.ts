import type { KvProvider, KvStore, Preferences } from '../ports.ts';
import { copyValue, createKvHandle } from './kv-handle.ts';
import { SortedMap } from './sorted-map.ts';

/** Databases in memory. They last as long as this provider: for Node, for tests, and where a browser denies storage. */
export function createMemoryKvProvider(): KvProvider {
  const databases = new Map<string, SortedMap>();
  return {
    async open(name) {
      const database = databases.get(name) ?? new SortedMap();
      databases.set(name, database);
      return openHandle(database);
    },
    async drop(name) {
      // Emptied and kept, so that open handles and later ones share their data.
      databases.get(name)?.deleteRange();
    },
  };
}

const openHandle = (database: SortedMap): KvStore =>
  createKvHandle({
    get: (key) => copyValue(database.get(key)),
    range: (range) => database.keys(range).map((key) => ({ key, value: copyValue(database.get(key)) })),
    commit: (writes) => {
      for (const write of writes) {
        if (write.op === 'put') database.put(write.key, write.value);
        else if (write.op === 'delete') database.deleteRange(write.key, `${write.key}\0`);
        else database.deleteRange(write.from, write.to);
      }
    },
    close: () => undefined,
  });

/** Preferences that live as long as this object. */
export function createMemoryPreferences(): Preferences {
  const values = new Map<string, string>();
  return {
    get: (key) => values.get(key),
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  };
}
