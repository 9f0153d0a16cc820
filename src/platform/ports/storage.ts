/** A value that a store keeps: anything that JSON can express, and `Uint8Array`. */
export type KvValue = unknown;

/** One entry of a store. */
export interface KvEntry {
  /** The key. */
  key: string;
  /** The value. */
  value: KvValue;
}

/** Part of a store's keys. It is empty when `from` is not below `to`. */
export interface KvRange {
  /** First key, inclusive. */
  from: string;
  /** Last key, exclusive. */
  to: string;
  /**
   * Whether the entries come in descending order of their keys.
   *
   * @default false
   */
  reverse?: boolean;
  /**
   * Largest number of entries, counted from the end at which the order starts.
   *
   * @default all
   */
  limit?: number;
}

/** One write of a batch: puts a value, deletes a key, or deletes every key in `[from, to)`. */
export type KvWrite =
  | {
      /** Puts a value. */
      op: 'put';
      /** The key. */
      key: string;
      /** The value. */
      value: KvValue;
    }
  | {
      /** Deletes a key. */
      op: 'delete';
      /** The key. */
      key: string;
    }
  | {
      /** Deletes every key in `[from, to)`. */
      op: 'deleteRange';
      /** First key, inclusive. */
      from: string;
      /** Last key, exclusive. */
      to: string;
    };

/** The reading half of a {@link KvStore}. */
export interface KvReader {
  /**
   * The value of a key; undefined when there is none.
   *
   * @param key - the key
   */
  get(key: string): Promise<KvValue | undefined>;
  /** The entries of a range, in the order of their keys. */
  range(range: KvRange): Promise<KvEntry[]>;
}

/**
 * An open database: an ordered map from strings to values. Keys are ordered by UTF-16 code unit.
 *
 * - `commit` applies its whole batch or nothing. After it has resolved every read sees the batch, also after a crash.
 * - Commits take effect in the order in which they are called.
 * - Values are copied in both directions: changing one that you passed or received changes nothing in the store.
 * - After `close` every call rejects.
 * - Methods reject with the platform's own error. An error for a full disk has the name `QuotaExceededError`, and one for a
 *   database that was removed `NotFoundError`.
 */
export interface KvStore extends KvReader {
  /**
   * Records of earlier runs were lost, and it is not known which: older values of theirs may be there. It is so until the first
   * commit.
   *
   * @default false
   */
  readonly isDamaged?: boolean;
  /**
   * Applies writes, in their order, as one batch.
   *
   * @param batch - the writes
   * @param unless - a key: when there is one, nothing is written, and the promise rejects with an error of the name `GuardError`.
   * A process that stops in the middle of it holds nobody up. Only platforms with tabs are asked for it.
   */
  commit(batch: readonly KvWrite[], unless?: string): Promise<void>;
  /** Closes the database after the commits that were called before. */
  close(): Promise<void>;
}

/** Opens and removes databases. */
export interface KvProvider {
  /**
   * Opens a database; creates it when there is none. Two calls with one name give two handles of the same data.
   *
   * @param name - name of the database
   * @returns a promise that rejects with a FlooError when another process or page has the database for itself; after any
   * other rejection the client continues in memory
   */
  open(name: string): Promise<KvStore>;
  /**
   * Removes a database; does nothing when there is none. Open handles of it are empty then, or reject every call.
   *
   * @param name - name of the database
   */
  drop(name: string): Promise<void>;
}

/**
 * A few short strings that can be read before any database is open. No method throws: what cannot be stored lasts as long as
 * the object.
 */
export interface Preferences {
  /**
   * Reads what earlier runs stored, where that takes a while: `get` finds none of it before. Absent where `get` finds it at
   * once. Never rejects.
   */
  load?(): Promise<void>;
  /**
   * The string of a key; undefined when there is none.
   *
   * @param key - the key
   */
  get(key: string): string | undefined;
  /**
   * The string that this tab itself stored, where tabs share preferences; undefined in a new tab. Absent where there are no
   * tabs.
   *
   * @param key - the key
   */
  getOwn?(key: string): string | undefined;
  /**
   * Stores a string.
   *
   * @param key - the key
   * @param value - the string
   */
  set(key: string, value: string): void;
  /**
   * Removes a key.
   *
   * @param key - the key
   */
  remove(key: string): void;
}

/**
 * A few strings that survive a killed process from the moment that `update` has resolved. For platforms whose preferences
 * reach the disk only some time later, such as `localStorage`.
 */
export interface Vault {
  /**
   * Changes the string of a key, alone among all tabs and workers.
   *
   * @param key - the key
   * @param change - gets the string, undefined when there is none, and returns the new one. Returning what it got stores
   * nothing.
   * @returns a promise of the new string. It rejects when the string could not be read or stored.
   */
  update(key: string, change: (value: string | undefined) => string | undefined): Promise<string | undefined>;
}
