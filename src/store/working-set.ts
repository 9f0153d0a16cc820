import type { DeviceNames } from '../model/device.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import type { Change } from './overlay.ts';
import type { ConversationKey, ConversationRecord, FirstCatchUp, OutboxEntry } from './schema.ts';
import type { StoreChanges, StoreRecords } from './store-changes.ts';
import { TailCache } from './tail-cache.ts';

/** The parts of the store that are in memory as a whole. */
export type SmallPart = Exclude<keyof StoreRecords, 'segments' | 'queues'>;

export type SmallRecords = { readonly [Part in SmallPart]: ReadonlyMap<string, StoreRecords[Part]> };

/**
 * The records that getters read: everything small, and the newest messages of recent conversations. The keys are those of
 * `StoreRecords`.
 *
 * Records change in one way only: by {@link apply}, which takes plain data.
 */
export interface WorkingSet extends SmallRecords {
  readonly tails: TailCache;
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
    apply: (changes) => {
      applyTo(conversations, changes.conversations);
      applyTo(users, changes.users);
      applyTo(groups, changes.groups);
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
