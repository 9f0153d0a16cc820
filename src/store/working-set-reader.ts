import type { DeviceNames } from '../model/device.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { SyncedMessage } from '../model/message.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import { CAUGHT_UP, KEYS, toPublic } from './schema.ts';
import type { ConversationKey, ConversationRecord, FirstCatchUp, OutboxEntry, StoredMessage } from './schema.ts';
import { findMessage, messagesOf } from './segments.ts';
import type { Tail } from './segments.ts';
import type { StoreRecords } from './store-changes.ts';
import { NEWEST_MESSAGES } from './tail-cache.ts';
import type { StoreTransaction } from './transaction.ts';
import type { SmallPart, SmallRecords, WorkingSet } from './working-set.ts';

/** Reads the data that is in memory: everything small, and the newest messages of recent conversations. */
export interface WorkingSetReader {
  conversation(key: ConversationKey): Readonly<ConversationRecord> | undefined;
  conversations(): (readonly [ConversationKey, Readonly<ConversationRecord>])[];
  /** The conversations of which stored messages are missing here, see `newestHole`, without the local changes. */
  incomplete(): Iterable<ConversationKey>;
  /** Copies of a conversation's newest messages, ascending; empty when they are not in memory. */
  newestMessages(key: ConversationKey): SyncedMessage[];
  /** Whether a conversation's newest messages are in memory. */
  hasMessages(key: ConversationKey): boolean;
  /** The message of this id, or of this client id, if it is in memory. */
  message(key: ConversationKey, id: Id): Readonly<StoredMessage> | undefined;
  /** All messages in memory, ascending in each conversation. */
  messagesInMemory(): [ConversationKey, readonly Readonly<StoredMessage>[]][];
  /** What is known of a user, friend or not. */
  user(id: Id): Readonly<RosterItem> | undefined;
  users(): (readonly [Id, Readonly<RosterItem>])[];
  /** What is known of a group, joined or not. */
  group(id: Id): Readonly<GroupInfo> | undefined;
  groups(): (readonly [Id, Readonly<GroupInfo>])[];
  /** Ids of the user's friends. */
  friends(): readonly Id[];
  /** Ids of the groups the user is a member of. */
  joinedGroups(): readonly Id[];
  outboxEntry(mid: Id): Readonly<OutboxEntry> | undefined;
  outbox(): OutboxEntry[];
  /** The newest notices about friends and groups, newest first. */
  notices(): readonly NoticeMeta[];
  /** No client mid made so far is above this, in earlier runs too; `'0'` for none. */
  lastMid(): Id;
  /** The names of this device, which a database has from its first opening on. */
  device(): DeviceNames | undefined;
  firstCatchUp(): FirstCatchUp;
}

/** @param shown the transaction with the local changes that are not stored yet; undefined when there are none. */
export function createWorkingSetReader(
  working: WorkingSet,
  shown: () => StoreTransaction | undefined,
): WorkingSetReader {
  const records: SmallRecords = working;
  const { tails } = working;
  const get = <Part extends SmallPart>(part: Part, key: string): StoreRecords[Part] | undefined => {
    const changes = shown()?.overlay.parts[part];
    return changes ? changes.get(key, records[part]) : records[part].get(key);
  };
  const all = <Part extends SmallPart>(part: Part): (readonly [string, StoreRecords[Part]])[] => {
    const changes = shown()?.overlay.parts[part];
    return [...(changes && !changes.isEmpty ? changes.over(records[part]) : records[part])];
  };
  const tailOf = (key: ConversationKey): Tail | undefined =>
    // Looking it up counts as using it, also when it is changed here.
    shown()?.messages.tailAtHand(key) ?? tails.get(key);
  return {
    conversation: (key) => get('conversations', key),
    conversations: () => all('conversations'),
    incomplete: () => working.digest.incomplete,
    newestMessages: (key) =>
      messagesOf(tailOf(key) ?? [])
        .slice(-NEWEST_MESSAGES)
        .map(toPublic),
    hasMessages: (key) => tailOf(key) !== undefined,
    message: (key, id) => {
      const tail = tailOf(key) ?? [];
      return findMessage(tail, id) ?? messagesOf(tail).find(({ clientMid }) => clientMid === id);
    },
    messagesInMemory: () =>
      [...tails.entries()].map(([key, tail]) => [key, messagesOf(shown()?.messages.tailAtHand(key) ?? tail)]),
    user: (id) => get('users', id),
    users: () => all('users'),
    group: (id) => get('groups', id),
    groups: () => all('groups'),
    friends: () => get('lists', KEYS.friends) ?? [],
    joinedGroups: () => get('lists', KEYS.groups) ?? [],
    outboxEntry: (mid) => get('outbox', KEYS.outbox(mid)),
    outbox: () => all('outbox').map(([, entry]) => entry),
    notices: () => get('notices', KEYS.notices) ?? [],
    lastMid: () => get('lastMid', KEYS.lastMid) ?? '0',
    device: () => get('device', KEYS.device),
    firstCatchUp: () => get('firstCatchUp', KEYS.firstCatchUp) ?? CAUGHT_UP,
  };
}
