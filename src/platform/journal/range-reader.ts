import { firstIndex } from '../../util/first-index.ts';
import type { KvEntry, KvRange, KvValue } from '../ports.ts';
import type { BlockFiles } from './block-files.ts';
import { indexIn, valueOf } from './block.ts';
import type { BlockLine } from './block.ts';
import type { BlockRef } from './block-index.ts';
import type { View } from './content.ts';
import type { Slot } from './change.ts';

/** Node limits the number of open files, mini-programs that of calls. */
const READS_AT_ONCE = 16;

interface Found {
  readonly key: string;
  readonly line?: BlockLine;
}

/** Reads a range of a view: no more blocks than its limit needs. */
export async function readRange(
  view: View,
  { from, to, reverse = false, limit = Infinity }: KvRange,
  blocks: BlockFiles,
  slotValue: (slot: Slot) => Promise<KvValue>,
): Promise<KvEntry[]> {
  const { keys, slots, refs, deleted } = view;
  const isBefore = (a: string, b: string): boolean => (reverse ? a > b : a < b);
  const found: Found[] = [];
  const linesOf = async (ref: BlockRef): Promise<Found[]> => {
    const block = await blocks.read(ref);
    const lines = block.slice(indexIn(block, from), indexIn(block, to));
    const visible = lines.filter(({ key }) => !slots.has(key) && !deleted.has(key));
    return (reverse ? visible.reverse() : visible).map((line) => ({ key: line.key, line }));
  };
  for (let at = 0; at < refs.length;) {
    const edge = refs[at]![reverse ? 1 : 0];
    const before = firstIndex(keys.length, (index) => isBefore(keys[index]!, edge));
    if (found.length + before >= limit) break;
    const next = refs.slice(at, at + (limit === Infinity ? READS_AT_ONCE : 1));
    for (const lines of await Promise.all(next.map(linesOf))) found.push(...lines);
    at += next.length;
  }
  const all = [...keys.map((key): Found => ({ key })), ...found].sort((a, b) => (isBefore(a.key, b.key) ? -1 : 1));
  const entries: KvEntry[] = [];
  for (let at = 0; at < all.length && at < limit; at += READS_AT_ONCE) {
    const some = all.slice(at, Math.min(at + READS_AT_ONCE, limit));
    const read = some.map(async ({ key, line }) => ({
      key,
      value: line ? valueOf(line) : await slotValue(slots.get(key)!),
    }));
    entries.push(...(await Promise.all(read)));
  }
  return entries;
}
