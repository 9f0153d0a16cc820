import type { DeviceNames } from '../model/device.ts';
import type { GroupInfo } from '../model/group.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { NoticeMeta } from '../model/notice.ts';
import type { RosterItem } from '../model/user.ts';
import { KEYS } from './schema.ts';
import type { ConversationKey, ConversationRecord, OutboxEntry, StoredMessage } from './schema.ts';
import { findMessage, messagesOf } from './segments.ts';
import type { WorkingSet } from './working-set.ts';

/** Reads the data that is in memory: everything small, and the newest messages of recent conversations. */
export interface WorkingSetReader {
  conversation(key: ConversationKey): Readonly<ConversationRecord> | undefined;
  conversations(): [ConversationKey, Readonly<ConversationRecord>][];
  /** Copies of a conversation's newest messages, ascending; empty when they are not in memory. */
  newestMessages(key: ConversationKey): Message[];
  /** Whether a conversation's newest messages are in memory. */
  hasMessages(key: ConversationKey): boolean;
  /** The message of this id, if it is in memory. */
  message(key: ConversationKey, id: Id): Readonly<StoredMessage> | undefined;
  /** All messages in memory, ascending in each conversation. */
  messagesInMemory(): [ConversationKey, readonly Readonly<StoredMessage>[]][];
  /** What is known of a user, friend or not. */
  user(id: Id): Readonly<RosterItem> | undefined;
  users(): [Id, Readonly<RosterItem>][];
  /** What is known of a group, joined or not. */
  group(id: Id): Readonly<GroupInfo> | undefined;
  groups(): [Id, Readonly<GroupInfo>][];
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
}

export function createWorkingSetReader(working: WorkingSet): WorkingSetReader {
  const { conversations, users, groups, outbox, lists, tails } = working;
  return {
    conversation: (key) => conversations.get(key),
    conversations: () => [...conversations],
    newestMessages: (key) => tails.newest(key),
    hasMessages: (key) => tails.get(key) !== undefined,
    message: (key, id) => findMessage(tails.get(key) ?? [], id),
    messagesInMemory: () => [...tails.entries()].map(([key, tail]) => [key, messagesOf(tail)]),
    user: (id) => users.get(id),
    users: () => [...users],
    group: (id) => groups.get(id),
    groups: () => [...groups],
    friends: () => lists.get(KEYS.friends) ?? [],
    joinedGroups: () => lists.get(KEYS.groups) ?? [],
    outboxEntry: (mid) => outbox.get(KEYS.outbox(mid)),
    outbox: () => [...outbox.values()],
    notices: () => working.notices.get(KEYS.notices) ?? [],
    lastMid: () => working.lastMid.get(KEYS.lastMid) ?? '0',
    device: () => working.device.get(KEYS.device),
  };
}
