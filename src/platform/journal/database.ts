import { createTurns } from '../../util/turns.ts';
import { copyValue } from '../memory/kv-handle.ts';
import type { KvEntry, KvRange, KvValue, KvWrite } from '../ports.ts';
import { BlockFiles } from './block-files.ts';
import { indexIn, valueOf } from './block.ts';
import { changeOf, encodeChanges } from './change.ts';
import type { Change, Slot } from './change.ts';
import { Content, viewOf } from './content.ts';
import { createDirectory } from './directory.ts';
import type { Directory } from './directory.ts';
import type { FileSystem } from './file-system.ts';
import { JournalFile } from './journal-file.ts';
import { readRange } from './range-reader.ts';
import { decode, unframe } from './record.ts';
import { Upkeep } from './upkeep.ts';
import type { JournalLimits } from './upkeep.ts';

/**
 * A database in a directory. The directory contains
 *
 * - `journal`, with a line for each batch (see {@link JournalFile}), and `reserve`;
 * - blocks, in files whose names are numbers: the records of consecutive keys, some ten thousand characters. A block never
 *   changes, and the keys of two blocks do not overlap.
 *
 * In memory are the newest writes, the first and the last key of each block, and the blocks that were read last. So memory and
 * the time of an open do not grow with the values.
 *
 * When the journal has grown, the newest writes are merged into blocks, in steps: new blocks are written in the place of one or
 * a few old ones, then a line says so (`b`), then the old files are removed. Only blocks whose records changed are written, and
 * commits go on meanwhile: the line repeats the writes to these keys that came after the new blocks were made. After the last
 * step a new journal replaces the old one by renaming. Its one line has the list of blocks and the writes that are in none. While
 * there are few newest writes, because the same records change again and again, they stay, and there is only a new journal.
 *
 * So what the lines amount to is the content at any moment, wherever a process ends. A file is written before a line names it,
 * and removed after the last line that names it is gone or replaced. Other files that are there when a database is opened are
 * left over from a run that was interrupted.
 *
 * A damaged record reads as null. Where a block lost more than that, the next run has `isDamaged`.
 *
 * A batch that deletes all records of a block frees its space at once, others do with the next merge. A full disk has one at
 * once, in the space of `reserve`.
 */
export class JournalDatabase {
  private readonly directory: Directory;
  private readonly journal: JournalFile;
  private readonly blocks: BlockFiles;
  private readonly content = new Content();
  private readonly upkeep: Upkeep;
  private readonly commits = createTurns();
  /** What changes the journal or depends on what it contains, one after another. */
  private readonly alone = createTurns();
  /** Reads under way, which may still need unused files. */
  private readers = 0;

  constructor(files: FileSystem, path: string, limits: JournalLimits) {
    const { alone, content } = this;
    this.directory = createDirectory(files, path);
    // A block has room in the reserve.
    this.journal = new JournalFile(this.directory, 2 * limits.block);
    this.blocks = new BlockFiles(this.directory, () => this.noteLoss());
    const { blocks, directory, journal } = this;
    const readJson = async (file: string): Promise<string> => this.readJson(file);
    const isRead = (): boolean => this.readers > 0;
    this.upkeep = new Upkeep({ limits, directory, journal, blocks, content, alone, readJson, isRead });
  }

  /** Records of earlier runs are lost, and it is not known which. It is so until the first commit. */
  get isDamaged(): boolean {
    return this.journal.isDamaged;
  }

  /** Reads the directory. Call it before anything else. */
  async load(): Promise<void> {
    await this.directory.make();
    await this.journal.load((changes) => this.content.apply(changes));
    const names = await this.directory.list();
    this.blocks.skip(names);
    if (this.content.reconcile(this.journal.withoutOwn(names))) this.journal.isDamaged = true;
    await this.upkeep.removeUnused();
    await this.upkeep.keepReserve();
  }

  async get(key: string): Promise<KvValue | undefined> {
    this.journal.mustGoOn();
    const { newest, index } = this.content;
    const slot = newest.slot(key);
    if (slot) return this.reading(async () => this.slotValue(slot));
    const ref = newest.hides(key) ? undefined : index.blockOf(key);
    if (!ref) return undefined;
    return this.reading(async () => {
      const block = await this.blocks.read(ref);
      const line = block[indexIn(block, key)];
      return line?.key === key ? valueOf(line) : undefined;
    });
  }

  async range(range: KvRange): Promise<KvEntry[]> {
    this.journal.mustGoOn();
    if (range.from >= range.to) return [];
    const view = viewOf(this.content, range);
    return this.reading(async () => readRange(view, range, this.blocks, async (slot) => this.slotValue(slot)));
  }

  /**
   * Applies a batch.
   *
   * @param writes - the caller must not change their values afterwards
   */
  async commit(writes: readonly KvWrite[]): Promise<void> {
    const changes = writes.map(changeOf);
    const json = encodeChanges(changes);
    const deletesOnly = changes.every(([type]) => type === 'r');
    return this.commits(async () => {
      await this.upkeep.room();
      const append = async (): Promise<void> => this.alone(async () => this.append(changes, json, deletesOnly));
      await append().catch(async (error: unknown) => {
        if (!this.upkeep.underWay || (error as Error).name !== 'QuotaExceededError') throw error;
        // An earlier batch may be about to free some space.
        await this.upkeep.underWay;
        await append();
      });
      this.upkeep.start();
    });
  }

  /**
   * Resolves when everything that was called before is done.
   *
   * @param end - the error with which every later call rejects; absent: later calls work
   */
  async settled(end = this.journal.end): Promise<void> {
    this.journal.end = end;
    await this.commits(() => undefined);
    await this.upkeep.finish();
    await this.alone(() => undefined);
  }

  private async reading<T>(read: () => Promise<T>): Promise<T> {
    this.readers++;
    try {
      return await read();
    } finally {
      this.readers--;
    }
  }

  private async slotValue(slot: Slot): Promise<KvValue> {
    if ('value' in slot) return copyValue(slot.value);
    return decode('json' in slot ? slot.json : await this.readJson(slot.file));
  }

  /** Reads a file as databases had them before there were blocks. */
  private async readJson(file: string): Promise<string> {
    const text = await this.directory.read(file);
    // The line break comes first. Null for a file that is damaged or gone: its reader sees that something was there.
    return unframe((text ?? '').slice(1))?.json ?? 'null';
  }

  private async append(changes: readonly Change[], json: string, deletesOnly: boolean): Promise<void> {
    await this.journal.append(json, deletesOnly);
    this.content.apply(changes);
  }

  /** Lets the next run know that records are lost. */
  private noteLoss(): void {
    if (this.content.hasLost) return;
    this.content.hasLost = true;
    // When this fails, the next run finds the same loss.
    this.alone(async () => this.append([['l']], encodeChanges([['l']]), false)).catch(() => undefined);
  }
}
