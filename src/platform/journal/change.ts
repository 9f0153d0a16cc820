import type { KvValue, KvWrite } from '../ports.ts';
import type { BlockRef } from './block-index.ts';
import { decode, encode } from './record.ts';

/**
 * A value: itself, or as the JSON in which it came and goes on, or in a file of its own as databases had them before there were
 * blocks.
 */
export type Slot = { readonly value: KvValue } | { readonly json: string } | { readonly file: string };

/** The JSON of a value that is in no file. */
export const jsonOf = (slot: Exclude<Slot, { file: string }>): string =>
  'json' in slot ? slot.json : encode(slot.value);

/**
 * A change in a line of the journal:
 *
 * - `p`: a value is put.
 * - `r`: the keys in `[from, to)` are deleted.
 * - `b`: these blocks replace all that begin in `[from, to)`, and contain what was written to these keys before. `null` is
 *   behind the last key.
 * - `l`: records were lost, and it is not known which.
 *
 * A line has the value itself of `p`, and `f` in its place when the value is in a file.
 */
export type Change =
  | readonly ['p', key: string, slot: Slot]
  | readonly ['r', from: string, to: string]
  | readonly ['b', from: string, to: string | null, blocks: readonly BlockRef[]]
  | readonly ['l'];

type ChangeInLine =
  readonly ['p', string, KvValue] | readonly ['f', string, string] | Exclude<Change, readonly ['p', ...unknown[]]>;

export function changeOf(write: KvWrite): Change {
  if (write.op === 'put') return ['p', write.key, { json: encode(write.value ?? null) }];
  return write.op === 'delete' ? ['r', write.key, `${write.key}\0`] : ['r', write.from, write.to];
}

export const encodeChanges = (changes: readonly Change[]): string => `[${changes.map(encodeChange).join(',')}]`;

function encodeChange(change: Change): string {
  if (change[0] !== 'p') return encode(change);
  const [, key, slot] = change;
  return 'file' in slot ? encode(['f', key, slot.file]) : `["p",${encode(key)},${jsonOf(slot)}]`;
}

export const decodeChanges = (json: string): Change[] =>
  (decode(json) as ChangeInLine[]).map((change) => {
    if (change[0] === 'p') return ['p', change[1], { value: change[2] }];
    return change[0] === 'f' ? ['p', change[1], { file: change[2] }] : change;
  });

/** The part of a write that concerns `[from, to)`, if any does. */
export function changeWithin(change: Change, from: string, to: string | null): Change | undefined {
  if (change[0] === 'p') return from <= change[1] && (to === null || change[1] < to) ? change : undefined;
  if (change[0] !== 'r') return undefined;
  const start = change[1] < from ? from : change[1];
  const end = to !== null && to < change[2] ? to : change[2];
  return start < end ? ['r', start, end] : undefined;
}
