import type { KvEntry, KvValue, KvWrite } from '../platform/ports.ts';
import type { Overlay } from './overlay.ts';
import { isConversationKey, isObject } from './record-shapes.ts';
import { prefixRange } from './schema.ts';
import type { ConversationKey, ConversationRecord } from './schema.ts';
import { TableIndex } from './table-index.ts';
import type { BucketChanges } from './table-index.ts';

/** The parts of the store whose records are all in memory and are stored in buckets; see schema.ts. */
export type TableName = 'conversations' | 'users' | 'groups';

export const TABLES: readonly TableName[] = ['conversations', 'users', 'groups'];

/**
 * The key of a bucket. Some dozen records are stored as one: reading a thousand records at the start takes a few milliseconds
 * then, and not twenty or more. See {@link TableIndex} for the names.
 */
export const bucketKey = (table: TableName, name: string): string => `${table}/${name}`;

/** The name of a bucket in its key. */
export const bucketName = (key: string): string => key.slice(key.indexOf('/') + 1);

/** The table of a bucket. */
export const tableOf = (key: string): TableName => key.slice(0, key.indexOf('/')) as TableName;

/** All buckets of a table. */
export const tableRange = (table: TableName): { from: string; to: string } => prefixRange(`${table}/`);

/** Stores a bucket with these records; one without records is deleted. */
export const putBucket = (key: string, records: readonly (readonly [string, unknown])[]): KvWrite =>
  records.length > 0 ? { op: 'put', key, value: JSON.stringify(records) } : { op: 'delete', key };

/** Stores a table that has no records yet. */
export function newTable(table: TableName, records: ReadonlyMap<string, unknown>): KvWrite[] {
  return bucketWrites(table, new TableIndex().changes(records.keys()), (key) => records.get(key));
}

/** Stores the changes of an overlay to a table: the whole bucket of each changed record, and its parts when it is split. */
export function tableWrites<T>(
  table: TableName,
  changed: Overlay<T>,
  stored: ReadonlyMap<string, T>,
  index: TableIndex,
): KvWrite[] {
  const keys: string[] = [];
  for (const change of changed.changes()) if (change.op === 'put') keys.push(change.key);
  return keys.length > 0 ? bucketWrites(table, index.changes(keys), (key) => changed.get(key, stored)) : [];
}

/** Splits a stored bucket that has too many records; none are written for others. */
export function splitBucket({ key, value }: KvEntry): KvWrite[] {
  const { records, isDamaged } = checkBucket(value, (record): record is unknown => record !== undefined);
  // The damage must be found when it is read.
  if (isDamaged) return [];
  const index = new TableIndex();
  const recordOf = new Map(records);
  index.add(bucketName(key), [...recordOf.keys()]);
  const changes = index.changes(recordOf.keys());
  return changes.size > 1 ? bucketWrites(tableOf(key), changes, (of) => recordOf.get(of)) : [];
}

const bucketWrites = (table: TableName, changes: BucketChanges, recordOf: (key: string) => unknown): KvWrite[] =>
  [...changes].map(([name, keys]) =>
    putBucket(
      bucketKey(table, name),
      keys.map((key) => [key, recordOf(key)] as const),
    ),
  );

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
    // There may be hundreds of thousands, and taking a list apart by its iterator is slow.
    const pair = (Array.isArray(entry) ? entry : []) as unknown[];
    const key = pair[0];
    const record = pair[1];
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
  { key, value }: KvEntry,
  change: (record: ConversationRecord, key: ConversationKey) => ConversationRecord,
): KvWrite {
  const { records } = checkBucket(value, isStoredConversation);
  // One that cannot be read stays, so that the next start finds the damage.
  if (records.length === 0) return { op: 'put', key, value };
  return putBucket(
    key,
    records.map(([of, record]) => [of, change(record, of)] as const),
  );
}

/** Whether this is the record of a conversation. Its fields may still be wrong: see repair.ts, which puts them right. */
export const isStoredConversation = (record: unknown, key: string): record is ConversationRecord =>
  isConversationKey(key) && isObject(record);
