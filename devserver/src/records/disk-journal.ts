import { join } from 'node:path';
import { setImmediate as soon } from 'node:timers/promises';
import { deserialize, serialize } from 'node:v8';
import { ClassicLevel } from 'classic-level';
import type { Journal, Key, Records } from './records.ts';

type Database = ClassicLevel<string, Buffer>;
/** Scope → table → records. */
type Loaded = Map<string, Map<string, unknown[]>>;
type Change = { readonly kind: 'put' | 'lent'; readonly record: unknown } | { readonly kind: 'removed' };
type Operation = { type: 'put'; key: string; value: Buffer } | { type: 'del'; key: string };

// A database key is `scope/table/key`. Widths that hold every safe integer and every uint64, so that texts sort as numbers.
const NUMBER_WIDTH = 16;
const BIGINT_WIDTH = 20;

/** Opens the database in a folder and reads all of it. One server at a time can have it open. */
export async function openDiskJournal(folder: string): Promise<Journal> {
  const database: Database = new ClassicLevel(join(folder, 'records'), { valueEncoding: 'buffer' });
  try {
    await database.open();
  } catch (error) {
    const cause = (error as Error).cause as (Error & { code?: string }) | undefined;
    const reason = cause?.code === 'LEVEL_LOCKED' ? 'another server uses it' : String(cause ?? error);
    throw new Error(`cannot open the data in ${folder}: ${reason}`, { cause: error });
  }
  return new DiskJournal(database, await loadAll(database));
}

async function loadAll(database: Database): Promise<Loaded> {
  const loaded: Loaded = new Map();
  for await (const [key, value] of database.iterator()) {
    const [scope, table] = key.split('/', 2) as [string, string];
    const tables = loaded.get(scope) ?? new Map<string, unknown[]>();
    const records = tables.get(table) ?? [];
    records.push(deserialize(value));
    loaded.set(scope, tables.set(table, records));
  }
  return loaded;
}

/**
 * Writes the changes of all requests that came together in one batch. The next batch collects while one is written. A
 * batch is with the operating system when it is written, so it survives the end of this process in any way.
 */
class DiskJournal implements Journal {
  readonly scopes: readonly string[];
  readonly #database: Database;
  readonly #loaded: Loaded;
  /** Bytes of the records that were lent, to find out whether one has changed. */
  readonly #lentBytes = new Map<string, Buffer>();
  #changes = new Map<string, Change>();
  #waiting: (() => void)[] = [];
  #mustClear = false;
  #running: Promise<void> | undefined;
  #isClosed = false;

  constructor(database: Database, loaded: Loaded) {
    this.#database = database;
    this.#loaded = loaded;
    this.scopes = [...loaded.keys()];
  }

  records(scope: string): Records {
    const at = (table: string, key: Key): string => `${scope}/${table}/${key.map(sortable).join(' ')}`;
    return {
      load: <T>(table: string) => this.#load<T>(scope, table),
      put: (table, key, record) => this.#change(at(table, key), { kind: 'put', record }),
      lend: (table, key, record) => {
        const name = at(table, key);
        if (!this.#changes.has(name)) this.#change(name, { kind: 'lent', record });
      },
      remove: (table, key) => this.#change(at(table, key), { kind: 'removed' }),
    };
  }

  whenWritten(act: () => void): void {
    if (this.#running) this.#waiting.push(act);
    else act();
  }

  clear(): void {
    if (this.#isClosed) return;
    this.#mustClear = true;
    this.#loaded.clear();
    this.#changes.clear();
    this.#lentBytes.clear();
    this.#run();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#running;
    await this.#database.close();
  }

  #load<T>(scope: string, table: string): Iterable<T> {
    const records = this.#loaded.get(scope)?.get(table) ?? [];
    this.#loaded.get(scope)?.delete(table);
    return records as T[];
  }

  #change(key: string, change: Change): void {
    if (this.#isClosed) return;
    this.#changes.set(key, change);
    this.#run();
  }

  #run(): void {
    this.#running ??= this.#writeAll();
  }

  /** A batch that cannot be written ends the process, because nothing may be answered any more. */
  async #writeAll(): Promise<void> {
    do {
      await soon();
      const waiting = this.#waiting;
      this.#waiting = [];
      await this.#writeBatch();
      for (const act of waiting) act();
    } while (this.#changes.size > 0 || this.#waiting.length > 0 || this.#mustClear);
    this.#running = undefined;
  }

  async #writeBatch(): Promise<void> {
    const mustClear = this.#mustClear;
    this.#mustClear = false;
    const operations = [...this.#changes].flatMap(([key, change]) => this.#operation(key, change));
    this.#changes = new Map();
    const before: Operation[] = mustClear
      ? (await this.#database.keys().all()).map((key) => ({ type: 'del', key }))
      : [];
    if (before.length + operations.length > 0) await this.#database.batch([...before, ...operations]);
  }

  #operation(key: string, change: Change): Operation[] {
    if (change.kind === 'removed') {
      this.#lentBytes.delete(key);
      return [{ type: 'del', key }];
    }
    const value = serialize(change.record);
    if (change.kind === 'lent' && this.#lentBytes.get(key)?.equals(value)) return [];
    if (change.kind === 'lent' || this.#lentBytes.has(key)) this.#lentBytes.set(key, value);
    return [{ type: 'put', key, value }];
  }
}

function sortable(part: Key[number]): string {
  if (typeof part === 'number') return String(part).padStart(NUMBER_WIDTH, '0');
  return typeof part === 'bigint' ? String(part).padStart(BIGINT_WIDTH, '0') : part;
}
