import type { Id } from '../model/ids.ts';
import type { ConversationType, Message } from '../model/message.ts';

/**
 * What is stored, and under which key. Keys sort by their text, so ids in them are padded to the width of 2^64.
 *
 * | key | value |
 * |---|---|
 * | `c/<conversation>` | ConversationRecord |
 * | `s/<conversation>/<floor>` | the messages of one segment, ascending (see segments.ts) |
 * | `o/<client mid>` | OutboxEntry |
 * | `q/<queue>` | ids of the operations and notices already applied from this queue |
 * | `u/<user id>` | RosterItem |
 * | `g/<group id>` | GroupInfo |
 * | `l/friends`, `l/groups` | id lists |
 * | `x/last-mid` | the highest client mid made |
 */

/** `r<user id>` or `g<group id>`: a user and a group of the same number are two conversations. */
export type ConversationKey = string;

export function conversationKey(type: ConversationType, id: Id): ConversationKey {
  return (type === 'group' ? 'g' : 'r') + id;
}

export function conversationOf(key: ConversationKey): { type: ConversationType; id: Id } {
  return { type: key.startsWith('g') ? 'group' : 'roster', id: key.slice(1) };
}

const ID_WIDTH = 20;
const pad = (id: Id): string => id.padStart(ID_WIDTH, '0');

/** The first key after every key that starts with `prefix`, whose last character must not be U+FFFF. */
const after = (prefix: string): string =>
  prefix.slice(0, -1) + String.fromCharCode(prefix.charCodeAt(prefix.length - 1) + 1);

export const KEYS = {
  conversation: (key: ConversationKey): string => `c/${key}`,
  segment: (key: ConversationKey, floor: Id): string => `s/${key}/${pad(floor)}`,
  outbox: (mid: Id): string => `o/${pad(mid)}`,
  queue: (id: Id): string => `q/${id}`,
  user: (id: Id): string => `u/${id}`,
  group: (id: Id): string => `g/${id}`,
  friends: 'l/friends',
  groups: 'l/groups',
  lastMid: 'x/last-mid',
} as const;

/** Every key that starts with this. */
export const prefixRange = (prefix: string): { from: string; to: string } => ({ from: prefix, to: after(prefix) });

/** The segments of a conversation with floors in [from, to]. */
export const segmentRange = (key: ConversationKey, from: Id, to: Id): { from: string; to: string } => ({
  from: KEYS.segment(key, from),
  to: `${KEYS.segment(key, to)}\0`,
});

/** The floor in a segment's key. */
export const floorOf = (segmentKey: string): Id => segmentKey.slice(-ID_WIDTH).replace(/^0+(?=\d)/, '');

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
  unread: number;
  /** The newest message stored; written in the batch of that message. */
  newestId: Id;
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
  };
}

/** A frame to the server that must arrive: a message, or an operation on one. */
export interface OutboxEntry {
  /** The client's own id; also its place in the order. */
  mid: Id;
  conversation: ConversationKey;
  /** What goes on the wire, without `id` and `from`: those are of the session that sends it. */
  meta: OutgoingMeta;
  /** The message this entry shows as while it is sent; absent for operations. */
  message?: Message;
  /** `queued` until answered; `unnumbered`: it arrived, its server id is not known yet; `failed`: refused. */
  state: 'queued' | 'unnumbered' | 'failed';
  /** The newest message of the conversation when this was made: its server id will be higher. */
  after: Id;
}

/** A meta as the wire wants it, in storable form. */
export interface OutgoingMeta {
  ns: number;
  /** Absent for namespaces that name no receiver. */
  to?: Id;
  /** ms since 1970; absent where the deployed client writes none. */
  timestamp?: string;
  payload: Record<string, unknown>;
}
