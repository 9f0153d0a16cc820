import type { DeviceNames } from '../model/device.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import { flatMap } from '../util/es2019.ts';
import type { Change } from './overlay.ts';
import type { ConversationKey, ConversationRecord, FirstCatchUp, OutboxEntry } from './schema.ts';
import type { StoreChanges, StoreRecords } from './store-changes.ts';
import { ConversationDigest } from './conversation-digest.ts';
import { TableIndex } from './table-index.ts';
import type { TableName } from './table.ts';
import { TailCache } from './tail-cache.ts';

/** The parts of the store that are in memory as a whole. */
export type SmallPart = Exclude<keyof StoreRecords, 'segments' | 'queues'>;

export type SmallRecords = { readonly [Part in SmallPart]: ReadonlyMap<string, StoreRecords[Part]> };

/**
 * The records that getters read: everything small, and the newest messages of recent conversations. The keys are those of
 * `StoreRecords`.
 *
 * Records change in one way only: by {@link apply}, which takes plain data. {@link load} adds what the database has.
 */
export interface WorkingSet extends SmallRecords {
  readonly tails: TailCache;
  readonly digest: ConversationDigest;
  /** In which stored buckets the records of the tables are. */
  readonly indexes: Readonly<Record<TableName, TableIndex>>;
  /** Adds the records of a stored bucket. */
  load<Name extends TableName>(
    table: Name,
    bucket: string,
    records: readonly (readonly [string, StoreRecords[Name]])[],
  ): void;
  /** Makes the changes of a batch visible. */
  apply(changes: StoreChanges): void;
}

export function createWorkingSet(): WorkingSet {
  const conversations = new Map<ConversationKey, ConversationRecord>();
  const users = new Map<Id, RosterItem>();
  const groups = new Map<Id, GroupInfo>();
  const outbox = new Map<string, OutboxEntry>();
  const lists = new Map<string, readonly Id[]>();
  const notices = new Map<string, readonly NoticeMeta[]>();
  const lastMid = new Map<string, Id>();
  const device = new Map<string, DeviceNames>();
  const firstCatchUp = new Map<string, FirstCatchUp>();
  const tails = new TailCache();
  const digest = new ConversationDigest(conversations);
  const indexes = { conversations: new TableIndex(), users: new TableIndex(), groups: new TableIndex() };
  const tables: { readonly [Name in TableName]: Map<string, StoreRecords[Name]> } = { conversations, users, groups };
  const applyToTable = <Name extends TableName>(name: Name, changes: readonly Change<StoreRecords[Name]>[]): void => {
    if (changes.length === 0) return;
    applyTo(tables[name], changes);
    const index = indexes[name];
    index.apply(index.changes(flatMap(changes, (change) => (change.op === 'put' ? [change.key] : []))));
  };
  return {
    conversations,
    users,
    groups,
    outbox,
    lists,
    notices,
    lastMid,
    device,
    firstCatchUp,
    tails,
    digest,
    indexes,
    load: (table, bucket, records) => {
      for (const [key, record] of records) tables[table].set(key, record);
      const keys = records.map(([key]) => key);
      indexes[table].add(bucket, keys);
      if (table === 'conversations') for (const key of keys) digest.put(key, conversations.get(key)!);
    },
    apply: (changes) => {
      applyToTable('conversations', changes.conversations);
      for (const change of changes.conversations) if (change.op === 'put') digest.put(change.key, change.value);
      applyToTable('users', changes.users);
      applyToTable('groups', changes.groups);
      applyTo(outbox, changes.outbox);
      applyTo(lists, changes.lists);
      applyTo(notices, changes.notices);
      applyTo(lastMid, changes.lastMid);
      applyTo(device, changes.device);
      applyTo(firstCatchUp, changes.firstCatchUp);
      tails.apply(changes.segments);
    },
  };
}

function applyTo<T>(records: Map<string, T>, changes: readonly Change<T>[]): void {
  for (const change of changes) {
    if (change.op === 'put') records.set(change.key, change.value);
    else if (change.op === 'delete') records.delete(change.key);
    else for (const key of records.keys()) if (change.from <= key && key < change.to) records.delete(key);
  }
}
