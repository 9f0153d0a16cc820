/** The parts of a record's key. Numbers are sorted as numbers. */
export type Key = readonly (string | number | bigint)[];

/** What the tables of one app, or of the whole server, keep over a restart. */
export interface Records {
  /** The records of a table that an earlier run has kept, in the order of their keys. A table loads them once. */
  load<T>(table: string): Iterable<T>;
  /** Keeps a record, as it is when the turn of the event loop ends. */
  put(table: string, key: Key, record: unknown): void;
  /** Hands out a record to someone who may change it in this turn. It is written if it did change. */
  lend(table: string, key: Key, record: unknown): void;
  remove(table: string, key: Key): void;
}

/** All records of the server. The changes of one turn are written together or not at all. */
export interface Journal {
  /** The scopes that had records when the server was started. */
  readonly scopes: readonly string[];
  /** @param scope one app, or the whole server; without a slash */
  records(scope: string): Records;
  /** Runs `act` once every change so far is written: at once if there is none. Acts run in the order of the calls. */
  whenWritten(act: () => void): void;
  /** Removes all records so far. */
  clear(): void;
  /** Writes what there is and releases the folder. Later changes are not kept. */
  close(): Promise<void>;
}

const NO_RECORDS: Records = {
  load: () => [],
  put: () => undefined,
  lend: () => undefined,
  remove: () => undefined,
};

/** Keeps nothing: the tables themselves have all the data. */
export const IN_MEMORY: Journal = {
  scopes: [],
  records: () => NO_RECORDS,
  whenWritten: (act) => act(),
  clear: () => undefined,
  close: async () => undefined,
};

/** Resolves when every change so far is written. */
export async function written(journal: Journal): Promise<void> {
  return new Promise((resolve) => journal.whenWritten(resolve));
}
