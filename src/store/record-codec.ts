import type { Id } from '../model/ids.ts';
import type { GroupInfo } from '../model/group.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import type { KvEntry, KvReader, KvValue, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import type { Change } from './overlay.ts';
import { isDeviceNames, isFirstCatchUp } from './record-shapes.ts';
import { KEYS, prefixRange } from './schema.ts';
import type { ConversationRecord, OutboxEntry } from './schema.ts';
import { packItems } from './segment-record.ts';
import type { StoreChanges, StoreOverlay } from './store-changes.ts';
import { readBucket, tableRange, tableWrites } from './table.ts';
import type { TableName } from './table.ts';
import type { WorkingSet } from './working-set.ts';

/**
 * How the changes of an overlay are stored: records of tables in buckets, segments packed, all others as they are.
 *
 * @param below the stored records of the tables.
 */
export function toWrites({ parts }: StoreOverlay, below: Pick<WorkingSet, TableName>): KvWrite[] {
  return [
    ...parts.segments
      .changes()
      .map((change): KvWrite => (change.op === 'put' ? { ...change, value: packItems(change.value) } : change)),
    ...tableWrites('conversations', parts.conversations, below.conversations),
    ...tableWrites('users', parts.users, below.users),
    ...tableWrites('groups', parts.groups, below.groups),
    ...parts.outbox.changes(),
    ...parts.lists.changes(),
    ...parts.queues.changes(),
    ...parts.notices.changes(),
    ...parts.lastMid.changes(),
    ...parts.device.changes(),
    ...parts.firstCatchUp.changes(),
  ];
}

/** The stored form of all records that are kept in memory, except messages. */
export interface StoredRecords {
  conversations: readonly KvEntry[];
  users: readonly KvEntry[];
  groups: readonly KvEntry[];
  outbox: readonly KvEntry[];
  friends: KvValue | undefined;
  joined: KvValue | undefined;
  notices: KvValue | undefined;
  lastMid: KvValue | undefined;
  device: KvValue | undefined;
  firstCatchUp: KvValue | undefined;
}

export async function readStored(kv: KvReader): Promise<StoredRecords> {
  const [conversations, users, groups, outbox, friends, joined, notices, lastMid, device, firstCatchUp] =
    await Promise.all([
      kv.range(tableRange('conversations')),
      kv.range(tableRange('users')),
      kv.range(tableRange('groups')),
      kv.range(prefixRange('o/')),
      kv.get(KEYS.friends),
      kv.get(KEYS.groups),
      kv.get(KEYS.notices),
      kv.get(KEYS.lastMid),
      kv.get(KEYS.device),
      kv.get(KEYS.firstCatchUp),
    ]);
  return { conversations, users, groups, outbox, friends, joined, notices, lastMid, device, firstCatchUp };
}

/** Stored records as changes to an empty working set. They are valid: see repair.ts. */
export function toChanges(stored: StoredRecords): StoreChanges {
  const { friends, joined, notices, lastMid, device, firstCatchUp } = stored;
  return {
    conversations: bucketChanges<ConversationRecord>(stored.conversations),
    users: bucketChanges<RosterItem>(stored.users),
    groups: bucketChanges<GroupInfo>(stored.groups),
    outbox: stored.outbox.map(({ key, value }) => put(key, value as OutboxEntry)),
    segments: [],
    lists: [put(KEYS.friends, (friends ?? []) as Id[]), put(KEYS.groups, (joined ?? []) as Id[])],
    queues: [],
    notices: [put(KEYS.notices, (notices ?? []) as NoticeMeta[])],
    lastMid: [put(KEYS.lastMid, (lastMid ?? '0') as Id)],
    device: isDeviceNames(device) ? [put(KEYS.device, device)] : [],
    firstCatchUp: isFirstCatchUp(firstCatchUp) ? [put(KEYS.firstCatchUp, firstCatchUp)] : [],
  };
}

const bucketChanges = <T>(buckets: readonly KvEntry[]): Change<T>[] =>
  flatMap(buckets, ({ value }) => readBucket<T>(value).map(([key, record]) => put(key, record)));

const put = <T>(key: string, value: T): Change<T> => ({ op: 'put', key, value });
