import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { LOWEST, withoutGap } from '../store/gaps.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { emptyConversation } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import type { ConversationMeta } from '../wire/frame-types.ts';
import { ConversationOperationType } from '../wire/enums.ts';
import { isCounted } from './conversation-rules.ts';
import { findConversation } from './operations.ts';
import type { Received } from './message-mapper.ts';
import type { SyncEvent } from './sync-events.ts';

/**
 * Removes a conversation's messages up to this one for good: neither a late page nor the server's history brings them back.
 * Without newer messages the conversation leaves the list until something happens in it.
 *
 * @returns whether anything changed
 */
export async function clearConversation(
  tx: StoreTransaction,
  key: ConversationKey,
  upTo: Id,
  self: Id,
): Promise<boolean> {
  if (tx.conversation(key) || upTo !== '0') await tx.messages.bringAfter(key, upTo);
  return clearConversationAtHand(tx, key, upTo, self);
}

/** As {@link clearConversation}. Only those of the newer messages stay that are at hand. */
export function clearConversationAtHand(tx: StoreTransaction, key: ConversationKey, upTo: Id, self: Id): boolean {
  const known = tx.conversation(key);
  if (!known && upTo === '0') return false;
  const blank = { ...emptyConversation(key), listed: false, touchedAt: 0 };
  const { clearedTo: before, gaps, readMarks, newestId } = known ?? blank;
  const later = tx.messages.newestAtHand(key).filter(({ id }) => compareIds(id, upTo) > 0);
  tx.messages.clear(key);
  tx.messages.putAtHand(key, later);
  const clearedTo = higherId(upTo, before);
  const kept = { clearedTo, gaps: withoutGap(gaps, LOWEST, clearedTo), readMarks, newestId };
  const unread = later.filter((message) => isCounted(message, self)).length;
  return tx.updateConversation(key, { ...(later.length > 0 ? { unread } : blank), ...kept });
}

/** Applies an operation on a conversation: the user deleted it everywhere, on another device. */
export async function applyConversationOperation(
  tx: StoreTransaction,
  { id, payload }: Received<ConversationMeta>,
  self: Id,
): Promise<SyncEvent[]> {
  const { type, xid } = payload?.operation ?? {};
  if (type !== ConversationOperationType.DELETE_EVERYWHERE || !xid?.uid) return [];
  const key = findConversation(tx, xid.uid);
  const wasKnown = tx.conversation(key) !== undefined;
  if (!(await clearConversation(tx, key, id, self)) || !wasKnown) return [];
  return [{ type: 'conversation-deleted', key, source: 'other_operation' }, { type: 'unread', key }, { type: 'list' }];
}
