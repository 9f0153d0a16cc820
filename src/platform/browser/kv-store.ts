import { deleteDB, unwrap } from 'idb';
import { copyValue, createKvHandle } from '../memory/kv-handle.ts';
import type { KvProvider, KvStore, KvValue, KvWrite } from '../ports.ts';
import { KvConnection, STORE } from './kv-connection.ts';
import type { KvDatabase } from './kv-connection.ts';
import { readRange } from './kv-range.ts';
import type { KvObjectStore } from './kv-range.ts';

/** IndexedDB: one database per name, with one object store of out-of-line string keys. */
export function createIndexedDbKvProvider(): KvProvider {
  return {
    async open(name) {
      const connection = new KvConnection(name);
      await connection.open();
      return openHandle(connection);
    },
    // `async`, because deleteDB throws where there is no IndexedDB.
    drop: async (name) => deleteDB(name),
  };
}

function openHandle(connection: KvConnection): KvStore {
  let reading: { db: KvDatabase; store: KvObjectStore } | undefined;
  /** Reads that are asked for at once share a transaction: to begin one costs more than to read a record. */
  const reader = (db: KvDatabase): KvObjectStore => {
    if (reading?.db === db) return reading.store;
    const transaction = db.transaction(STORE);
    // A lost connection rejects the reads themselves; `done` would reject beside them, unhandled.
    transaction.done.catch(() => undefined);
    // The transaction ends with this turn of the event loop.
    void Promise.resolve().then(() => (reading = undefined));
    reading = { db, store: transaction.store };
    return reading.store;
  };
  return createKvHandle(
    {
      get: (key) => connection.run((db) => reader(db).get(key)),
      range: (range) => connection.run((db) => readRange(reader(db), range)),
      // The handle calls this for one batch at a time: a batch that is repeated on a new connection stays ahead of later ones.
      commit: (writes, unless) => connection.run((db) => applyWrites(unwrap(db), writes, unless)),
      close: () => connection.close(),
    },
    snapshot,
  );
}

/** Blobs need no copy: they never change, and IndexedDB stores one without reading its bytes into memory. */
const snapshot = (value: KvValue): KvValue => (value instanceof Blob ? value : copyValue(value));

/**
 * Applies all writes in one transaction. It takes the database itself and not the wrapper of `idb`, which makes a promise
 * of each request: a batch may have thousands, and all of them would reject when it fails. The transaction has the reason.
 */
function applyWrites(db: IDBDatabase, writes: readonly KvWrite[], unless?: string): Promise<void> {
  // `strict` makes small commits a third slower on a fast disk (675 instead of 965 a second), and more on a phone.
  // `relaxed` survives a killed browser. A power cut may lose the newest batches, each as a whole, so cursors stay true.
  const transaction = db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
  const store = transaction.objectStore(STORE);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    const onLost = (): void => reject(lossOf(transaction));
    transaction.onabort = onLost;
    // Chromium 156: a transaction that runs while the browser closes its connection by force may get no event.
    db.onclose = onLost;
    const run = (): void => {
      try {
        for (const write of writes) {
          if (write.op === 'put') store.put(write.value, write.key);
          else if (write.op === 'delete') store.delete(write.key);
          else if (write.from < write.to) store.delete(IDBKeyRange.bound(write.from, write.to, false, true));
        }
        // Without `commit` the browser waits for the answer to the last write first. Safari before 15 does not have it.
        (transaction as { commit?(): void }).commit?.();
      } catch (error) {
        reject(error);
        transaction.abort();
      }
    };
    if (unless === undefined) run();
    else if (writes.some(({ op }) => op === 'put')) {
      // To add a key that exists ends the transaction, without a line of code in between: a page that is frozen or a process that
      // is stopped now leaves no open transaction, for which all others would wait.
      store.add(true, unless);
      store.delete(unless);
      run();
    } else {
      // A full disk takes no key at all: batches that only delete make room on it.
      const reading: IDBRequest<unknown> = store.get(unless);
      reading.onsuccess = () => {
        if (reading.result === undefined) run();
        else {
          reject(guarded());
          transaction.abort();
        }
      };
    }
  });
}

const guarded = (): Error => Object.assign(new Error('the guard holds'), { name: 'GuardError' });

/** Why a transaction has ended. */
function lossOf({ error }: IDBTransaction): Error {
  if (error?.name === 'ConstraintError') return guarded();
  return error ?? Object.assign(new Error('connection lost'), { name: 'AbortError' });
}
