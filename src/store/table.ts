import type { KvValue, KvWrite } from '../platform/ports.ts';
import type { Overlay } from './overlay.ts';
import { isConversationKey, isObject } from './record-shapes.ts';
import { prefixRange } from './schema.ts';
import type { ConversationKey, ConversationRecord } from './schema.ts';

/** The parts of the store whose records are all in memory and are stored in buckets; see schema.ts. */
export type TableName = 'conversations' | 'users' | 'groups';

/**
 * Some dozen records of a table are stored as one: reading a thousand records at the start takes a few milliseconds then,
 * and not twenty or more. The last two digits of a record's key name its bucket, so no record ever moves.
 */
const bucketKey = (table: TableName, key: string): string => `${table}/${endingOf(key)}`;

const endingOf = (key: string): string => key.slice(-2);

/** All buckets of a table. */
export const tableRange = (table: TableName): { from: string; to: string } => prefixRange(`${table}/`);

/** Puts records into buckets. @param records all records of each bucket that one of them is in. */
export function bucketWrites<T>(table: TableName, records: Iterable<readonly [string, T]>): KvWrite[] {
  const buckets = new Map<string, (readonly [string, T])[]>();
  for (const record of records) {
    const at = bucketKey(table, record[0]);
    const bucket = buckets.get(at);
    if (bucket) bucket.push(record);
    else buckets.set(at, [record]);
  }
  return [...buckets].map(([key, bucket]) => ({ op: 'put', key, value: JSON.stringify(bucket) }));
}

/** Stores the changes of an overlay to a table: the whole bucket of each changed record. @param stored all records below it. */
export function tableWrites<T>(
  table: TableName,
  changed: Overlay<T>,
  stored: Iterable<readonly [string, T]>,
): KvWrite[] {
  const endings = new Set<string>();
  for (const change of changed.changes()) if (change.op === 'put') endings.add(endingOf(change.key));
  if (endings.size === 0) return [];
  const below: (readonly [string, T])[] = [];
  for (const record of stored) if (endings.has(endingOf(record[0]))) below.push(record);
  const records: (readonly [string, T])[] = [];
  // A parent of the overlay may have changed other buckets.
  for (const record of changed.over(below)) if (endings.has(endingOf(record[0]))) records.push(record);
  return bucketWrites(table, records);
}

/** The records of a bucket, and whether some of them are lost. */
interface Bucket<T> {
  records: [string, T][];
  isDamaged: boolean;
}

/** The records of a bucket; none where it is damaged. */
export const readBucket = <T>(value: KvValue | undefined): [string, T][] =>
  checkBucket(value, (record): record is T => record !== undefined).records;

/** Reads a bucket that may be damaged. @param isRecord whether a record is of its type; one that is not is left out */
export function checkBucket<T>(
  value: KvValue | undefined,
  isRecord: (record: unknown, key: string) => record is T,
): Bucket<T> {
  const entries = parseList(value);
  const records: [string, T][] = [];
  for (const entry of entries ?? []) {
    const [key, record] = (Array.isArray(entry) ? entry : []) as unknown[];
    if (typeof key === 'string' && isRecord(record, key)) records.push([key, record]);
  }
  return { records, isDamaged: records.length !== entries?.length };
}

/** The list in a record that holds JSON; undefined where the record is damaged. */
export function parseList(value: KvValue | undefined): unknown[] | undefined {
  try {
    const list: unknown = JSON.parse(value as string);
    return Array.isArray(list) ? (list as unknown[]) : undefined;
  } catch {
    return undefined;
  }
}

/** Changes every record of a stored bucket of conversations. */
export function changeConversations(
  bucket: KvValue,
  change: (record: ConversationRecord, key: ConversationKey) => ConversationRecord,
): KvWrite[] {
  const { records } = checkBucket(bucket, isStoredConversation);
  return bucketWrites(
    'conversations',
    records.map(([key, record]) => [key, change(record, key)] as const),
  );
}

/** Whether this is the record of a conversation. Its fields may still be wrong: see repair.ts, which puts them right. */
export const isStoredConversation = (record: unknown, key: string): record is ConversationRecord =>
  isConversationKey(key) && isObject(record);
