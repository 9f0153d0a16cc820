import { flatMap } from '../../util/es2019.ts';
import type { KvValue } from '../ports.ts';
import type { BlockFiles } from './block-files.ts';
import type { BlockRef } from './block-index.ts';
import { charactersOf, divide, lineOf } from './block.ts';
import type { BlockLine } from './block.ts';
import { changeWithin } from './change.ts';
import type { Change } from './change.ts';
import type { Content } from './content.ts';

/** Where a merge reads and writes. */
export interface Places {
  readonly blocks: BlockFiles;
  readonly content: Content;
  /** In characters of its lines. */
  readonly limits: { readonly block: number };
  /** Reads the value in a file of its own. */
  readonly readValue: (file: string) => Promise<KvValue>;
}

/** Blocks that are written and not in the content yet, for the keys in `[from, to)`. */
export interface Merged {
  readonly from: string;
  readonly to: string | null;
  /** There are more newest writes behind `to` in the span of the block. */
  readonly isPart: boolean;
  readonly refs: readonly BlockRef[];
  /** The writes to these keys since the moment that the blocks show. Call it once. */
  readonly since: () => Change[];
}

/** Newest values in a step, in blocks: some milliseconds of work. */
const BLOCKS_OF_VALUES = 4;
/** Values in files of their own that are read for a step. */
const FILES_OF_VALUES = 32;

/**
 * Writes new blocks in the place of the one in which a key is, with the newest writes to it. The content changes only when its
 * owner applies the result.
 *
 * @param takesNext - whether a block that is small then takes in the next one
 * @returns undefined when there was nothing to write
 */
export async function mergeAt(
  key: string,
  { blocks, content, limits, readValue }: Places,
  takesNext: boolean,
): Promise<Merged | undefined> {
  for (let count = 1; ;) {
    const { index, newest } = content;
    const { from, to, refs } = index.span(key, count);
    const read = await Promise.all(refs.map((ref) => blocks.readOnce(ref)));
    const values = await readValues(content, { from, to: to ?? undefined }, readValue);
    // Nothing waits from here to the watch. A batch that deleted one of these blocks made another index.
    if (index !== content.index) continue;
    const taken = takeNewest(content, { from, to }, values, BLOCKS_OF_VALUES * limits.block);
    // The step may end before a block.
    const old = flatMap(read, (block, at) => (isBelow(refs[at]![0], taken.to) ? block : []));
    const kept = old.filter((line) => !isBelow(line.key, taken.to) || !newest.hides(line.key));
    if (taken.lines.length === 0 && kept.length === old.length) {
      newest.forgetDeleted(from, taken.to ?? undefined);
      return undefined;
    }
    const lines = [...kept, ...taken.lines].sort((a, b) => (a.key < b.key ? -1 : 1));
    if (takesNext && to !== null && taken.to === to && charactersOf(lines) < limits.block / 4) {
      count++;
      continue;
    }
    const endWatch = content.watch();
    const since = (): Change[] =>
      endWatch()
        .map((change) => changeWithin(change, from, taken.to))
        .filter((change) => change !== undefined);
    const written = blocks.write(divide(lines, limits.block)).catch((error: unknown) => {
      endWatch();
      throw error;
    });
    return { from, to: taken.to, isPart: taken.to !== to, refs: await written, since };
  }
}

async function readValues(
  { newest }: Content,
  range: { from: string; to: string | undefined },
  readValue: Places['readValue'],
): Promise<Map<string, KvValue>> {
  if (newest.fileCount === 0) return new Map();
  const files = newest.keys(range).map((key) => newest.slot(key)?.file);
  const wanted = files.filter((file) => file !== undefined).slice(0, FILES_OF_VALUES);
  return new Map(await Promise.all(wanted.map(async (file) => [file, await readValue(file)] as const)));
}

/** The newest values from `from` on, as many as a step may have, and the key before which they end. */
function takeNewest(
  { newest }: Content,
  { from, to }: { from: string; to: string | null },
  values: ReadonlyMap<string, KvValue>,
  most: number,
): { lines: BlockLine[]; to: string | null } {
  const lines: BlockLine[] = [];
  let room = most;
  for (const key of newest.keys({ from, to: to ?? undefined })) {
    const { file, value } = newest.slot(key)!;
    if (room <= 0 || (file !== undefined && !values.has(file))) return { lines, to: key };
    const line = lineOf(key, file === undefined ? value : values.get(file));
    lines.push(line);
    room -= line.line.length;
  }
  return { lines, to };
}

const isBelow = (key: string, to: string | null): boolean => to === null || key < to;
