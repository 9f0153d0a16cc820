import type { GroupInfo } from '../model/group.ts';
import type { RosterItem } from '../model/user.ts';
import type { Clock, KvEntry, KvStore, KvWrite } from '../platform/ports.ts';
import { nextTurn } from '../util/slices.ts';
import { NO_GAPS } from './gaps.ts';
import { isObject, isStoredId, isWholeConversation } from './record-shapes.ts';
import { repairConversations, storedConversations } from './repair.ts';
import { NO_MARKS } from './schema.ts';
import type { ConversationRecord } from './schema.ts';
import { readPages } from './segment-reader.ts';
import type { StoreRecords } from './store-changes.ts';
import { bucketName, checkBucket, isStoredConversation, putBucket, tableOf, tableRange, TABLES } from './table.ts';
import type { TableName } from './table.ts';
import type { WorkingSet } from './working-set.ts';

/** Buckets that are read in one go while others use the thread, too: some milliseconds of work. */
const BUCKETS_AT_ONCE = 64;

/** Reads the tables of a database into a working set. */
export class StoredTables {
  private readonly kv: KvStore;
  private readonly working: WorkingSet;
  /** The keys of the buckets that are read. */
  private readonly read = new Set<string>();
  private readonly damaged: { readonly table: TableName; readonly entry: KvEntry }[] = [];

  constructor(kv: KvStore, working: WorkingSet) {
    this.kv = kv;
    this.working = working;
  }

  /** Reads some buckets, as far as they are there. */
  async readSome(keys: readonly string[]): Promise<void> {
    const values = await Promise.all(keys.map(async (key) => this.kv.get(key)));
    for (const [at, value] of values.entries()) if (value !== undefined) this.take({ key: keys[at]!, value });
  }

  /** Reads everything. */
  async readAll(): Promise<void> {
    const tables = await Promise.all(TABLES.map(async (table) => this.kv.range(tableRange(table))));
    for (const entries of tables) for (const entry of entries) this.take(entry);
  }

  /**
   * Reads everything that is not read yet, bit by bit, and lets the page or process do something else in between.
   *
   * @param mustGoOn called before each bit; it throws to end this
   */
  async readRest(clock: Clock | undefined, mustGoOn: () => void): Promise<void> {
    let askedAt = clock?.now();
    for (const table of TABLES)
      for await (const page of readPages(this.kv, { ...tableRange(table), limit: BUCKETS_AT_ONCE })) {
        mustGoOn();
        // A database that answers at once answers in the same turn. Waiting for another one is such a pause, and a timer of a
        // hidden page would take a second.
        if (clock && clock.now() === askedAt) await nextTurn(clock);
        for (const entry of page) this.take(entry);
        askedAt = clock?.now();
      }
  }

  private take(entry: KvEntry): void {
    if (this.read.has(entry.key)) return;
    this.read.add(entry.key);
    const table = tableOf(entry.key);
    const { records, isDamaged } = RECORDS[table](entry);
    if (isDamaged) this.damaged.push({ table, entry });
    else this.working.load(table, bucketName(entry.key), records);
  }

  /**
   * Repairs the damaged buckets. Call it when everything is read, because a record that is lost is one that is in no bucket.
   *
   * @returns their keys; what they held comes from the server again
   */
  async repair(): Promise<readonly string[]> {
    const { working, kv, damaged } = this;
    const isLosing = damaged.some(({ table }) => table === 'conversations');
    const talked = isLosing ? await storedConversations(kv) : [];
    const writes: KvWrite[] = [];
    for (const { table, entry } of damaged) {
      if (table === 'conversations') {
        const name = bucketName(entry.key);
        const lost = talked.filter((key) => key.endsWith(name) && !working.conversations.has(key));
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
