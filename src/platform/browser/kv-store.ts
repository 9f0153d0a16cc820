import { copyValue } from '../memory/copy-value.ts';
import { createKvHandle } from '../memory/kv-handle.ts';
import type { KvProvider, KvStore, KvValue, KvWrite } from '../ports.ts';
import { KvConnection, outcome, STORE } from './kv-connection.ts';
import { readRange } from './kv-range.ts';

/** IndexedDB: one database per name, with one object store of out-of-line string keys. */
export function createIndexedDbKvProvider(): KvProvider {
  return {
    async open(name) {
      const connection = new KvConnection(name);
      await connection.open();
      return openHandle(connection);
    },
    // Async, or it would throw where there is no IndexedDB.
    drop: async (name) => {
      await outcome(indexedDB.deleteDatabase(name));
    },
  };
}

function openHandle(connection: KvConnection): KvStore {
  let reading: IDBObjectStore | undefined;
  /** Reads asked for at once share a transaction: to begin one costs more than to read a record. */
  const reader = (db: IDBDatabase): IDBObjectStore => {
    if (reading?.transaction.db === db) return reading;
    // Over with this turn of the event loop.
    void Promise.resolve().then(() => (reading = undefined));
    return (reading = db.transaction(STORE).objectStore(STORE));
  };
  return createKvHandle(
    {
      get: (key) => connection.run((db) => outcome(reader(db).get(key))),
      range: (range) => connection.run((db) => readRange(reader(db), range)),
      // One at a time, or a commit repeated on a new connection could overtake its elders.
      commit: (writes) => connection.run((db) => applyWrites(db, writes)),
      close: () => connection.close(),
    },
    snapshot,
  );
}

/** A slice of a file never changes, and IndexedDB copies it without bringing its bytes here. */
const snapshot = (value: KvValue): KvValue => (value instanceof Blob ? value : copyValue(value));

/**
 * All writes in one transaction. Bare requests, not promises: a batch may have thousands, and when it fails the
 * transaction says why.
 */
function applyWrites(db: IDBDatabase, writes: readonly KvWrite[]): Promise<void> {
  // Strict costs a third of the small commits on a fast disk (965 against 675 a second) and more on a phone. Relaxed
  // survives a killed browser; a power cut may take the last batches, but whole and newest first, so cursors stay true.
  const transaction = db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
  const store = transaction.objectStore(STORE);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    const lost = (): void =>
      reject(transaction.error ?? Object.assign(new Error('connection lost'), { name: 'AbortError' }));
    transaction.onabort = lost;
    // Chromium 156: a transaction still running when the browser forces its connection shut may never hear of it.
    db.onclose = lost;
    try {
      for (const write of writes) {
        if (write.op === 'put') store.put(write.value, write.key);
        else if (write.op === 'delete') store.delete(write.key);
        else if (write.from < write.to) store.delete(IDBKeyRange.bound(write.from, write.to, false, true));
      }
      // Else it would begin only when the answer to the last write has come back. Safari before 15 has none.
      (transaction as { commit?(): void }).commit?.();
    } catch (error) {
      reject(error);
      transaction.abort();
    }
  });
}
