import type { Vault } from '../ports.ts';

const DATABASE = 'flooim';
const STORE = 'strings';
/** WebKit 226547: an open request may never be answered. */
const TIMEOUT_MS = 10_000;

/**
 * Strings in a small IndexedDB database. `localStorage` reaches the disk seconds after it was written, and a worker has none.
 * Plain IndexedDB, because the old-browser build has no `Proxy` for `idb`, and one callback is all that a change needs.
 *
 * @param owner - whose strings these are: pages and workers have their own
 */
export const createBrowserVault = (owner: string): Vault => ({
  update: async (key, change) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`IndexedDB did not answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
      const settle =
        <T>(settled: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(timer);
          settled(value);
        };
      try {
        changeString(`${owner} ${key}`, change, settle(resolve), settle(reject));
      } catch (error) {
        // There is no IndexedDB here, or the page may not use it.
        settle(reject)(error);
      }
    }),
});

/** The database is open only meanwhile, so that nobody who deletes or upgrades it has to wait. */
function changeString(
  key: string,
  change: (value: string | undefined) => string | undefined,
  onDone: (value: string | undefined) => void,
  onFailed: (error: unknown) => void,
): void {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  opening.onerror = () => onFailed(opening.error);
  opening.onsuccess = () => {
    const db = opening.result;
    let next: string | undefined;
    const fail = (error: unknown): void => {
      db.close();
      onFailed(error);
    };
    try {
      // `strict`: on the disk when it completes. Without it a browser that is killed at once may lose a logout.
      const transaction = db.transaction(STORE, 'readwrite', { durability: 'strict' });
      const store = transaction.objectStore(STORE);
      const reading = store.get(key) as IDBRequest<unknown>;
      reading.onsuccess = () => {
        const value = typeof reading.result === 'string' ? reading.result : undefined;
        next = change(value);
        if (next === value) return;
        if (next === undefined) store.delete(key);
        else store.put(next, key);
      };
      transaction.oncomplete = () => {
        db.close();
        onDone(next);
      };
      transaction.onabort = () => fail(transaction.error);
    } catch (error) {
      fail(error);
    }
  };
}
