import type { GroupInfo } from '../model/group.ts';
import type { RosterItem } from '../model/user.ts';
import type { KvEntry, KvStore, KvWrite } from '../platform/ports.ts';
import { isWholeConversation, isObject, isStoredId } from './record-shapes.ts';
import { repairConversations, storedConversations } from './repair.ts';
import { NO_GAPS, NO_MARKS } from './schema.ts';
import type { ConversationRecord } from './schema.ts';
import type { StoreRecords } from './store-changes.ts';
import { bucketName, checkBucket, isStoredConversation, putBucket, tableRange, TABLES } from './table.ts';
import type { TableName } from './table.ts';
import type { WorkingSet } from './working-set.ts';

/** Reads the tables of a database into a working set. */
export class StoredTables {
  private readonly kv: KvStore;
  private readonly working: WorkingSet;
  private readonly damaged: { readonly table: TableName; readonly entry: KvEntry }[] = [];

  constructor(kv: KvStore, working: WorkingSet) {
    this.kv = kv;
    this.working = working;
  }

  /** Reads everything. @returns the keys of the damaged buckets; what they held comes from the server again */
  async readAll(): Promise<readonly string[]> {
    const tables = await Promise.all(
      TABLES.map(async (table) => [table, await this.kv.range(tableRange(table))] as const),
    );
    for (const [table, entries] of tables) for (const entry of entries) this.take(table, entry);
    return this.repair();
  }

  private take(table: TableName, entry: KvEntry): void {
    const { records, isDamaged } = RECORDS[table](entry);
    if (isDamaged) this.damaged.push({ table, entry });
    else this.working.load(table, bucketName(entry.key), records);
  }

  /** Repairs the damaged buckets. It comes last, because a record that is lost is one that is in no bucket. */
  private async repair(): Promise<readonly string[]> {
    const { working, kv, damaged } = this;
    const isLosing = damaged.some(({ table }) => table === 'conversations');
    const talked = isLosing ? await storedConversations(kv) : [];
    const writes: KvWrite[] = [];
    for (const { table, entry } of damaged) {
      const lost = talked.filter((key) => key.endsWith(bucketName(entry.key)) && !working.conversations.has(key));
      if (table === 'conversations') {
        const records = await repairConversations(kv, RECORDS.conversations(entry).records, lost);
        writes.push(this.replace(table, entry, records));
      } else writes.push(this.replace(table, entry, RECORDS[table](entry).records));
    }
    if (writes.length > 0) await kv.commit(writes);
    return damaged.map(({ entry }) => entry.key);
  }

  private replace<Name extends TableName>(
    table: Name,
    { key }: KvEntry,
    records: readonly (readonly [string, StoreRecords[Name]])[],
  ): KvWrite {
    this.working.load(table, bucketName(key), records);
    return putBucket(key, records);
  }
}

/**
 * The record of a conversation as it is kept in memory. There may be a hundred thousand, so parts that are alike in most of them
 * are there once.
 */
function shareParts(record: Partial<ConversationRecord>): void {
  if (record.gaps?.length === 0) record.gaps = NO_GAPS;
  if (record.readMarks?.length === 0) record.readMarks = NO_MARKS;
  if (record.newestId !== undefined && record.previewId === record.newestId) record.previewId = record.newestId;
}

interface Records<T> {
  records: (readonly [string, T])[];
  isDamaged: boolean;
}

/** The valid records of a stored bucket, and whether there were others. */
const RECORDS: { readonly [Name in TableName]: (entry: KvEntry) => Records<StoreRecords[Name]> } = {
  conversations: ({ key, value }) => {
    const { records, isDamaged } = checkBucket(value, isIn(key, isStoredConversation));
    const isWhole = !isDamaged && records.every(([, record]) => isWholeConversation(record));
    if (isWhole) for (const [, record] of records) shareParts(record);
    return { records, isDamaged: !isWhole };
  },
  users: ({ key, value }) => checkBucket(value, isIn(key, isDetails)),
  groups: ({ key, value }) => checkBucket(value, isIn(key, isDetails)),
};

const isDetails = (record: unknown, key: string): record is RosterItem & GroupInfo =>
  isStoredId(key) && isObject(record);

/** The check of a record, and that it is in the bucket where it belongs. */
const isIn =
  <T>(bucket: string, isRecord: (record: unknown, key: string) => record is T) =>
  (record: unknown, key: string): record is T =>
    key.endsWith(bucketName(bucket)) && isRecord(record, key);
