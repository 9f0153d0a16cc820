import { copyValue } from '../memory/kv-handle.ts';
import { SortedMap } from '../memory/sorted-map.ts';
import type { KvEntry, KvRange, KvValue, KvWrite } from '../ports.ts';
import type { FileSystem } from './file-system.ts';
import { decode, encode, frame, unframe } from './record.ts';

export const JOURNAL = 'journal';
const NEW_JOURNAL = 'journal.new';
const RESERVE = 'reserve';
const RESERVE_CHARACTERS = 16 * 1024;
/** Node limits the number of open files, mini-programs that of calls. */
const READS_AT_ONCE = 32;

/** A change in a line: put a value (`p`), put the value in a file (`f`), remove a range (`r`). */
type Change = ['p', string, KvValue] | ['f', string, string] | ['r', string, string];

/** Where a value is: in memory and in the journal, or in a file that never changes. */
interface Slot {
  readonly value?: KvValue;
  readonly file?: string;
}

/**
 * A database in a directory. The directory contains `journal`, with a line for each batch; the values for which the journal has
 * no room, in files whose names are numbers; and `reserve`.
 *
 * All keys are in memory, and the values that the journal holds. When the journal has grown, a new one is written beside it.
 * Its first line contains everything there is, with the largest values moved into files. It takes effect when it is renamed. A
 * file is written before a line names it, and removed after the last line that names it is gone. Other files that are there when
 * a database is opened are left over from a run that was interrupted.
 *
 * Lines are numbered. A line that broke off fails its checksum, and the next line gets its number. The batches of the database
 * are the lines in the order of their numbers. A number that is missing in between was a line that is damaged now: its batch is
 * lost, and so are older values of its records. `isDamaged` says so until a new journal is written, after the first commit.
 *
 * On a full disk a batch that only deletes may use the space of `reserve` for its line. It then frees the space of its values.
 */
export class JournalDatabase {
  private readonly files: FileSystem;
  private readonly path: string;
  private readonly slots = new SortedMap();
  /** Number of the next line. */
  private number = 1;
  /** Name of the next file. */
  private nextFile = 1;
  /** Lines in the middle of the journal are lost. The next journal has none of that. */
  isDamaged = false;
  /** Characters of the journal. */
  private length = 0;
  /** Characters from which on a new journal is written. */
  private limit: number;
  private readonly heldCharacters: number;
  private hasReserve = false;
  private hasCommitted = false;
  /** Files that no line names any more. */
  private unused: string[] = [];
  /** Reads under way, which may still need unused files. */
  private readers = 0;
  /** Set when the database can do nothing more: the error of every later call. */
  private end: Error | undefined;
  /** The last commit with its tidying. Never rejects. */
  private last: Promise<unknown> = Promise.resolve();

  /**
   * @param heldCharacters - limit of the values in the first line of a new journal, and of the lines after it until the next
   * journal is written
   */
  constructor(files: FileSystem, path: string, heldCharacters: number) {
    this.files = files;
    this.path = path;
    this.heldCharacters = heldCharacters;
    this.limit = 2 * heldCharacters;
  }

  /** The entries of these keys as they are now, without keys that have none. */
  async read(keys: readonly string[]): Promise<KvEntry[]> {
    this.mustGoOn();
    const wanted = keys.map((key) => ({ key, slot: this.slot(key) }));
    const entries: KvEntry[] = [];
    this.readers++;
    try {
      for (let at = 0; at < wanted.length; at += READS_AT_ONCE) {
        const some = wanted.slice(at, at + READS_AT_ONCE);
        entries.push(
          ...(await Promise.all(some.map(async ({ key, slot }) => ({ key, value: await this.valueOf(slot) })))),
        );
      }
    } finally {
      this.readers--;
    }
    return entries.filter(({ value }) => value !== undefined);
  }

  keys(range: KvRange): string[] {
    return this.slots.keys(range);
  }

  /**
   * Applies a batch.
   *
   * @param writes - the caller must not change their values afterwards
   */
  async commit(writes: readonly KvWrite[]): Promise<void> {
    const changes = writes.map((write): Change => {
      if (write.op === 'put') return ['p', write.key, write.value];
      return write.op === 'delete' ? ['r', write.key, after(write.key)] : ['r', write.from, write.to];
    });
    const json = encode(changes);
    const done = this.last.then(async () => this.append(changes, json));
    this.last = done.then(async () => this.tidy()).catch(() => undefined);
    return done;
  }

  /**
   * Resolves when everything that was called before is done.
   *
   * @param end - the error with which every later call rejects; absent: later calls work
   */
  async settled(end = this.end): Promise<void> {
    this.end = end;
    await this.last;
  }

  /** Reads the directory. Call it before anything else. */
  async load(): Promise<void> {
    await this.files.makeDirectory(this.path);
    const text = (await this.files.read(this.pathOf(JOURNAL))) ?? '';
    const lines = text.split('\n');
    // A last line that broke off seldom ends as a whole one does; one that was damaged does.
    const last = lines[lines.length - 1]!;
    this.isDamaged = !unframe(last) && last.endsWith(']');
    lines.forEach((line, index) => {
      const record = unframe(line);
      if (!record || record.number < this.number) return;
      // A line begins with its line break, so the first line has index 1.

      if (record.number > this.number && index !== 1) this.isDamaged = true;
      this.number = record.number + 1;
      this.apply(decode(record.json) as Change[]);
    });
    this.length = text.length;
    const used = new Set([JOURNAL, RESERVE, ...this.slots.keys({}).map((key) => this.slot(key)?.file)]);
    const names = await this.files.list(this.path);
    this.nextFile = Math.max(0, ...names.map((name) => Number(name) || 0)) + 1;
    this.hasReserve = names.includes(RESERVE);
    this.unused = names.filter((name) => !used.has(name));
    await this.tidy().catch(() => undefined);
  }

  private async valueOf(slot: Slot | undefined): Promise<KvValue | undefined> {
    if (!slot?.file) return copyValue(slot?.value);
    const text = await this.files.read(this.pathOf(slot.file));
    // The line break comes first.
    const record = unframe((text ?? '').slice(1));
    // A file that is damaged or gone: no value is null, so its reader sees that something was there.
    return record ? decode(record.json) : null;
  }

  private async append(changes: readonly Change[], json: string): Promise<void> {
    this.mustGoOn();
    const line = frame(this.number, json);
    try {
      await this.appendLine(line);
    } catch (error) {
      this.mustGoOn();
      if (!this.hasReserve || changes.some(([type]) => type === 'p')) throw error;
      this.hasReserve = false;
      await this.remove([RESERVE]);
      await this.appendLine(line);
    }
    this.number++;
    this.hasCommitted = true;
    this.apply(changes);
  }

  private async appendLine(line: string): Promise<void> {
    this.length += line.length;
    try {
      await this.files.append(this.pathOf(JOURNAL), line);
    } catch (error) {
      // The whole line may be there nevertheless, and the next run would find it. If that cannot be read, only the next run knows.
      const text = await this.files.read(this.pathOf(JOURNAL)).catch((): undefined => {
        this.end = error as Error;
      });
      if (!text?.endsWith(line)) throw error;
    }
  }

  private apply(changes: readonly Change[]): void {
    for (const [type, key, last] of changes) {
      const to = type === 'r' ? last : after(key);
      for (const gone of this.slots.keys({ from: key, to })) {
        const file = this.slot(gone)?.file;
        if (file) this.unused.push(file);
      }
      this.slots.deleteRange(key, to);
      if (type !== 'r') this.slots.put(key, type === 'p' ? { value: last } : { file: last });
    }
  }

  /** Removes unused files, and writes the reserve and a new journal when they are due. Runs between two commits. */
  private async tidy(): Promise<void> {
    if (this.readers === 0) await this.remove(this.unused.splice(0));
    if (!this.hasReserve) {
      await this.write(RESERVE, ' '.repeat(RESERVE_CHARACTERS));
      this.hasReserve = true;
    }
    if (this.length <= this.limit && !(this.isDamaged && this.hasCommitted)) return;
    try {
      await this.writeNewJournal();
    } finally {
      this.limit = this.length + this.heldCharacters;
    }
  }

  /** Writes a new journal of one line. It holds the smallest values, as many as there is room for. */
  private async writeNewJournal(): Promise<void> {
    const entries = this.slots.keys({}).map((key) => {
      const { file, value } = this.slot(key)!;
      return { key, file, json: file ? '' : encode(value) };
    });
    const moved: typeof entries = [];
    let room = this.heldCharacters;
    for (const entry of [...entries].sort((a, b) => a.json.length - b.json.length)) {
      room -= entry.json.length;
      if (room < 0 && !entry.file) moved.push(entry);
    }
    for (const entry of moved) entry.file = String(this.nextFile++);
    const changes = entries.map(({ key, file, json }) =>
      file ? encode(['f', key, file]) : `["p",${encode(key)},${json}]`,
    );
    const line = frame(this.number - 1, `[${changes.join(',')}]`);
    try {
      for (const { file, json } of moved) await this.write(file!, frame(0, json));
      await this.write(NEW_JOURNAL, line);
    } catch (error) {
      this.unused.push(...moved.map(({ file }) => file!));
      throw error;
    }
    // When this fails, the journal may be the old or the new one: the files stay, and the next line fits either.
    await this.files.rename(this.pathOf(NEW_JOURNAL), this.pathOf(JOURNAL));
    this.length = line.length;
    this.isDamaged = false;
    for (const { key, file } of moved) this.slots.put(key, { file });
  }

  private async write(name: string, text: string): Promise<void> {
    await this.files.write(this.pathOf(name), text).catch(async (error: unknown) => {
      await this.remove([name]);
      throw error;
    });
  }

  /** Removes files. The next run removes those that cannot be removed now. */
  private async remove(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(async (name) => this.files.remove(this.pathOf(name)).catch(() => undefined)));
  }

  private slot(key: string): Slot | undefined {
    return this.slots.get(key) as Slot | undefined;
  }

  private pathOf(name: string): string {
    return `${this.path}/${name}`;
  }

  private mustGoOn(): void {
    if (this.end) throw this.end;
  }
}

/** The first key after this one. */
const after = (key: string): string => `${key}\0`;
