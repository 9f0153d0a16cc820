import type { KvEntry, KvRange } from '../ports.ts';
import { outcome } from './kv-connection.ts';

/** Chromium 141; not in TypeScript's DOM library yet. */
interface BatchReader {
  getAllRecords?(options: {
    query: IDBKeyRange;
    count?: number | undefined;
    direction: IDBCursorDirection;
  }): IDBRequest<KvEntry[]>;
}

/** The entries of a range, with as few events as the browser allows: each costs more than the record it brings. */
export async function readRange(store: IDBObjectStore & BatchReader, range: KvRange): Promise<KvEntry[]> {
  const { from, to, reverse, limit } = range;
  // IndexedDB refuses empty ranges and reads a count of 0 as all.
  if (from >= to || limit === 0) return [];
  const query = IDBKeyRange.bound(from, to, false, true);
  if (store.getAllRecords) {
    const records = await outcome(store.getAllRecords({ query, count: limit, direction: reverse ? 'prev' : 'next' }));
    return records.map(({ key, value }) => ({ key, value }));
  }
  const canReadAll = 'getAll' in store; // Not in IE.
  if (reverse || !canReadAll) return readOneByOne(store.openCursor(query, reverse ? 'prev' : 'next'), limit);
  const [keys, values] = await Promise.all([
    outcome(store.getAllKeys(query, limit) as IDBRequest<string[]>),
    outcome(store.getAll(query, limit) as IDBRequest<unknown[]>),
  ]);
  return keys.map((key, index) => ({ key, value: values[index] }));
}

/** No promise in between: where they are made of timers, the transaction would end before the next step. */
function readOneByOne(request: IDBRequest<IDBCursorWithValue | null>, limit = Infinity): Promise<KvEntry[]> {
  const entries: KvEntry[] = [];
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(request.error!);
    request.onsuccess = () => {
      const cursor = request.result;
      if (cursor) entries.push({ key: cursor.key as string, value: cursor.value });
      if (cursor && entries.length < limit) cursor.continue();
      else resolve(entries);
    };
  });
}
