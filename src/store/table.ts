import type { KvValue, KvWrite } from '../platform/ports.ts';
import { readList } from './read-list.ts';
import { prefixRange } from './schema.ts';
import type { ConversationKey, ConversationRecord } from './schema.ts';

/** Records by key that are all in memory; see schema.ts. */
export type TableName = 'conversations' | 'users' | 'groups';

/**
 * Some dozen records of a table are stored as one: reading a thousand of them at the start takes a few milliseconds then, and
 * not twenty or more. A key's last two digits say where it is, so that no record ever moves.
 */
const bucketKey = (table: TableName, key: string): string => `${table}/${endingOf(key)}`;

const endingOf = (key: string): string => key.slice(-2);

/** All buckets of a table. */
export const tableRange = (table: TableName): { from: string; to: string } => prefixRange(`${table}/`);

/** Whole buckets as they are to be stored. */
export function bucketWrites<T>(table: TableName, records: Iterable<readonly [string, T]>): KvWrite[] {
  const buckets = new Map<string, (readonly [string, T])[]>();
  for (const record of records) {
    const at = bucketKey(table, record[0]);
    buckets.set(at, [...(buckets.get(at) ?? []), record]);
  }
  return [...buckets].map(([key, bucket]) => ({ op: 'put', key, value: JSON.stringify(bucket) }));
}

/** The records of a bucket; none where it is damaged. */
export const readBucket = <T>(value: KvValue | undefined): [string, T][] => readList(value);

/** A bucket of conversations with something changed in every record, as it is to be stored. */
export function changeConversations(
  bucket: KvValue,
  change: (record: ConversationRecord, key: ConversationKey) => ConversationRecord,
): KvWrite[] {
  const records = readBucket<ConversationRecord>(bucket);
  return bucketWrites(
    'conversations',
    records.map(([key, record]) => [key, change(record, key)] as const),
  );
}

/** Changes to a table in the making. */
export class TableDraft<T> {
  private readonly name: TableName;
  /** What is stored. */
  private readonly stored: Map<string, T>;
  /** What the draft below, which is on its way to the disk, changes in that. */
  private readonly below: ReadonlyMap<string, T>;
  private readonly changed: Map<string, T>;

  constructor(
    name: TableName,
    stored: Map<string, T>,
    below: ReadonlyMap<string, T> = new Map(),
    changed: ReadonlyMap<string, T> = new Map(),
  ) {
    this.name = name;
    this.stored = stored;
    this.below = below;
    this.changed = new Map(changed);
  }

  /** See StoreTransaction. */
  fork(): TableDraft<T> {
    return new TableDraft(this.name, this.stored, this.below, this.changed);
  }

  /** See StoreTransaction. */
  next(): TableDraft<T> {
    return new TableDraft(this.name, this.stored, this.changed);
  }

  get(key: string): T | undefined {
    return this.changed.get(key) ?? this.below.get(key) ?? this.stored.get(key);
  }

  set(key: string, record: T): void {
    this.changed.set(key, record);
  }

  get writes(): KvWrite[] {
    const endings = new Set([...this.changed.keys()].map(endingOf));
    const records = new Map<string, T>();
    if (endings.size > 0)
      for (const layer of [this.stored, this.below, this.changed])
        for (const [key, record] of layer) if (endings.has(endingOf(key))) records.set(key, record);
    return bucketWrites(this.name, records);
  }

  /** To be called after the commit. */
  publish(): void {
    for (const [key, record] of this.changed) this.stored.set(key, record);
  }
}
