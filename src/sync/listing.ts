import type { OutboxEntry } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { SyncEvent } from './sync-events.ts';

/** Puts the row of a message that is sent now, and its conversation into the list. @param touchedAt - its place there */
export function listing(
  tx: StoreTransaction,
  entry: OutboxEntry,
  touchedAt: number,
  put: (entry: OutboxEntry) => void,
): SyncEvent[] {
  const { conversation, mid } = entry;
  const message = entry.message!;
  const isNew = !tx.conversation(conversation)?.listed;
  put(isNew ? { ...entry, lists: true } : entry);
  if (isNew) tx.updateConversation(conversation, { listed: true, timestamp: message.timestamp, touchedAt });
  return [{ type: 'sending', mid, message }, ...(isNew ? ([{ type: 'list' }] as const) : [])];
}

/**
 * Takes a conversation off the list again when a message that put it there did not get through, and nothing else is in it: a
 * first message that the receiver does not get, or one to a group that the user is no longer in.
 */
export function unlist(tx: StoreTransaction, { conversation, lists }: OutboxEntry): SyncEvent[] {
  const record = tx.conversation(conversation);
  if (!lists || !record) return [];
  const { previewId, draft, unread, undelivered } = record;
  if (previewId !== '0' || draft || unread || undelivered) return [];
  return tx.updateConversation(conversation, { listed: false }) ? [{ type: 'list' }] : [];
}
