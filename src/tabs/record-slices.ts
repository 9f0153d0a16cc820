import type { Id } from '../model/ids.ts';
import { peerIdOf } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import { StoreOverlay } from '../store/store-changes.ts';
import type { StoreChanges, StoreRecords } from '../store/store-changes.ts';
import type { FollowedRecords } from '../store/store-follower.ts';

/** Conversations of the first slice: what a list shows. */
const FIRST_CONVERSATIONS = 500;
/** Records of each later slice: some milliseconds to clone. */
const SLICE_RECORDS = 2000;

/** The tables, of which a database may have a hundred thousand records. */
type Table = 'conversations' | 'users' | 'groups';

interface RecordSlice {
  readonly changes: StoreChanges;
  /** Nothing is left. */
  readonly isLast: boolean;
}

/**
 * The records of a store as changes to an empty one. The first slice has what a tab shows first: the newest conversations with
 * their users and groups, and all that is small. Each slice has the records as they are when it is made, so that batches may come
 * in between.
 */
export function* recordSlices(records: FollowedRecords): Generator<RecordSlice> {
  const sent: Readonly<Record<Table, Set<string>>> = { conversations: new Set(), users: new Set(), groups: new Set() };
  let slice = new StoreOverlay();
  let size = 0;
  const put = <Name extends Table>(table: Name, key: string, record: StoreRecords[Name] | undefined): void => {
    if (record === undefined || sent[table].has(key)) return;
    sent[table].add(key);
    slice.parts[table].set(key, record);
    size++;
  };
  putSmall(slice, records);
  for (const [key, record] of newest(records.conversations)) {
    put('conversations', key, record);
    const peer: Id = peerIdOf(key);
    put('users', peer, records.users.get(peer));
    put('groups', peer, records.groups.get(peer));
  }
  const rest = (['conversations', 'users', 'groups'] as const).map((table) => [table, records[table].size] as const);
  if (rest.some(([table, all]) => all > sent[table].size)) {
    yield { changes: slice.changes(), isLast: false };
    slice = new StoreOverlay();
    size = 0;
  }
  for (const [table] of rest)
    for (const [key, record] of records[table]) {
      if (size >= SLICE_RECORDS) {
        yield { changes: slice.changes(), isLast: false };
        slice = new StoreOverlay();
        size = 0;
      }
      // The slice may have been made long after the loop began.
      put(table, key, records[table].get(key) ?? record);
    }
  yield { changes: slice.changes(), isLast: true };
}

function putSmall({ parts }: StoreOverlay, records: FollowedRecords): void {
  for (const [key, value] of records.outbox) parts.outbox.set(key, value);
  for (const [key, value] of records.lists) parts.lists.set(key, value);
  for (const [key, value] of records.notices) parts.notices.set(key, value);
  for (const [key, value] of records.lastMid) parts.lastMid.set(key, value);
  for (const [key, value] of records.device) parts.device.set(key, value);
  for (const [key, value] of records.firstCatchUp) parts.firstCatchUp.set(key, value);
}

function newest(
  conversations: ReadonlyMap<ConversationKey, ConversationRecord>,
): (readonly [ConversationKey, ConversationRecord])[] {
  if (conversations.size <= FIRST_CONVERSATIONS) return [...conversations];
  const active = [...conversations].sort(([, a], [, b]) => Number(b.timestamp) - Number(a.timestamp));
  return active.slice(0, FIRST_CONVERSATIONS);
}
