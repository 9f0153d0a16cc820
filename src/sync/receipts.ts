import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { isMessage } from '../store/schema.ts';
import type { ConversationKey, ReadMark, StoredMessage } from '../store/schema.ts';
import { NEWEST_MESSAGES } from '../store/tail-cache.ts';
import { isCounted, isUnread, mentions } from './conversation-rules.ts';

interface ReadScope {
  /** Only messages up to this one. Default: all. */
  upTo?: Id | undefined;
  /** Only this message. */
  only?: Id | undefined;
  /** Only messages that one of these marks read: a message that a later operation marked unread stays unread. */
  marks?: readonly ReadMark[];
}

/** Marks messages read and updates the unread count. @returns those that were unread before */
export async function markRead(
  tx: StoreTransaction,
  key: ConversationKey,
  self: Id,
  scope: ReadScope = {},
): Promise<StoredMessage[]> {
  await bringUnread(tx, key, self, scope.only);
  return markReadAtHand(tx, key, self, scope);
}

/** Marks those messages read that are at hand: see {@link markRead}. */
export function markReadAtHand(
  tx: StoreTransaction,
  key: ConversationKey,
  self: Id,
  { upTo, only, marks }: ReadScope = {},
): StoredMessage[] {
  const wanted = (message: StoredMessage): boolean =>
    (only ? message.id === only : !upTo || compareIds(message.id, upTo) <= 0) &&
    (!marks || marks.some((mark) => isMarkedBy(message, mark)));
  const candidates = only
    ? [...tx.messages.findAtHand(key, [only]).values()].filter(isMessage)
    : tx.messages.newestAtHand(key);
  const read = candidates.filter((message) => isUnread(message, self) && wanted(message));
  tx.messages.putAtHand(
    key,
    read.map((message) => ({ ...message, status: DELIVERY_STATUS.read })),
  );
  if (read.length > 0) {
    const counted = read.filter((message) => isCounted(message, self)).length;
    countUnreadAtHand(tx, key, -counted, self);
  }
  return read;
}

const isMarkedBy = ({ id, ops }: StoredMessage, { mid, op }: ReadMark): boolean =>
  compareIds(id, mid) <= 0 && compareIds(ops?.cancelOp ?? '0', op) < 0;

/**
 * Adds to the unread count, or takes off. The mark that someone mentioned the user goes when no unread message mentions them.
 */
export async function countUnread(tx: StoreTransaction, key: ConversationKey, more: number, self: Id): Promise<void> {
  if (more <= 0 && tx.conversation(key)?.hasAt) await bringUnread(tx, key, self);
  countUnreadAtHand(tx, key, more, self);
}

/** As {@link countUnread}. The mark stays when it may be that of a message which is not at hand. */
export function countUnreadAtHand(tx: StoreTransaction, key: ConversationKey, more: number, self: Id): void {
  const record = tx.conversation(key);
  if (!record) return;
  const unread = Math.max(0, record.unread + more);
  tx.updateConversation(key, { unread });
  if (more > 0 || !record.hasAt) return;
  const found = unreadAtHand(tx, key, self);
  if (found.length >= unread) tx.updateConversation(key, { hasAt: found.some((message) => mentions(message, self)) });
}

/** Keeps the mark that someone mentioned the user when the text of a message changed. Only unread messages count. */
export async function refreshMention(
  tx: StoreTransaction,
  key: ConversationKey,
  before: StoredMessage,
  after: StoredMessage,
  self: Id,
): Promise<void> {
  if (!isCounted(after, self) || mentions(before, self) === mentions(after, self)) return;
  if (mentions(after, self)) tx.updateConversation(key, { hasAt: true });
  else await countUnread(tx, key, 0, self);
}

/**
 * Messages that were marked unread here after a receipt of ours was made stay unread when the server has the receipt.
 *
 * @param receipt - its client id
 * @param op - its server id
 */
export async function keepUnread(tx: StoreTransaction, key: ConversationKey, receipt: Id, op: Id): Promise<void> {
  const kept = (await tx.messages.newest(key)).filter(
    ({ ops }) => ops?.unreadHere !== undefined && compareIds(ops.unreadHere, receipt) > 0,
  );
  tx.messages.putAtHand(
    key,
    kept.map((message) => ({ ...message, ops: { ...message.ops, cancelOp: op } })),
  );
}

/** The user has read all up to a message, at hand or not: only later ones count. */
export function countAbove(tx: StoreTransaction, key: ConversationKey, upTo: Id, self: Id): void {
  if (!tx.conversation(key)) return;
  const later = unreadAtHand(tx, key, self).filter(({ id }) => compareIds(id, upTo) > 0);
  tx.updateConversation(key, { unread: later.length, hasAt: later.some((message) => mentions(message, self)) });
}

/** The messages at hand that count as unread, ascending. */
export function unreadAtHand(tx: StoreTransaction, key: ConversationKey, self: Id): StoredMessage[] {
  return tx.messages.newestAtHand(key).filter((message) => isCounted(message, self));
}

/** Brings the newest messages to hand, back to the oldest one that counts as unread, and one message by its id. */
export async function bringUnread(tx: StoreTransaction, key: ConversationKey, self: Id, only?: Id): Promise<void> {
  const unread = tx.conversation(key)?.unread ?? 0;
  for (let atLeast = NEWEST_MESSAGES; ; atLeast *= 4) {
    await tx.messages.bringNewest(key, atLeast);
    if (tx.messages.newestAtHand(key).length < atLeast || unreadAtHand(tx, key, self).length >= unread) break;
  }
  if (only) await tx.messages.bring(key, [{ id: only }]);
}
