import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { KvEntry, KvReader, KvValue, KvWrite } from '../platform/ports.ts';
import type { Change } from './overlay.ts';
import { isDeviceNames, isFirstCatchUp } from './record-shapes.ts';
import { KEYS, prefixRange } from './schema.ts';
import type { OutboxEntry } from './schema.ts';
import { packItems } from './segment-record.ts';
import type { StoreChanges, StoreOverlay } from './store-changes.ts';
import { tableWrites } from './table.ts';
import type { TableName } from './table.ts';
import type { WorkingSet } from './working-set.ts';

/**
 * How the changes of an overlay are stored: records of tables in buckets, segments packed, all others as they are.
 *
 * @param below the stored records of the tables, and the buckets that they are in.
 */
export function toWrites({ parts }: StoreOverlay, below: Pick<WorkingSet, TableName | 'indexes'>): KvWrite[] {
  return [
    ...parts.segments
      .changes()
      .map((change): KvWrite => (change.op === 'put' ? { ...change, value: packItems(change.value) } : change)),
    ...tableWrites('conversations', parts.conversations, below.conversations, below.indexes.conversations),
    ...tableWrites('users', parts.users, below.users, below.indexes.users),
    ...tableWrites('groups', parts.groups, below.groups, below.indexes.groups),
    ...parts.outbox.changes(),
    ...parts.lists.changes(),
    ...parts.queues.changes(),
    ...parts.notices.changes(),
    ...parts.lastMid.changes(),
    ...parts.device.changes(),
    ...parts.firstCatchUp.changes(),
  ];
}

/** The stored form of the records that are kept in memory and are in no table, except messages. */
export interface StoredRecords {
  outbox: readonly KvEntry[];
  friends: KvValue | undefined;
  joined: KvValue | undefined;
  notices: KvValue | undefined;
  lastMid: KvValue | undefined;
  device: KvValue | undefined;
  firstCatchUp: KvValue | undefined;
}

export async function readStored(kv: KvReader): Promise<StoredRecords> {
  const [outbox, friends, joined, notices, lastMid, device, firstCatchUp] = await Promise.all([
    kv.range(prefixRange('o/')),
    kv.get(KEYS.friends),
    kv.get(KEYS.groups),
    kv.get(KEYS.notices),
    kv.get(KEYS.lastMid),
    kv.get(KEYS.device),
    kv.get(KEYS.firstCatchUp),
  ]);
  return { outbox, friends, joined, notices, lastMid, device, firstCatchUp };
}

/** Stored records as changes to an empty working set. They are valid: see repair.ts. */
export function toChanges(stored: StoredRecords): StoreChanges {
  const { friends, joined, notices, lastMid, device, firstCatchUp } = stored;
  return {
    conversations: [],
    users: [],
    groups: [],
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

const put = <T>(key: string, value: T): Change<T> => ({ op: 'put', key, value });
