import { wrap, type IDBPCursorWithValue } from 'idb';
import type { KvEntry, KvRange } from '../ports.ts';

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
    const records = await wrap(store.getAllRecords({ query, count: limit, direction: reverse ? 'prev' : 'next' }));
    return records.map(({ key, value }) => ({ key, value }));
  }
  if (reverse) return readBackwards(store, query, limit);
  const [keys, values] = await Promise.all([
    wrap(store.getAllKeys(query, limit) as IDBRequest<string[]>),
    wrap(store.getAll(query, limit) as IDBRequest<unknown[]>),
  ]);
  return keys.map((key, index) => ({ key, value: values[index] }));
}

async function readBackwards(store: IDBObjectStore, query: IDBKeyRange, limit = Infinity): Promise<KvEntry[]> {
  const entries: KvEntry[] = [];
  let cursor = (await wrap(store.openCursor(query, 'prev'))) as IDBPCursorWithValue | null;
  while (cursor) {
    entries.push({ key: cursor.key as string, value: cursor.value });
    if (entries.length === limit) break;
    cursor = await cursor.continue();
  }
  return entries;
}
