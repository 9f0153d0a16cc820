import type { IDBPObjectStore } from 'idb';
import type { KvEntry, KvRange } from '../ports.ts';
import type { KvSchema, STORE } from './kv-connection.ts';

/** The object store of a read transaction. */
export type KvObjectStore = IDBPObjectStore<KvSchema, [typeof STORE], typeof STORE>;

/** Chromium 141 and newer. The types of `idb` and of TypeScript do not have it yet. */
interface RecordReader {
  getAllRecords?(options: {
    query: IDBKeyRange;
    count: number | undefined;
    direction: IDBCursorDirection;
  }): Promise<KvEntry[]>;
}

/** Reads the entries of a range in as few requests as the browser allows: each event costs more than a record. */
export async function readRange(store: KvObjectStore & RecordReader, range: KvRange): Promise<KvEntry[]> {
  const { from, to, reverse, limit } = range;
  // IndexedDB throws for an empty range, and takes a count of 0 as no limit.
  if (from >= to || limit === 0) return [];
  const query = IDBKeyRange.bound(from, to, false, true);
  if (store.getAllRecords) {
    const records = await store.getAllRecords({ query, count: limit, direction: reverse ? 'prev' : 'next' });
    return records.map(({ key, value }) => ({ key, value }));
  }
  if (reverse) return readBackwards(store, query, limit);
  const [keys, values] = await Promise.all([store.getAllKeys(query, limit), store.getAll(query, limit)]);
  return keys.map((key, index) => ({ key, value: values[index] }));
}

/** `getAll` reads ascending only: for the last entries of a range it would read the whole range. */
async function readBackwards(store: KvObjectStore, query: IDBKeyRange, limit = Infinity): Promise<KvEntry[]> {
  const entries: KvEntry[] = [];
  let cursor = await store.openCursor(query, 'prev');
  while (cursor) {
    entries.push({ key: cursor.key, value: cursor.value });
    cursor = entries.length < limit ? await cursor.continue() : null;
  }
  return entries;
}
