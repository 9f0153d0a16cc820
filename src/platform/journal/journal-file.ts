import { decodeChanges } from './change.ts';
import type { Change } from './change.ts';
import type { Directory } from './directory.ts';
import { frame, unframe } from './record.ts';

export const JOURNAL = 'journal';
const NEW_JOURNAL = 'journal.new';
const RESERVE = 'reserve';
/** The end of a line: white space that JSON has nowhere else. Lines had none before there were blocks. */
const END = '\t';

/**
 * The journal of a database: a file with a line for each batch.
 *
 * Lines are numbered. A line that broke off fails its checksum, and the next line gets its number. The batches of the database
 * are the lines in the order of their numbers. A number that is missing in between was a line that is damaged now: its batch is
 * lost, and so are older values of its records. `isDamaged` says so until the journal is replaced.
 *
 * On a full disk a batch that only deletes may use the space of `reserve` for its line.
 */
export class JournalFile {
  private readonly directory: Directory;
  private readonly reserveCharacters: number;
  /** Number of the next line. */
  private number = 1;
  private length = 0;
  private firstLength = 0;
  /** Records of earlier runs were lost, and it is not known which. */
  isDamaged = false;
  hasReserve = false;
  /** Set when nothing more can be done: the error of every later call. */
  end: Error | undefined;

  constructor(directory: Directory, reserveCharacters: number) {
    this.directory = directory;
    this.reserveCharacters = reserveCharacters;
  }

  /** Characters since the journal was new. */
  get growth(): number {
    return this.length - this.firstLength;
  }

  /** Reads the file. @param apply - called with the changes of each line */
  async load(apply: (changes: readonly Change[]) => void): Promise<void> {
    const text = (await this.directory.read(JOURNAL)) ?? '';
    const lines = text.split('\n');
    // A last line that broke off has no end; one that was damaged has.
    const last = lines[lines.length - 1]!;
    // A line begins with its line break, so the first line has index 1.
    this.isDamaged = lines[0] !== '' || (!unframe(last) && last.endsWith(END));
    lines.forEach((line, index) => {
      const record = unframe(line);
      if (!record || record.number < this.number) return;
      if (record.number > this.number && index !== 1) this.isDamaged = true;
      this.number = record.number + 1;
      const changes = decodeChanges(record.json);
      if (changes.some(([type]) => type === 'l')) this.isDamaged = true;
      apply(changes);
    });
    this.length = text.length;
    this.firstLength = (lines[1] ?? '').length;
  }

  /** @param names - the files in the directory. @returns those that are none of the journal's */
  withoutOwn(names: readonly string[]): string[] {
    this.hasReserve = names.includes(RESERVE);
    return names.filter((name) => name !== JOURNAL && name !== RESERVE);
  }

  /** Adds a line. When this rejects, the line is not there, or this is the end. */
  async append(json: string, mayUseReserve: boolean): Promise<void> {
    this.mustGoOn();
    const line = frame(this.number, json + END);
    try {
      await this.appendLine(line);
    } catch (error) {
      this.mustGoOn();
      if (!this.hasReserve || !mayUseReserve) throw error;
      this.hasReserve = false;
      await this.directory.remove([RESERVE]);
      await this.appendLine(line);
    }
    this.number++;
  }

  /**
   * Writes a new journal of one line.
   *
   * @param json - everything that the lines so far amount to
   */
  async replace(json: string): Promise<void> {
    this.mustGoOn();
    const line = frame(this.number - 1, json + END);
    await this.directory.write(NEW_JOURNAL, line);
    // When this fails, the journal may be the old or the new one: the next line fits either.
    await this.directory.rename(NEW_JOURNAL, JOURNAL);
    this.length = line.length;
    this.firstLength = line.length;
    this.isDamaged = false;
  }

  /** Lets the journal grow as if it were new: it could not be replaced. */
  postpone(): void {
    this.firstLength = this.length;
  }

  /** Writes the reserve if there is none. */
  async keepReserve(): Promise<void> {
    if (this.hasReserve) return;
    await this.directory.write(RESERVE, ' '.repeat(this.reserveCharacters));
    this.hasReserve = true;
  }

  mustGoOn(): void {
    if (this.end) throw this.end;
  }

  private async appendLine(line: string): Promise<void> {
    this.length += line.length;
    try {
      await this.directory.append(JOURNAL, line);
    } catch (error) {
      // The whole line may be there nevertheless, and the next run would find it. If that cannot be read, only the next run knows.
      const text = await this.directory.read(JOURNAL).catch((): undefined => {
        this.end = error as Error;
      });
      if (!text?.endsWith(line)) throw error;
    }
  }
}
