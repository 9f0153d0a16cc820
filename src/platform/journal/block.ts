import type { KvValue } from '../ports.ts';
import { firstIndex } from '../../util/first-index.ts';
import { decode, encode, frame, unframe } from './record.ts';

/** A record as a block has it. */
export interface BlockLine {
  readonly key: string;
  /** The key and the value in a {@link frame}, without the line break; damaged text when the record is. */
  readonly line: string;
}

/**
 * Records of consecutive keys, in their order. The first line of its file names all keys, and a line for each record follows.
 * A byte that is damaged costs one record at most, and its key is still known.
 */
export type Block = readonly BlockLine[];

/** @param json - that of the value */
export const lineOf = (key: string, json: string): BlockLine => ({
  key,
  line: frame(0, `[${encode(key)},${json}]`).slice(1),
});

export const blockText = (block: Block): string =>
  [frame(0, encode(block.map(({ key }) => key))).slice(1), ...block.map(({ line }) => line)].join('\n');

/** @returns undefined when records are lost and their keys, too */
export function parseBlock(text: string): Block | undefined {
  const [first, ...lines] = text.split('\n');
  const head = unframe(first!);
  if (!head) {
    // The list of keys may be two lines now.
    const left = lines.slice(lines.findIndex(isWhole));
    return left.length > 0 && left.every(isWhole) ? left.map(keyedLine) : undefined;
  }
  const keys = decode(head.json) as string[];
  if (keys.length === lines.length) return keys.map((key, index) => ({ key, line: lines[index]! }));
  // A line break was damaged, or there is one too many.
  const whole = new Map(lines.filter(isWhole).map((line) => [keyedLine(line).key, line]));
  return keys.map((key) => ({ key, line: whole.get(key) ?? '' }));
}

const isWhole = (line: string): boolean => unframe(line) !== undefined;

const keyedLine = (line: string): BlockLine => ({ key: (decode(unframe(line)!.json) as [string])[0], line });

/** Index of the first record whose key is not below this one. */
export const indexIn = (block: Block, key: string): number =>
  firstIndex(block.length, (index) => block[index]!.key < key);

/** @returns null for a record that is damaged: its reader sees that something was there */
export function valueOf({ key, line }: BlockLine): KvValue {
  const record = unframe(line);
  if (!record) return null;
  const [name, value] = decode(record.json) as [string, KvValue];
  return name === key ? value : null;
}

export const sorted = (lines: Block): Block => [...lines].sort((a, b) => (a.key < b.key ? -1 : 1));

export const charactersOf = (block: Block): number => block.reduce((sum, { line }) => sum + line.length, 0);

/**
 * Divides records into blocks: of three quarters of the limit, and what remains, up to the limit, in the last one. A record that
 * is larger has a block of its own.
 *
 * @param limit - characters of the lines of a block
 */
export function divide(lines: Block, limit: number): Block[] {
  const blocks: BlockLine[][] = [];
  let left = charactersOf(lines);
  let room = 0;
  for (const line of lines) {
    if (blocks.length === 0 || room < line.line.length) {
      blocks.push([]);
      // The last one takes everything that is left.
      room = left <= limit ? Infinity : (limit * 3) / 4;
    }
    blocks[blocks.length - 1]!.push(line);
    room -= line.line.length;
    left -= line.line.length;
  }
  return blocks;
}
