import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { isMessage } from '../store/schema.ts';
import type { ConversationKey, StoredMessage } from '../store/schema.ts';
import { NEWEST_MESSAGES } from '../store/tail-cache.ts';
import { isCounted, isUnread, mentions } from './conversation-rules.ts';

interface ReadScope {
  /** Only messages up to this one. Default: all. */
  upTo?: Id | undefined;
  /** Only this message. */
  only?: Id | undefined;
  /** The operation that marks them read: a message that a later one marked unread stays unread. */
  op?: Id;
}

/** Marks messages read and updates the unread count. @returns those that were unread before */
export async function markRead(
  tx: StoreTransaction,
  key: ConversationKey,
  self: Id,
  { upTo, only, op }: ReadScope = {},
): Promise<StoredMessage[]> {
  const wanted = (message: StoredMessage): boolean =>
    (only ? message.id === only : !upTo || compareIds(message.id, upTo) <= 0) &&
    !(op && compareIds(message.ops?.cancelOp ?? '0', op) > 0);
  const candidates = only
    ? [...(await tx.messages.find(key, [only])).values()].filter(isMessage)
    : await newestUnread(tx, key, self);
  const read = candidates.filter((message) => isUnread(message, self) && wanted(message));
  await tx.messages.put(
    key,
    read.map((message) => ({ ...message, status: DELIVERY_STATUS.read })),
  );
  if (read.length > 0) {
    const counted = read.filter((message) => isCounted(message, self)).length;
    await countUnread(tx, key, -counted, self);
  }
  return read;
}

/**
 * Adds to the unread count, or takes off. The mark that someone mentioned the user goes when no unread message mentions them.
 */
export async function countUnread(tx: StoreTransaction, key: ConversationKey, more: number, self: Id): Promise<void> {
  const record = tx.conversation(key);
  if (!record) return;
  tx.updateConversation(key, { unread: Math.max(0, record.unread + more) });
  if (more > 0 || !record.hasAt) return;
  const unread = (await newestUnread(tx, key, self)).filter((message) => isCounted(message, self));
  tx.updateConversation(key, { hasAt: unread.some((message) => mentions(message, self)) });
}

/** The newest messages, back to the oldest one that counts as unread. */
async function newestUnread(tx: StoreTransaction, key: ConversationKey, self: Id): Promise<readonly StoredMessage[]> {
  const unread = tx.conversation(key)?.unread ?? 0;
  for (let atLeast = NEWEST_MESSAGES; ; atLeast *= 4) {
    const messages = await tx.messages.newest(key, atLeast);
    if (messages.length < atLeast || messages.filter((message) => isCounted(message, self)).length >= unread)
      return messages;
  }
}
