import type { KvValue, KvWrite } from '../ports.ts';
import type { BlockRef } from './block-index.ts';

/**
 * A change in a line of the journal:
 *
 * - `p`: a value is put.
 * - `f`: a value is in the file of this name. Databases had such values before there were blocks.
 * - `r`: the keys in `[from, to)` are deleted.
 * - `b`: these blocks replace all that begin in `[from, to)`, and contain what was written to these keys before. `null` is
 *   behind the last key.
 * - `l`: records were lost, and it is not known which.
 */
export type Change =
  | readonly ['p', key: string, value: KvValue]
  | readonly ['f', key: string, file: string]
  | readonly ['r', from: string, to: string]
  | readonly ['b', from: string, to: string | null, blocks: readonly BlockRef[]]
  | readonly ['l'];

export function changeOf(write: KvWrite): Change {
  if (write.op === 'put') return ['p', write.key, write.value];
  return write.op === 'delete' ? ['r', write.key, `${write.key}\0`] : ['r', write.from, write.to];
}

/** The part of a write that concerns `[from, to)`, if any does. */
export function changeWithin(change: Change, from: string, to: string | null): Change | undefined {
  if (change[0] === 'p') return from <= change[1] && (to === null || change[1] < to) ? change : undefined;
  if (change[0] !== 'r') return undefined;
  const start = change[1] < from ? from : change[1];
  const end = to !== null && to < change[2] ? to : change[2];
  return start < end ? ['r', start, end] : undefined;
}
