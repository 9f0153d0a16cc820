import { higherId, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { LOWEST, nextId, previousId, withGap, withoutGap } from '../store/gaps.ts';
import type { Gaps } from '../store/gaps.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { ConversationUnreadConvType } from '../wire/enums.ts';
import type { IConversationUnread } from '../wire/message-types.ts';
import type { Received } from './message-mapper.ts';
import type { SyncEvent } from './sync-events.ts';

type Known = Pick<ConversationRecord, 'gaps' | 'newestId' | 'clearedTo'>;
const NOTHING_KNOWN: Known = { gaps: [], newestId: '0', clearedTo: '0' };

/**
 * The gaps after messages were delivered.
 *
 * @param ids - their ids, ascending
 * @param prevMid - the message before them; `'0'` when the server does not name it
 */
export function withDelivered(known: Known = NOTHING_KNOWN, ids: readonly Id[], prevMid: Id): Gaps {
  const [first] = ids;
  if (!first) return known.gaps;
  const newest = newestKnown(known);
  const before = prevMid === '0' ? previousId(first) : prevMid;
  // Nothing is known of the time before the first message here.
  if (newest === '0') return withGap(known.gaps, LOWEST, before);
  return withoutGap(withGap(known.gaps, nextId(newest), prevMid), nextId(before), ids[ids.length - 1]!);
}

/** The gaps after a page of history: everything from its oldest message up to `before` is known. */
export function withHistory(known: Known = NOTHING_KNOWN, ids: readonly Id[], before: Id, isBeginning: boolean): Gaps {
  const from = (!isBeginning && ids[0]) || LOWEST;
  const to = before === '0' ? higherId(ids[ids.length - 1], known.newestId) : previousId(before);
  // A page that does not touch the stored messages leaves a gap between.
  return withoutGap(withGap(known.gaps, nextId(newestKnown(known)), previousId(from)), from, to);
}

/** Everything up to this id, except the gaps, is stored or was deleted; `'0'`: nothing is known. */
const newestKnown = ({ newestId, clearedTo }: Known): Id => higherId(newestId, clearedTo);

/**
 * Applies the server's unread list. A conversation that only this list names enters the conversation list too, and the items
 * that the server holds for a conversation count as unread until they are synced.
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
    // A conversation that is known but not listed was deleted: a new message brings it back.
    if (!record) isLonger = true;
    tx.updateConversation(key, { undelivered: n });
    if (n !== (record?.undelivered ?? 0)) events.push({ type: 'unread', key });
  }
  if (isLonger) events.push({ type: 'list' });
  return events;
}

/** Takes a page's items off the number that the server holds; after the last page it holds none. */
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
