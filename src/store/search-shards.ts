import type { KvValue } from '../platform/ports.ts';
import { firstIndex } from '../util/first-index.ts';
import { isObject } from './record-shapes.ts';
import { prefixRange } from './schema.ts';

/** A range of keys of segments: `from` belongs to it, `to` does not. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/** Neighbouring segments that have one signature together. */
export interface Indexed extends KeyRange {
  /** No message in them is newer than this. A message id as a number, which may be rounded, as all ids that it is compared with. */
  readonly newest: number;
  readonly signature: Uint8Array;
}

/** A part of the index, which is one record. Its entries divide its range. */
export interface Shard extends KeyRange {
  readonly entries: readonly Indexed[];
}

/** The ranges of all shards, ascending. What none of them covers is not in the index. */
export type Shards = readonly KeyRange[];

/** The form of the index. An index of another form is built again. */
const FORM = 1;

/** The keys of all segments. */
export const ALL_SEGMENTS: KeyRange = prefixRange('s/');

export const overlap = (a: KeyRange, b: KeyRange): boolean => a.from < b.to && b.from < a.to;

/** The part of a range that lies in another. */
export const clipped = (range: KeyRange, within: KeyRange): KeyRange => ({
  from: range.from > within.from ? range.from : within.from,
  to: range.to < within.to ? range.to : within.to,
});

/** The range that holds this key. @param ranges ascending, none overlaps another */
export function rangeAt<T extends KeyRange>(ranges: readonly T[], key: string): T | undefined {
  const range = ranges[firstIndex(ranges.length, (index) => ranges[index]!.from <= key) - 1];
  return range && key < range.to ? range : undefined;
}

/** The ranges that meet another. @param ranges ascending, none overlaps another */
export const rangesIn = <T extends KeyRange>(ranges: readonly T[], within: KeyRange): T[] =>
  ranges.slice(
    firstIndex(ranges.length, (index) => ranges[index]!.to <= within.from),
    firstIndex(ranges.length, (index) => ranges[index]!.from < within.to),
  );

/** What the shards leave out of a range, ascending. */
export function gapsIn(shards: Shards, within: KeyRange): KeyRange[] {
  const gaps: KeyRange[] = [];
  let { from } = within;
  for (const shard of rangesIn(shards, within)) {
    if (from < shard.from) gaps.push({ from, to: shard.from });
    from = shard.to;
  }
  if (from < within.to) gaps.push({ from, to: within.to });
  return gaps;
}

/** The shards with these in a range, where none or others were. */
export const withShards = (shards: Shards, within: KeyRange, placed: Shards): Shards => [
  ...shards.filter(({ to }) => to <= within.from),
  ...placed.map(({ from, to }) => ({ from, to })),
  ...shards.filter(({ from }) => within.to <= from),
];

export const packShards = (shards: Shards): KvValue => ({
  form: FORM,
  ranges: shards.map(({ from, to }) => [from, to]),
});

/** Reads what {@link packShards} made; none where it is absent, damaged or of another form. */
export function unpackShards(record: KvValue | undefined): Shards {
  const { form, ranges } = (isObject(record) ? record : {}) as { form?: unknown; ranges?: unknown };
  if (form !== FORM || !Array.isArray(ranges)) return [];
  const shards: KeyRange[] = [];
  let last = ALL_SEGMENTS.from;
  for (const range of ranges as unknown[]) {
    const [from, to] = Array.isArray(range) ? (range as unknown[]) : [];
    if (typeof from !== 'string' || typeof to !== 'string' || from < last || to <= from) return [];
    shards.push({ from, to });
    last = to;
  }
  return last <= ALL_SEGMENTS.to ? shards : [];
}

/** A shard as it is stored. Where an entry ends, the next one begins. */
interface ShardRecord {
  readonly starts: readonly string[];
  /** Where the last entry ends. */
  readonly to: string;
  readonly newest: readonly number[];
  /** Bytes of each signature. */
  readonly sizes: readonly number[];
  /** The signatures, one after another. */
  readonly signatures: Uint8Array;
}

export function packShard({ to, entries }: Shard): KvValue {
  const sizes = entries.map(({ signature }) => signature.length);
  const signatures = new Uint8Array(sumOf(sizes));
  let at = 0;
  for (const { signature } of entries) {
    signatures.set(signature, at);
    at += signature.length;
  }
  const record: ShardRecord = {
    starts: entries.map(({ from }) => from),
    to,
    newest: entries.map(({ newest }) => newest),
    sizes,
    signatures,
  };
  return record;
}

/** Reads what {@link packShard} made; undefined where it is absent or damaged. */
export function unpackShard(record: KvValue | undefined, { from, to }: KeyRange): Shard | undefined {
  if (!isShardRecord(record)) return undefined;
  const { starts, newest, sizes, signatures } = record;
  if (starts[0] !== from || record.to !== to || starts.some((start, index) => start >= (starts[index + 1] ?? to)))
    return undefined;
  let at = 0;
  const entries = starts.map((start, index): Indexed => {
    const signature = signatures.subarray(at, (at += sizes[index]!));
    return { from: start, to: starts[index + 1] ?? to, newest: newest[index]!, signature };
  });
  return { from, to, entries };
}

function isShardRecord(record: KvValue | undefined): record is ShardRecord {
  if (!isObject(record)) return false;
  const { starts, newest, sizes, signatures } = record as Partial<Record<keyof ShardRecord, unknown>>;
  return (
    isListOf(starts, (start) => typeof start === 'string') &&
    isListOf(newest, (id) => typeof id === 'number') &&
    isListOf(sizes, (size) => Number.isInteger(size) && (size as number) >= 0) &&
    newest.length === starts.length &&
    sizes.length === starts.length &&
    Object.prototype.toString.call(signatures) === '[object Uint8Array]' &&
    (signatures as Uint8Array).length === sumOf(sizes as number[])
  );
}

const isListOf = (list: unknown, is: (item: unknown) => boolean): list is unknown[] =>
  Array.isArray(list) && list.every(is);

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
