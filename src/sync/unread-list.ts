import { SYSTEM_ID } from '../model/ids.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { IConversationUnread } from '../wire/gen/codec.js';
import { ConversationUnreadConvType } from '../wire/enums.ts';
import type { Received } from './received.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Conversations that only the unread list names belong in the conversation list too, and what the server holds for one
 * counts as unread until it is synced.
 */
export function applyUnreadList(
  tx: StoreTransaction,
  conversations: readonly Received<IConversationUnread>[],
): SyncEvent[] {
  const events: SyncEvent[] = [];
  let isLonger = false;
  for (const { n, xid, type } of conversations) {
    const id = xid?.uid ?? SYSTEM_ID;
    if (id === SYSTEM_ID || type === ConversationUnreadConvType.UNKNOWN) continue;
    const key = conversationKey(type === ConversationUnreadConvType.GROUPCHAT ? 'group' : 'roster', id);
    const record = tx.conversation(key);
    // One that is known but not listed was deleted: it comes back with something new.
    if (!record) isLonger = true;
    tx.updateConversation(key, { undelivered: n });
    if (n !== (record?.undelivered ?? 0)) events.push({ type: 'unread', key });
  }
  if (isLonger) events.push({ type: 'list' });
  return events;
}

/** A page of a conversation came: so many fewer are held, none when it was the last. */
export function countDelivered(
  tx: StoreTransaction,
  key: ConversationKey,
  items: number,
  isLast: boolean,
): SyncEvent[] {
  const record = tx.conversation(key);
  if (!record || record.undelivered === 0) return [];
  tx.updateConversation(key, { undelivered: isLast ? 0 : Math.max(0, record.undelivered - items) });
  return [{ type: 'unread', key }];
}
