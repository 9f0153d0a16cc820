import { openDB } from 'idb';
import type { DBSchema, IDBPDatabase } from 'idb';
import type { KvValue } from '../ports.ts';

/** The one object store of a database. */
export const STORE = 'kv';
const VERSION = 1;

/** One object store with keys outside of the values. Stored databases have this form: it must not change. */
export interface KvSchema extends DBSchema {
  [STORE]: { key: string; value: KvValue };
}

export type KvDatabase = IDBPDatabase<KvSchema>;

/** WebKit 226547: an open request may never be answered. The limit is far above the slowest honest answer. */
const OPEN_TIMEOUT_MS = 10_000;

/** Errors of a transaction whose connection the browser has closed. A full disk is a `QuotaExceededError` instead. */
const LOST = ['InvalidStateError', 'AbortError', 'UnknownError'];

/**
 * A connection to one database. It opens itself again, once, after the browser has closed it. After the database was
 * deleted it only rejects: a client that read from the database must not continue in an empty one.
 */
export class KvConnection {
  private readonly name: string;
  private opening: Promise<KvDatabase> | undefined;
  /** The connection was open before, so the database exists. */
  private wasOpen = false;
  private isDeleted = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Runs the work. After a lost connection it runs the work again on a new one, so the work must be safe to repeat. */
  async run<T>(work: (db: KvDatabase) => Promise<T>): Promise<T> {
    const opening = this.open();
    try {
      return await work(await opening);
    } catch (error) {
      if (!LOST.includes((error as Error).name)) throw error;
      this.forget(opening);
      return work(await this.open());
    }
  }

  open(): Promise<KvDatabase> {
    if (this.opening) return this.opening;
    const opening: Promise<KvDatabase> = withinTimeout(this.request(() => this.forget(opening)));
    this.opening = opening;
    opening.then(
      () => (this.wasOpen = true),
      () => this.forget(opening),
    );
    return opening;
  }

  async close(): Promise<void> {
    (await this.opening)?.close();
  }

  private async request(terminated: () => void): Promise<KvDatabase> {
    if (this.isDeleted) throw deleted();
    return openDB<KvSchema>(this.name, VERSION, {
      upgrade: (db, _oldVersion, _newVersion, transaction) => {
        // `opened` rejects with the reason; `done` would reject beside it, unhandled.
        transaction.done.catch(() => undefined);
        // The database is gone. An aborted upgrade leaves no new one behind.
        if (this.wasOpen) {
          this.isDeleted = true;
          transaction.abort();
        } else db.createObjectStore(STORE);
      },
      // Another tab deletes or upgrades the database and waits for this connection to close.
      blocking: (_currentVersion, newVersion, { target }) => {
        if (newVersion === null) this.isDeleted = true;
        (target as IDBDatabase).close();
      },
      // The browser has closed the connection. The next call opens a new one.
      terminated,
    });
  }

  private forget(opening: Promise<KvDatabase>): void {
    if (this.opening === opening) this.opening = undefined;
    closeWhenOpen(opening);
  }
}

const deleted = (): Error => Object.assign(new Error('the database was deleted'), { name: 'NotFoundError' });

function withinTimeout(opening: Promise<KvDatabase>): Promise<KvDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`IndexedDB did not open in ${OPEN_TIMEOUT_MS} ms`));
      // If it opens later, no other code would close it, and `drop` would wait for ever.
      closeWhenOpen(opening);
    }, OPEN_TIMEOUT_MS);
    opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function closeWhenOpen(opening: Promise<KvDatabase>): void {
  // An opening that fails leaves nothing to close; its caller has the error.
  opening.then((db) => db.close()).catch(() => undefined);
}
