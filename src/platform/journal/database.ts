import { copyValue } from '../memory/copy-value.ts';
import { SortedMap } from '../memory/sorted-map.ts';
import type { KvEntry, KvRange, KvValue, KvWrite } from '../ports.ts';
import type { FileSystem } from './file-system.ts';
import { decode, encode, frame, unframe } from './record.ts';

export const JOURNAL = 'journal';
const NEW_JOURNAL = 'journal.new';
const RESERVE = 'reserve';
const RESERVE_CHARACTERS = 16 * 1024;
/** Node has a limit of open files, mini-programs one of calls. */
const READS_AT_ONCE = 32;

/** A change as a line says it: put a value, put what is in a file, remove a range. */
type Change = ['p', string, KvValue] | ['f', string, string] | ['r', string, string];

/** Where a value is: in memory, then it is in the journal too, or in a file that never changes. */
interface Slot {
  readonly value?: KvValue;
  readonly file?: string;
}

/**
 * A directory: `journal`, a line for each batch; values that are too much for it, in files whose names are numbers; `reserve`.
 *
 * In memory are all keys, and the values that the journal holds. When it has grown, a new one is written beside it: its first
 * line says everything there is, with the largest values moved into files, and takes effect when it is renamed. A file is
 * written before a line names it and removed after no line does; what else is there when a database is opened is left over.
 *
 * Lines are numbered. One that broke off fails its checksum, and its number is given to the next; so what happened are the
 * lines up to the first number that is missing.
 *
 * On a full disk a batch that only deletes may take the space of the `reserve` for its line, and then frees that of its values.
 */
export class JournalDatabase {
  private readonly files: FileSystem;
  private readonly path: string;
  private readonly slots = new SortedMap();
  /** Of the next line. */
  private number = 1;
  /** Of the next file. */
  private nextFile = 1;
  /** Characters of the journal, and how many lead to a new one. */
  private length = 0;
  private limit: number;
  private readonly heldCharacters: number;
  private hasReserve = false;
  /** Files that are named no more. */
  private unused: string[] = [];
  /** Reads under way, which may need them still. */
  private readers = 0;
  /** Why nothing can be done any more. */
  private end: Error | undefined;
  /** Never rejects. */
  private last: Promise<unknown> = Promise.resolve();

  /** @param heldCharacters the most that a new journal begins with, in values; and what may come after it until the next. */
  constructor(files: FileSystem, path: string, heldCharacters: number) {
    this.files = files;
    this.path = path;
    this.heldCharacters = heldCharacters;
    this.limit = 2 * heldCharacters;
  }

  /** These keys as they are now, without those that are not there. */
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

  /** @param writes whose values nobody changes any more. */
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

  /** Resolves when everything called so far is done. @param end what every later call rejects with. */
  async settled(end = this.end): Promise<void> {
    this.end = end;
    await this.last;
  }

  /** To be called first. */
  async load(): Promise<void> {
    await this.files.makeDirectory(this.path);
    const text = (await this.files.read(this.at(JOURNAL))) ?? '';
    text.split('\n').forEach((line, index) => {
      const record = unframe(line);
      // A line begins with its break: the first one has index 1.
      if (!record || (record.number !== this.number && index !== 1)) return;
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
    const text = await this.files.read(this.at(slot.file));
    // Without its line break.
    const record = unframe((text ?? '').slice(1));
    return record && decode(record.json);
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
    this.apply(changes);
  }

  private async appendLine(line: string): Promise<void> {
    this.length += line.length;
    try {
      await this.files.append(this.at(JOURNAL), line);
    } catch (error) {
      // All of it may be there nevertheless, and the next run would find it. If nobody can tell, that run shall.
      const text = await this.files.read(this.at(JOURNAL)).catch((): undefined => {
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

  /** What is to be done after a commit and before the next. */
  private async tidy(): Promise<void> {
    if (this.readers === 0) await this.remove(this.unused.splice(0));
    if (!this.hasReserve) {
      await this.write(RESERVE, ' '.repeat(RESERVE_CHARACTERS));
      this.hasReserve = true;
    }
    if (this.length <= this.limit) return;
    try {
      await this.writeAnew();
    } finally {
      this.limit = this.length + this.heldCharacters;
    }
  }

  /** A new journal, of one line. It holds the smallest values, as many as there is room for. */
  private async writeAnew(): Promise<void> {
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
    // If it fails, nobody knows whether it happened: the files stay, and the next line fits either journal.
    await this.files.rename(this.at(NEW_JOURNAL), this.at(JOURNAL));
    this.length = line.length;
    for (const { key, file } of moved) this.slots.put(key, { file });
  }

  private async write(name: string, text: string): Promise<void> {
    await this.files.write(this.at(name), text).catch(async (error: unknown) => {
      await this.remove([name]);
      throw error;
    });
  }

  /** What cannot be removed is left over when the database is opened again. */
  private async remove(names: readonly string[]): Promise<void> {
    await Promise.all(names.map(async (name) => this.files.remove(this.at(name)).catch(() => undefined)));
  }

  private slot(key: string): Slot | undefined {
    return this.slots.get(key) as Slot | undefined;
  }

  private at(name: string): string {
    return `${this.path}/${name}`;
  }

  private mustGoOn(): void {
    if (this.end) throw this.end;
  }
}

/** The first key after this one. */
const after = (key: string): string => `${key}\0`;
