import { flatMap } from '../../util/es2019.ts';
import { SortedMap } from '../memory/sorted-map.ts';
import type { KvRange } from '../ports.ts';
import { jsonOf } from './change.ts';
import type { Change, Slot } from './change.ts';
import { KeyRanges } from './key-ranges.ts';

type SizedSlot = Slot & { readonly characters: number };

/** About what a deleted range takes: the set of them is not measured exactly. */
const CHARACTERS_OF_RANGE = 100;

/** The writes that are in no block yet: values, and ranges of keys whose values in the blocks no longer count. */
export class NewestWrites {
  private readonly slots = new SortedMap();
  private readonly deleted = new KeyRanges();
  private valueCharacters = 0;
  /** Number of values in files of their own. */
  fileCount = 0;

  /** What they take in memory, about. */
  get characters(): number {
    return this.valueCharacters + this.deleted.length * CHARACTERS_OF_RANGE;
  }

  slot(key: string): Slot | undefined {
    return this.slots.get(key) as SizedSlot | undefined;
  }

  keys(range: { [Key in keyof KvRange]?: KvRange[Key] | undefined }): string[] {
    return this.slots.keys(range);
  }

  /** Whether the value that a block has for this key no longer counts. */
  hides(key: string): boolean {
    return this.slots.get(key) !== undefined || this.deleted.has(key);
  }

  /** The deleted ranges that have keys in `[from, to)`, as they are now. */
  deletedWithin(from: string, to?: string): KeyRanges {
    return this.deleted.within(from, to);
  }

  /** The first key, from this one on, that is put or deleted here; `onlyDeleted`: that is deleted. */
  firstFrom(key: string, onlyDeleted = false): string | undefined {
    const deleted = this.deleted.firstFrom(key);
    const put = onlyDeleted ? undefined : this.keys({ from: key, limit: 1 })[0];
    return deleted === undefined || (put !== undefined && put < deleted) ? put : deleted;
  }

  /** @returns the files that are no longer needed */
  put(key: string, slot: Slot): string[] {
    const files = this.drop([key]);
    const characters = key.length + sizeOf(slot);
    this.slots.put(key, { ...slot, characters } satisfies SizedSlot);
    this.valueCharacters += characters;
    if ('file' in slot) this.fileCount++;
    return files;
  }

  /** @returns the files that are no longer needed */
  delete(from: string, to: string): string[] {
    const files = this.drop(this.keys({ from, to }));
    this.slots.deleteRange(from, to);
    this.deleted.add(from, to);
    return files;
  }

  /** Forgets the writes in `[from, to)`: blocks have them now. @returns the files that are no longer needed */
  forget(from: string, to?: string): string[] {
    const files = this.drop(this.keys({ from, to }));
    this.slots.deleteRange(from, to);
    this.forgetDeleted(from, to);
    return files;
  }

  /** Forgets the deleted ranges in `[from, to)`: no block has records there. */
  forgetDeleted(from: string, to?: string): void {
    this.deleted.remove(from, to);
  }

  /** The files with values. */
  files(): string[] {
    if (this.fileCount === 0) return [];
    return flatMap(this.keys({}), (key) => fileOf(this.slot(key)));
  }

  /** What makes these writes of none. */
  changes(): Change[] {
    return [
      ...this.deleted.map((from, to): Change => ['r', from, to]),
      ...this.keys({}).map((key): Change => ['p', key, this.slot(key)!]),
    ];
  }

  private drop(keys: readonly string[]): string[] {
    const files: string[] = [];
    for (const key of keys) {
      const slot = this.slots.get(key) as SizedSlot | undefined;
      if (!slot) continue;
      this.valueCharacters -= slot.characters;
      if ('file' in slot) {
        this.fileCount--;
        files.push(slot.file);
      }
    }
    return files;
  }
}

const fileOf = (slot: Slot | undefined): string[] => (slot && 'file' in slot ? [slot.file] : []);

function sizeOf(slot: Slot): number {
  if ('file' in slot) return 0;
  return ('value' in slot && typeof slot.value === 'string' ? slot.value : jsonOf(slot)).length;
}
