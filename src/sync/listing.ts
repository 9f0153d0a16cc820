import { compareIds } from '../model/ids.ts';
import type { ConversationKey, OutboxEntry } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { topOfList } from './conversation-rules.ts';
import type { SyncEvent } from './sync-events.ts';

/** Puts the row of a message that is sent now, and its conversation into the list. @param now - ms since 1970 */
export function listing(
  tx: StoreTransaction,
  entry: OutboxEntry,
  now: number,
  put: (entry: OutboxEntry) => void,
): SyncEvent[] {
  const { conversation, mid } = entry;
  const message = entry.message!;
  const { listed = false, newestId = '0' } = tx.conversation(conversation) ?? {};
  const isNew = !listed;
  put(isNew ? { ...entry, lists: newestId } : entry);
  if (isNew) {
    const touchedAt = topOfList(tx, now);
    tx.updateConversation(conversation, { listed: true, timestamp: message.timestamp, touchedAt });
  }
  return [{ type: 'sending', mid, message }, ...(isNew ? ([{ type: 'list' }] as const) : [])];
}

/**
 * Takes a conversation off the list again when a message that put it there did not get through, and nothing happened in it
 * since: a first message that the receiver does not get, or one to a group that the user is no longer in.
 */
export function unlist(tx: StoreTransaction, { conversation, lists }: OutboxEntry): SyncEvent[] {
  const record = tx.conversation(conversation);
  if (lists === undefined || !record) return [];
  const { newestId, draft, undelivered } = record;
  return newestId !== lists || draft || undelivered ? [] : takeOff(tx, conversation);
}

/**
 * Takes a conversation off the list whose last message was removed, as the deployed SDK does. It stays while older ones may
 * still be on the server: `Holes` asks for them.
 */
export function unlistEmpty(tx: StoreTransaction, key: ConversationKey): SyncEvent[] {
  const record = tx.conversation(key);
  if (!record) return [];
  const { previewId, newestId, clearedTo, draft, unread, undelivered, gaps } = record;
  // One that was cleared is only in the list when the user put it there.
  const hadMessages = compareIds(newestId, clearedTo) > 0;
  if (previewId !== '0' || !hadMessages || draft || unread || undelivered || gaps.length > 0) return [];
  const isSending = tx.outbox().some(({ conversation, message }) => message && conversation === key);
  return isSending ? [] : takeOff(tx, key);
}

const takeOff = (tx: StoreTransaction, key: ConversationKey): SyncEvent[] =>
  tx.updateConversation(key, { listed: false }) ? [{ type: 'list' }] : [];
