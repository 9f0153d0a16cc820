/** The one object store of a database. */
export const STORE = 'kv';

/** WebKit 226547: an open may never answer. Far above the slowest honest one. */
const OPEN_TIMEOUT_MS = 10_000;

/** What a transaction ends with when the browser, not we, ended its connection. A full disk is `QuotaExceededError`. */
const LOST = ['InvalidStateError', 'AbortError', 'UnknownError'];

/**
 * A connection to one database that opens itself again, once, when the browser has closed it. Once the database was deleted
 * it only rejects: whoever read from it must not go on in an empty one.
 */
export class KvConnection {
  private readonly name: string;
  private opening: Promise<IDBDatabase> | undefined;
  /** It was open before: its database exists. */
  private wasOpen = false;
  private isDeleted = false;

  constructor(name: string) {
    this.name = name;
  }

  /** Does the work; on a lost connection does it again on a new one, so it must be safe to repeat. */
  async run<T>(work: (db: IDBDatabase) => Promise<T>): Promise<T> {
    const opening = this.open();
    try {
      return await work(await opening);
    } catch (error) {
      if (!LOST.includes((error as Error).name)) throw error;
      this.forget(opening);
      return work(await this.open());
    }
  }

  open(): Promise<IDBDatabase> {
    if (this.opening) return this.opening;
    const opening = inTime(this.request());
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

  private async request(): Promise<IDBDatabase> {
    if (this.isDeleted) throw new Error('the database was deleted');
    const request = indexedDB.open(this.name, 1);
    request.onupgradeneeded = () => {
      // An aborted upgrade leaves no database behind.
      if (this.wasOpen) request.transaction!.abort();
      else request.result.createObjectStore(STORE);
    };
    const db = await outcome(request);
    // Another tab deletes the database, or upgrades it, and waits for this connection.
    db.onversionchange = ({ newVersion }) => {
      if (newVersion === null) this.isDeleted = true;
      db.close();
    };
    return db;
  }

  private forget(opening: Promise<IDBDatabase>): void {
    if (this.opening === opening) this.opening = undefined;
    closeWhenOpen(opening);
  }
}

/** What a request ends with. */
export const outcome = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error!);
  });

function inTime(opening: Promise<IDBDatabase>): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`IndexedDB did not open in ${OPEN_TIMEOUT_MS} ms`));
      // Should it come after all, nobody would close it and drop would wait for ever.
      closeWhenOpen(opening);
    }, OPEN_TIMEOUT_MS);
    opening.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

function closeWhenOpen(opening: Promise<IDBDatabase>): void {
  opening.then((db) => db.close()).catch(() => {});
}
