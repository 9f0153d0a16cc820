import type { KvEntry, KvProvider, KvRange, KvStore, KvValue, KvWrite } from '../ports.ts';
import { JournalDatabase } from './database.ts';
import type { FileSystem } from './file-system.ts';

const HELD_CHARACTERS = 512 * 1024;

interface Opened {
  database: JournalDatabase;
  /** Handles that are not closed. */
  handles: number;
}

/**
 * Databases in a file system, each in a directory of its own. No two providers may be on one place at a time.
 *
 * @param heldCharacters what a database keeps in memory of its values, and once more as much of the newest. Default 512 K.
 */
export function createJournalKvProvider(files: FileSystem, heldCharacters = HELD_CHARACTERS): KvProvider {
  const opened = new Map<string, Opened>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = async <T>(run: () => Promise<T>): Promise<T> => {
    const done = last.then(run);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    open: async (name) =>
      inTurn(async () => {
        const path = encodeURIComponent(name);
        const shared = opened.get(path) ?? {
          database: await JournalDatabase.open(files, path, heldCharacters),
          handles: 0,
        };
        opened.set(path, shared);
        shared.handles++;
        return new JournalKvStore(shared.database, () => {
          if (--shared.handles === 0 && opened.get(path) === shared) opened.delete(path);
        });
      }),
    drop: async (name) =>
      inTurn(async () => {
        const path = encodeURIComponent(name);
        const shared = opened.get(path);
        opened.delete(path);
        await shared?.database.end(new Error('the database was dropped'));
        await JournalDatabase.remove(files, path);
      }),
  };
}

class JournalKvStore implements KvStore {
  readonly #database: JournalDatabase;
  readonly #release: () => void;
  #closed = false;

  constructor(database: JournalDatabase, release: () => void) {
    this.#database = database;
    this.#release = release;
  }

  async get(key: string): Promise<KvValue | undefined> {
    const [entry] = await this.#mustBeOpen().read([key]);
    return entry?.value;
  }

  async range(range: KvRange): Promise<KvEntry[]> {
    const database = this.#mustBeOpen();
    return database.read(database.keys(range));
  }

  async commit(batch: readonly KvWrite[]): Promise<void> {
    return this.#mustBeOpen().commit(batch);
  }

  async close(): Promise<void> {
    const isFirst = !this.#closed;
    this.#closed = true;
    await this.#database.settled();
    if (isFirst) this.#release();
  }

  #mustBeOpen(): JournalDatabase {
    if (this.#closed) throw new Error('the store is closed');
    return this.#database;
  }
}
