import type { KvEntry, KvProvider, KvRange, KvStore, KvValue, KvWrite } from '../ports.ts';
import { copyValue } from './copy-value.ts';
import { SortedMap } from './sorted-map.ts';

/** Databases that live as long as this provider: for Node, for tests, and where a browser denies storage. */
export function createMemoryKvProvider(): KvProvider {
  const databases = new Map<string, SortedMap>();
  return {
    async open(name) {
      const database = databases.get(name) ?? new SortedMap();
      databases.set(name, database);
      return new MemoryKvStore(database);
    },
    async drop(name) {
      // Emptied, not forgotten: handles still open stay on the same data as those opened later.
      databases.get(name)?.clear();
    },
  };
}

class MemoryKvStore implements KvStore {
  #database: SortedMap | undefined;

  constructor(database: SortedMap) {
    this.#database = database;
  }

  async get(key: string): Promise<KvValue | undefined> {
    return copyValue(this.#mustBeOpen().get(key));
  }

  async range(range: KvRange): Promise<KvEntry[]> {
    const database = this.#mustBeOpen();
    return database.keys(range).map((key) => ({ key, value: copyValue(database.get(key)) }));
  }

  async commit(batch: readonly KvWrite[]): Promise<void> {
    const database = this.#mustBeOpen();
    // All copies first: a value that cannot be stored must leave nothing behind.
    const writes = batch.map((write) => (write.op === 'put' ? { ...write, value: copyValue(write.value) } : write));
    for (const write of writes) {
      if (write.op === 'put') database.put(write.key, write.value);
      else if (write.op === 'delete') database.delete(write.key);
      else database.deleteRange(write.from, write.to);
    }
  }

  async close(): Promise<void> {
    this.#database = undefined;
  }

  #mustBeOpen(): SortedMap {
    if (!this.#database) throw new Error('the store is closed');
    return this.#database;
  }
}
