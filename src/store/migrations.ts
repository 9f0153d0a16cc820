import { FlooError } from '../errors.ts';
import type { DeviceNames } from '../model/device.ts';
import type { Id } from '../model/ids.ts';
import type { KvEntry, KvStore, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { LOWEST, previousId, withGap } from './gaps.ts';
import { isDeviceNames, isGaps, isObject, isStoredId } from './record-shapes.ts';
import { readPages } from './segment-reader.ts';
import {
  CAUGHT_UP,
  conversationOfSegment,
  emptyConversation,
  isMessage,
  KEYS,
  NOT_CAUGHT_UP,
  prefixRange,
  SCHEMA_VERSION,
} from './schema.ts';
import type { OutboxEntry, StoredItem } from './schema.ts';
import { changeConversations, newTable, splitBucket, tableRange, TABLES } from './table.ts';
import type { TableName } from './table.ts';
import { packItems, unpackItems } from './segment-record.ts';

/** An upgrade commits when it has so many writes. */
const MANY_WRITES = 500;

/** Makes records that a database does not have yet. */
export interface FirstRecords {
  /** The first records of a new database. */
  seed?: () => readonly KvWrite[];
  /** Names that the device had before its database had them. @param isNew the database is empty */
  earlierNames?: (isNew: boolean) => DeviceNames | undefined;
  /** The names of a new device. Without it, a database gets none. */
  newNames?: () => DeviceNames;
  /** The database had an older form and has the new one. */
  onUpgraded?: (from: number, to: number) => void;
}

/**
 * Brings a database to {@link SCHEMA_VERSION}. The version is written last, so an interrupted upgrade is done again; doing it
 * twice changes nothing.
 *
 * @throws FlooError DbOperationFailed when a newer release wrote it.
 */
export async function migrate(kv: KvStore, first: FirstRecords = {}): Promise<void> {
  const [stored, device] = await Promise.all([kv.get(KEYS.schema), kv.get(KEYS.device)]);
  const version = Number.isInteger(stored) ? (stored as number) : undefined;
  const isDamaged = kv.isDamaged === true;
  // As a new device it gets everything that the server holds, also what was lost.
  const isNamed = (isDeviceNames(device) && !isDamaged) || !first.newNames;
  if (version === SCHEMA_VERSION && isNamed && !isDamaged) return;
  if (version !== undefined && version > SCHEMA_VERSION)
    throw new FlooError(
      'DbOperationFailed',
      `the database is of version ${version}, this release reads ${SCHEMA_VERSION}`,
    );
  // The version is absent in version 1 and in a new database, which has next to nothing to upgrade.
  if (version === undefined) await upgradeFrom1(kv);
  else if (version !== SCHEMA_VERSION) await upgradeFrom2(kv);
  const known = await kv.range({ ...tableRange('conversations'), limit: 1 });
  const isNew = version === undefined && known.length === 0;
  await kv.commit([
    ...(isNew ? (first.seed?.() ?? []) : []),
    ...(isNamed ? [] : await nameDevice(kv, first, device === undefined && !isDamaged, isNew)),
    ...(isDamaged ? await gapsEverywhere(kv) : []),
    { op: 'put', key: KEYS.schema, value: SCHEMA_VERSION },
  ]);
  if (!isNew && version !== SCHEMA_VERSION) first.onUpgraded?.(version ?? 1, SCHEMA_VERSION);
}

/** Notes that any message may be missing, and that the index of searches may be one of other texts. It belongs into the first batch, with which the damage is forgotten. */
async function gapsEverywhere(kv: KvStore): Promise<KvWrite[]> {
  const buckets = await kv.range(tableRange('conversations'));
  return [
    { op: 'deleteRange', ...prefixRange('i/') },
    ...buckets.map((bucket) =>
      changeConversations(bucket, (record) =>
        isStoredId(record.newestId) && record.newestId !== '0'
          ? { ...record, gaps: [[LOWEST, record.newestId]] }
          : record,
      ),
    ),
  ];
}

/** @param neverNamed this database had no names before; else they were damaged */
async function nameDevice(
  kv: KvStore,
  { earlierNames, newNames }: FirstRecords,
  neverNamed: boolean,
  isNew: boolean,
): Promise<KvWrite[]> {
  const earlier = neverNamed ? earlierNames?.(isNew) : undefined;
  const rows = earlier ? [] : await kv.range(prefixRange('o/'));
  return [
    { op: 'put', key: KEYS.device, value: earlier ?? newNames!() },
    { op: 'put', key: KEYS.firstCatchUp, value: earlier ? CAUGHT_UP : NOT_CAUGHT_UP },
    ...rows.map(({ key, value }): KvWrite => ({ op: 'put', key, value: afterRename(Object(value) as OutboxEntry) })),
  ];
}

/**
 * Upgrades version 1. It also repairs a database after a run that ended while it made room on a full disk. In both cases
 * messages may be missing before the oldest one, so a gap is added there: asking the server again costs little.
 */
async function upgradeFrom1(kv: KvStore): Promise<void> {
  const oldest = new Map<string, Id>();
  await rewrite(kv, 's/', ({ key, value }) => {
    // An interrupted upgrade may have packed it already.
    const items = Array.isArray(value) ? (value as StoredItem[]).filter(isObject) : unpackItems(value);
    const conversation = conversationOfSegment(key);
    const first = items.find(isMessage);
    // Segments ascend: the first message met is the oldest.
    if (first && !oldest.has(conversation)) oldest.set(conversation, first.id);
    return [{ op: 'put', key, value: packItems(items) }];
  });
  await intoBuckets(kv, 'c/', 'conversations');
  await intoBuckets(kv, 'u/', 'users');
  await intoBuckets(kv, 'g/', 'groups');
  await rewrite(kv, 'conversations/', (bucket) => [
    changeConversations(bucket, (stored, key) => {
      const record = { ...emptyConversation(key), ...stored };
      const gaps = isGaps(record.gaps) ? record.gaps : [];
      return { ...record, gaps: withGap(gaps, LOWEST, previousId(oldest.get(key) ?? LOWEST)) };
    }),
  ]);
  await rewrite(kv, 'o/', ({ key, value }) => {
    const entry = Object(value) as Omit<OutboxEntry, 'createdAt'>;
    const createdAt = Number(entry.message?.timestamp) || Math.floor(Number(entry.mid) / 1024);
    // Version 1 did not store whether the row was sent.
    return [{ op: 'put', key, value: { createdAt, tried: true, ...entry } }];
  });
}

/** Splits the buckets that are too big. One is split in one batch, so that each record is in one bucket at any time. */
async function upgradeFrom2(kv: KvStore): Promise<void> {
  for (const table of TABLES) {
    let writes: KvWrite[] = [];
    // Read at once, because the new ones lie between the old ones.
    for (const bucket of await kv.range(tableRange(table))) {
      writes.push(...splitBucket(bucket));
      if (writes.length < MANY_WRITES) continue;
      await kv.commit(writes);
      writes = [];
    }
    if (writes.length > 0) await kv.commit(writes);
  }
}

/** Moves single records into the buckets of a table, in one batch, so that it is done wholly or not at all. */
async function intoBuckets(kv: KvStore, prefix: string, table: TableName): Promise<void> {
  const range = prefixRange(prefix);
  const records = new Map((await kv.range(range)).map(({ key, value }) => [key.slice(prefix.length), value]));
  if (records.size > 0) await kv.commit([{ op: 'deleteRange', ...range }, ...newTable(table, records)]);
}

/** Replaces every record whose key starts with `prefix`. */
async function rewrite(kv: KvStore, prefix: string, change: (entry: KvEntry) => KvWrite[]): Promise<void> {
  for await (const entries of readPages(kv, prefixRange(prefix))) await kv.commit(flatMap(entries, change));
}

/** The row after this device got another guid. */
export function afterRename(entry: OutboxEntry): OutboxEntry {
  if (!entry.tried || entry.state !== 'queued') return entry;
  return { ...entry, elsewhere: true, ...(entry.message && { state: 'unnumbered' as const }) };
}
