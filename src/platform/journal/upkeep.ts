import { flatMap } from '../../util/es2019.ts';
import type { Turns } from '../../util/turns.ts';
import { encodeChanges } from './change.ts';
import type { Change } from './change.ts';
import type { Directory } from './directory.ts';
import type { JournalFile } from './journal-file.ts';
import { mergeAt } from './merge.ts';
import type { Places } from './merge.ts';

/** The sizes of a database's files, in characters. */
export interface JournalLimits {
  /** What the journal grows by before it is replaced. As much of newest writes may stay in memory then. */
  readonly journal: number;
  /** The lines of a block. */
  readonly block: number;
}

/** The parts of a database. */
export interface Parts extends Places {
  readonly limits: JournalLimits;
  readonly directory: Directory;
  readonly journal: JournalFile;
  /** What changes the journal or depends on what it contains, one after another. */
  readonly alone: Turns;
  /** Whether a read is under way, which may still need unused files. */
  readonly isRead: () => boolean;
}

/**
 * A flood of writes must fill neither the memory nor the disk. Above this many times the journal's limit of newest writes, commits
 * wait for a step of the merge.
 */
const NEWEST_AT_MOST = 3;
/** When the journal grows by this many times its limit while a merge goes on, a new one comes in between. */
const GROWTH_AT_MOST = 4;
/** Some milliseconds of work. The line that names the new blocks is one for all of them. */
const BLOCKS_IN_STEP = 4;
const FAILURES_AT_MOST = 3;
/** Who closes a database does not wait for more steps than these: a second on a phone. */
const STEPS_AT_END = 50;
const REMOVALS_AT_ONCE = 32;

type MergeEnd = 'done' | 'failed' | 'interrupted';

interface StepResult {
  readonly hasFailed: boolean;
  /** Where the newest writes begin that were too many for the step. */
  readonly left?: string | undefined;
}

/** What a database does beside commits and reads: it merges, replaces the journal, and removes files. */
export class Upkeep {
  private readonly parts: Parts;
  private isTidy = true;
  /** Never rejects. */
  private tidying: Promise<void> | undefined;
  /** The step of a merge under way. Never rejects. */
  private step: Promise<unknown> | undefined;
  /** Calls that wait for the end. */
  private waiting = 0;

  constructor(parts: Parts) {
    this.parts = parts;
  }

  /** Does what is due after a commit, in the background. */
  start(): void {
    this.isTidy = false;
    this.tidying ??= this.tidyUp();
  }

  /** What is under way, if anything is. Never rejects. */
  get underWay(): Promise<void> | undefined {
    return this.tidying;
  }

  /** Resolves when nothing is under way. A merge goes on after a later commit if it takes long. Never rejects. */
  async finish(): Promise<void> {
    this.waiting++;
    await this.tidying;
    this.waiting--;
  }

  /** Resolves when there is room in memory for a commit. */
  async room(): Promise<void> {
    const { content, limits } = this.parts;
    while (this.step && content.newest.characters > NEWEST_AT_MOST * limits.journal) await this.step;
  }

  /** Removes the files that nothing needs any more. */
  async removeUnused(): Promise<void> {
    const { blocks, content, directory, isRead } = this.parts;
    while (!isRead() && content.unused.length > 0) {
      const files = content.unused.splice(0, REMOVALS_AT_ONCE);
      blocks.forget(files);
      await directory.remove(files);
    }
  }

  /** Writes the reserve if there is none and the disk has room for it. */
  async keepReserve(): Promise<void> {
    const { alone, journal } = this.parts;
    await alone(async () => journal.keepReserve()).catch(() => undefined);
  }

  private async tidyUp(): Promise<void> {
    while (!this.isTidy && !this.parts.journal.end) {
      this.isTidy = true;
      await this.removeUnused();
      await this.keepReserve();
      if (!this.parts.journal.hasReserve) {
        await this.merge(true);
        await this.keepReserve();
      }
      if (this.isDue()) await this.renew();
    }
    this.tidying = undefined;
  }

  private isDue(): boolean {
    const { content, journal, limits } = this.parts;
    const { growth, isDamaged } = journal;
    return isDamaged || growth > limits.journal || content.newest.characters > NEWEST_AT_MOST * limits.journal;
  }

  /** Merges the newest writes when there are many, and replaces the journal. */
  private async renew(): Promise<void> {
    const { alone, content, journal, limits } = this.parts;
    const { newest } = content;
    for (let isDone = false; !isDone && !journal.end;) {
      const isMuch = newest.characters > limits.journal || newest.fileCount > 0;
      isDone = !isMuch || (await this.merge(false)) !== 'interrupted' || this.waiting > 0;
      // Also after a failure: a journal without what is in blocks is smaller.
      await alone(async () => journal.replace(encodeChanges(content.changes()))).catch(() => journal.postpone());
    }
  }

  /**
   * Merges the newest writes into blocks.
   *
   * @param onlyDeleted - only where that frees space, as far as there is room for it
   */
  private async merge(onlyDeleted: boolean): Promise<MergeEnd> {
    // Not in between two steps: a commit that waits for the next one would take its chance.
    return this.mergeSteps(onlyDeleted).finally(() => {
      this.step = undefined;
    });
  }

  private async mergeSteps(onlyDeleted: boolean): Promise<MergeEnd> {
    const { journal, limits } = this.parts;
    const most = journal.growth + GROWTH_AT_MOST * limits.journal;
    let failures = 0;
    let stepsAwaited = 0;
    for (let from: string | null = ''; from !== null;) {
      if (journal.growth > most || stepsAwaited > STEPS_AT_END) return 'interrupted';
      if (this.waiting > 0) stepsAwaited++;
      const { keys, to } = this.nextKeys(from, onlyDeleted);
      const step = this.mergeStep(keys).catch((): StepResult => ({ hasFailed: true }));
      this.step = step;
      const { hasFailed, left } = await step;
      // What could not be written stays among the newest writes. It may be one bad file, or the disk.
      if (hasFailed) failures++;
      if (failures > FAILURES_AT_MOST && !onlyDeleted) return 'failed';
      from = left ?? to;
    }
    return 'done';
  }

  /** Keys of the newest writes, from one on, in different blocks, and the key at which the step after them begins. */
  private nextKeys(from: string, onlyDeleted: boolean): { keys: readonly string[]; to: string | null } {
    const { index, newest } = this.parts.content;
    const keys: string[] = [];
    let to: string | null = from;
    // One at a time needs the least space.
    while (to !== null && keys.length < (onlyDeleted ? 1 : BLOCKS_IN_STEP)) {
      const key = newest.firstFrom(to, onlyDeleted);
      if (key === undefined) return { keys, to: null };
      keys.push(key);
      to = index.span(key, 1).to;
    }
    return { keys, to };
  }

  private async mergeStep(keys: readonly string[]): Promise<StepResult> {
    const { alone, blocks, content, journal } = this.parts;
    journal.mustGoOn();
    let hasFailed = false;
    const results = await Promise.all(
      keys.map(async (key, at) =>
        mergeAt(key, this.parts, at === keys.length - 1).catch((): undefined => {
          hasFailed = true;
        }),
      ),
    );
    const merged = results.filter((one) => one !== undefined);
    if (merged.length === 0) return { hasFailed };
    await alone(async () => {
      const changes = flatMap(merged, ({ from, to, refs, since }): Change[] => [['b', from, to, refs], ...since()]);
      await journal.append(encodeChanges(changes), false);
      content.apply(changes);
    }).catch(async (error: unknown) => {
      // At the end of the database the line may be there nevertheless.
      if (!journal.end) await blocks.remove(flatMap(merged, ({ refs }) => refs));
      throw error;
    });
    await this.removeUnused();
    return { hasFailed, left: merged.find(({ isPart }) => isPart)?.to ?? undefined };
  }
}
