import type { Id } from '../model/ids.ts';
import type { ConversationType, DeliveryStatus, SyncedMessage } from '../model/message.ts';
import { copyData } from '../util/copy-data.ts';
import { ABOVE_ALL, NO_GAPS } from './gaps.ts';
import type { Gaps } from './gaps.ts';

/**
 * The records of a database and their keys. Keys sort by their text, so ids in them are padded to the width of 2^64.
 *
 * | key | value |
 * |---|---|
 * | `conversations/<end>` | a bucket of ConversationRecords by conversation: the last digits of their ids (see table-index.ts) |
 * | `s/<conversation>/<floor>` | the items of one segment, ascending (see segments.ts), packed (see segment-record.ts) |
 * | `o/<client mid>` | OutboxEntry |
 * | `q/<queue>` | ids of the operations and notices already applied from this queue |
 * | `users/<end>` | a bucket of RosterItems by user id |
 * | `groups/<end>` | a bucket of GroupInfos by group id |
 * | `l/friends`, `l/groups` | id lists |
 * | `x/notices` | the newest notices about friends and groups, newest first |
 * | `x/first-catch-up` | FirstCatchUp; absent in databases that are older than it, where it is over |
 * | `x/newest` | the keys of the buckets that are read first, see newest-buckets.ts; absent in a small database |
 * | `x/last-mid` | no client mid made so far is above this |
 * | `x/device` | DeviceNames: under these the outbox was sent and pages were acknowledged |
 * | `i/…` | the index of searches: shards (see search-shards.ts), and marks at what changed (see search-marks.ts) |
 * | `x/writer`, `x/deposed/…` | the tab that writes, and those that must not (claimed-kv.ts) |
 * | `x/followed` | the last batch for other tabs (store-follower.ts) |
 * | `x/schema` | {@link SCHEMA_VERSION} of the database; absent: 1 |
 */

/**
 * The version of this layout. Version 1 had segments as arrays of messages, a record for each conversation (`c/…`), user
 * (`u/…`) and group (`g/…`), and conversations without the fields from `listed` on. In version 2 no bucket was split.
 */
export const SCHEMA_VERSION = 3;

/** `r<user id>` or `g<group id>`: a user and a group of the same number are two conversations. */
export type ConversationKey = string;

/** The start of the keys of all conversations of one type. */
export const keyPrefix = (type: ConversationType): string => (type === 'group' ? 'g' : 'r');

export const conversationKey = (type: ConversationType, id: Id): ConversationKey => keyPrefix(type) + id;

/** The user or group of a conversation. */
export const peerIdOf = (key: ConversationKey): Id => key.slice(1);

export const isGroupKey = (key: ConversationKey): boolean => key.startsWith('g');

export const conversationOf = (key: ConversationKey): { type: ConversationType; id: Id } => ({
  type: isGroupKey(key) ? 'group' : 'roster',
  id: peerIdOf(key),
});

const ID_WIDTH = 20;
const pad = (id: Id): string => id.padStart(ID_WIDTH, '0');

export const KEYS = {
  segment: (key: ConversationKey, floor: Id): string => `s/${key}/${pad(floor)}`,
  outbox: (mid: Id): string => `o/${pad(mid)}`,
  queue: (id: Id): string => `q/${id}`,
  friends: 'l/friends',
  groups: 'l/groups',
  notices: 'x/notices',
  newest: 'x/newest',
  lastMid: 'x/last-mid',
  device: 'x/device',
  firstCatchUp: 'x/first-catch-up',
  schema: 'x/schema',
  followed: 'x/followed',
  writer: 'x/writer',
  deposed: (writer: string): string => `x/deposed/${writer}`,
  searchShards: 'i/shards',
  searchShard: (from: string): string => `i/${from}`,
  searchMark: (segmentKey: string): string => `i/d/${segmentKey.slice('s/'.length)}`,
} as const;

/** The range of all keys that start with `prefix`: no key of ours has a U+FFFF. */
export const prefixRange = (prefix: string): { from: string; to: string } => ({ from: prefix, to: `${prefix}\uffff` });

/** The range of a conversation's segments with floors from `from` on and below `to`. */
export const segmentRange = (key: ConversationKey, from: Id = '0', to = ABOVE_ALL): { from: string; to: string } => ({
  from: KEYS.segment(key, from),
  to: KEYS.segment(key, to),
});

/** The conversation in a segment's key. */
export const conversationOfSegment = (segmentKey: string): ConversationKey =>
  segmentKey.slice('s/'.length, segmentKey.lastIndexOf('/'));

/** The floor in a segment's key. */
export const floorOf = (segmentKey: string): Id => segmentKey.slice(-ID_WIDTH).replace(/^0+(?=\d)/, '');

/** How far the first catch-up of this device is: the server still holds what was there before the device. */
export interface FirstCatchUp {
  readonly isOver: boolean;
  /** While it goes on: the queues that are caught up with. Once it is over: those that could not be synced in it. */
  readonly queues: readonly Id[];
}

export const CAUGHT_UP: FirstCatchUp = { isOver: true, queues: [] };

/** The state of a new device. */
export const NOT_CAUGHT_UP: FirstCatchUp = { isOver: false, queues: [] };

export interface ConversationRecord {
  type: ConversationType;
  id: Id;
  /** The newest stored message that the list shows; `'0'` for none. */
  previewId: Id;
  content: string;
  ext: string;
  /** ms since 1970 as text; `''` when only the unread list named this conversation. */
  timestamp: string;
  hasAt: boolean;
  draft: string;
  /** ms since 1970. */
  draftTimestamp: number | '';
  /** When the user moved it to the top of the list, ms since 1970; absent or 0: never. */
  touchedAt?: number;
  unread: number;
  /** The newest message stored; written in the batch of that message. */
  newestId: Id;
  /** Shown in the conversation list. */
  listed: boolean;
  /** How many messages are not synced yet, as the server counted; the app sees them as unread, too. */
  undelivered: number;
  /** Intervals of ids whose messages this device may lack. */
  gaps: Gaps;
  /** Messages up to this id were deleted with the conversation and do not come back. */
  clearedTo: Id;
  /** READ_ALL operations that concern messages still to come. None has both a lower mid and a lower op than another. */
  readMarks: readonly ReadMark[];
}

/** When something last happened in a conversation, ms since 1970: the list is in this order. */
export function activityOf({ timestamp, draftTimestamp, touchedAt = 0 }: ConversationRecord): number {
  return Math.max(Number(timestamp), Number(draftTimestamp), touchedAt);
}

/** Shared by the conversations that have none. */
export const NO_MARKS: readonly ReadMark[] = [];

/** The operation `op` marked everything up to `mid` as read. */
export interface ReadMark {
  readonly mid: Id;
  readonly op: Id;
}

/** The item of an id in a segment: a message, or a stub in its place. */
export type StoredItem = StoredMessage | Stub;

/** A message with the effects of operations on it. Apps get it without them: see `toPublic`. */
export type StoredMessage = SyncedMessage & {
  ops?: MessageOps;
};

/** Stands in the place of a message that was removed, or that operations wait for. */
export interface Stub {
  readonly id: Id;
  /** The message was recalled or deleted and does not come back. */
  readonly removed?: true;
  readonly ops?: MessageOps;
}

/** The effects of operations on one message. They are kept apart so that any order of arrival gives the same result. */
export interface MessageOps {
  /** Who recalled it, while the author is not known: only the author may. */
  recalledBy?: Id;
  /** The highest status of all receipts. */
  status?: DeliveryStatus;
  played?: true;
  /** The newest operation that marked it read on this device. */
  readOp?: Id;
  /** The client id that followed when it was marked unread on this device alone. */
  unreadHere?: Id;
  /** The newest operation that marked it unread. */
  cancelOp?: Id;
  /** The message before `edits`. Older edits are merged into it. */
  original?: Editable;
  /** Which edits the server's version had, when `original` began as one. */
  version?: Version;
  /** Ascending by id. */
  edits?: readonly Edit[];
}

/** The fields of a message that an edit changes. */
export type Editable = Pick<SyncedMessage, 'content' | 'ext' | 'config' | 'editTimestamp'>;

/** The edits that a version of a message by the server has. The server stamps several in one millisecond. */
export interface Version {
  /** Its newest edit, ms since 1970: it has all that are older, and none that are newer. */
  readonly timestamp: string;
  /** It has all edits up to this id. */
  readonly upTo: Id;
  /** What edits appended that were not known here, in their order; absent when that is not known. */
  readonly appended?: string;
  /** How much of `appended` is from edits that came here since and that it has for sure, in UTF-16 units. */
  readonly explained: number;
}

/** An APPEND or REPLACE. */
export interface Edit {
  id: Id;
  append: boolean;
  /** ms since 1970. */
  timestamp: string;
  content: string;
  /** JSON text. */
  config: string;
  ext: string;
  /** Who edited, while the author is not known: the edit of another counts for nothing. */
  by?: Id;
}

export const isMessage = (item: StoredItem): item is StoredMessage => 'content' in item;

/** A copy of a message as apps see it, but for whose it is (`toOwnMessage`). They may write into it at any depth. */
export function toPublic({ ops: _ops, ...message }: Readonly<StoredMessage>): SyncedMessage {
  // Few messages have fields with objects in them, so these are looked at by name.
  if (message.attach) message.attach = copyData(message.attach);
  if (message.config) message.config = copyData(message.config);
  return message;
}

export function emptyConversation(key: ConversationKey): ConversationRecord {
  return {
    ...conversationOf(key),
    previewId: '0',
    content: '',
    ext: '',
    timestamp: '',
    hasAt: false,
    draft: '',
    draftTimestamp: '',
    unread: 0,
    newestId: '0',
    listed: true,
    undelivered: 0,
    gaps: NO_GAPS,
    clearedTo: '0',
    readMarks: NO_MARKS,
  };
}

/** A frame to the server that must arrive: a message, or an operation on one. */
export interface OutboxEntry {
  /** The client's own id; also its place in the order. */
  mid: Id;
  conversation: ConversationKey;
  /** The item on the wire, without `id` and `from`. They are added when it is sent. */
  meta: OutgoingMeta;
  /** The message this entry shows as while it is sent; absent for operations. */
  message?: SyncedMessage;
  /**
   * - `uploading`: its file is being uploaded.
   * - `queued`: it waits to be sent, or for the answer.
   * - `unnumbered`: it arrived, and its server id is not known yet. An edit ends when the history has shown its message.
   * - `failed`: the server refused it, or it expired.
   */
  state: 'uploading' | 'queued' | 'unnumbered' | 'failed';
  /** A file that is not uploaded yet. While it is set, `files/file-messages.ts` owns the row. */
  file?: PendingFile;
  /** A small picture of the file as a data URL. The message shows it until it is sent. */
  preview?: string;
  /** When the app sent it, ms since 1970. Its expiry counts from then. */
  createdAt: number;
  /** A byte of it may have left, so it does not expire any more. */
  tried?: true;
  /** It may have left under another guid, so the server may take it again: it is looked for in the history first. */
  elsewhere?: true;
  /** Of an operation: the client id of its message, which has no server id yet. The row waits for it. */
  waitsFor?: Id;
  /** This send put the conversation into the list. */
  lists?: Id;
  /** Why it failed: the documented name of the error. */
  error?: string;
  /** The newest message of the conversation when this was made: its server id will be higher. */
  after: Id;
}

/** Facts about a file that is not uploaded yet. Its bytes are in another database (files/kept-files.ts). */
export interface PendingFile {
  name: string;
  /** Bytes. */
  size: number;
  /** MIME type, `''` when it is not known. */
  type: string;
}

/** A meta in a form that can be stored. */
export interface OutgoingMeta {
  ns: number;
  /** Absent for namespaces that name no receiver. */
  to?: Id;
  /** ms since 1970; absent where the deployed client writes none. */
  timestamp?: string;
  /** The body of the namespace, in the wire's field names. */
  payload: object;
}
