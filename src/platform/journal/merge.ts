import { flatMap } from '../../util/es2019.ts';
import type { BlockFiles } from './block-files.ts';
import type { BlockRef } from './block-index.ts';
import { charactersOf, divide, lineOf, sorted } from './block.ts';
import type { BlockLine } from './block.ts';
import { changeWithin, jsonOf } from './change.ts';
import type { Change } from './change.ts';
import type { Content } from './content.ts';

/** Where a merge reads and writes. */
export interface Places {
  readonly blocks: BlockFiles;
  readonly content: Content;
  /** In characters of its lines. */
  readonly limits: { readonly block: number };
  /** Reads the JSON of a value in a file of its own. */
  readonly readJson: (file: string) => Promise<string>;
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
const BLOCKS_OF_VALUES = 2;
/** Newest values in a step. */
const VALUES_AT_MOST = 1000;
/** Values in files of their own that are read for a step. */
const FILES_AT_MOST = 16;

/**
 * Writes new blocks in the place of the one in which a key is, with the newest writes to it. The content changes only when its
 * owner applies the result.
 *
 * @param takesNext - whether a block that is small then takes in the next one
 * @returns undefined when there was nothing to write
 */
export async function mergeAt(
  key: string,
  { blocks, content, limits, readJson }: Places,
  takesNext: boolean,
): Promise<Merged | undefined> {
  for (let count = 1; ;) {
    const { index, newest } = content;
    const { from, to, refs } = index.span(key, count);
    const read = await Promise.all(refs.map((ref) => blocks.readOnce(ref)));
    const inFiles = await readFiles(content, { from, to: to ?? undefined }, readJson);
    // Nothing waits from here to the watch. A batch that deleted one of these blocks made another index.
    if (index !== content.index) continue;
    const taken = takeNewest(content, { from, to }, inFiles, BLOCKS_OF_VALUES * limits.block);
    // The step may end before a block.
    const old = flatMap(read, (block, at) => (isBelow(refs[at]![0], taken.to) ? block : []));
    const kept = old.filter((line) => !isBelow(line.key, taken.to) || !newest.hides(line.key));
    if (taken.lines.length === 0 && kept.length === old.length) {
      newest.forgetDeleted(from, taken.to ?? undefined);
      return undefined;
    }
    const lines = sorted([...kept, ...taken.lines]);
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

async function readFiles(
  { newest }: Content,
  range: { from: string; to: string | undefined },
  readJson: Places['readJson'],
): Promise<Map<string, string>> {
  if (newest.fileCount === 0) return new Map();
  const files = flatMap(newest.keys({ ...range, limit: FILES_AT_MOST }), (key) => {
    const slot = newest.slot(key)!;
    return 'file' in slot ? [slot.file] : [];
  });
  return new Map(await Promise.all(files.map(async (file) => [file, await readJson(file)] as const)));
}

/** The newest values from `from` on, as many as a step may have, and the key before which they end. */
function takeNewest(
  { newest }: Content,
  { from, to }: { from: string; to: string | null },
  inFiles: ReadonlyMap<string, string>,
  most: number,
): { lines: BlockLine[]; to: string | null } {
  const lines: BlockLine[] = [];
  let room = most;
  for (const key of newest.keys({ from, to: to ?? undefined, limit: VALUES_AT_MOST + 1 })) {
    const slot = newest.slot(key)!;
    const json = 'file' in slot ? inFiles.get(slot.file) : jsonOf(slot);
    if (room <= 0 || json === undefined || lines.length === VALUES_AT_MOST) return { lines, to: key };
    const line = lineOf(key, json);
    lines.push(line);
    room -= line.line.length;
  }
  return { lines, to };
}

const isBelow = (key: string, to: string | null): boolean => to === null || key < to;
