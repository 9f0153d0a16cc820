import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { ArrivedSyncedMessage, SyncedMessage } from '../model/message.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { emptyConversation, isMessage, toPublic } from '../store/schema.ts';
import type { ConversationKey, ReadMark, StoredItem, StoredMessage } from '../store/schema.ts';
import { isCounted, isStored, mentions, previewOf } from './conversation-rules.ts';
import { isNews, resolveMessage, withVersion } from './message-ops.ts';
import { refreshMention } from './receipts.ts';
import type { SyncEvent } from './sync-events.ts';

/** Which messages of a page are emitted: those new to the store; all, because the app asked for the page; or none. */
export type EmitScope = 'new' | 'all' | 'none';

/**
 * Puts messages of one conversation into the transaction and updates its list entry and unread count.
 *
 * @param incoming - ascending, no id twice
 * @returns the events to emit
 */
export async function applyMessages(
  tx: StoreTransaction,
  key: ConversationKey,
  incoming: readonly ArrivedSyncedMessage[],
  self: Id,
  emit: EmitScope = 'new',
): Promise<SyncEvent[]> {
  const record = tx.conversation(key);
  const before = record ?? { ...emptyConversation(key), listed: false };
  const { readMarks } = before;
  const messages = record ? incoming.filter(({ id }) => compareIds(id, record.clearedTo) > 0) : incoming;
  const known = await tx.messages.find(key, idsOf(messages));
  // A message that is emitted but not stored is known by its id alone.
  const unseen = await tx.unseen(key, idsOf(messages.filter((message) => !message.isHistory && !isStored(message))));
  const events: SyncEvent[] = [];
  const emitMessage = (stored: StoredMessage, { arrival }: ArrivedSyncedMessage, mentioned: boolean): void => {
    if (emit === 'none') return;
    events.push({ type: 'message', key, message: stored.ops ? toPublic(stored) : stored, arrival, mentioned });
  };
  let { unread, hasAt, newestId } = before;
  const kept: StoredMessage[] = [];
  const versions: [StoredMessage, StoredMessage][] = [];
  let preview: ReturnType<typeof previewOf>;
  for (const received of messages) {
    const { id } = received;
    const isKept = isStored(received);
    // A message that was removed meanwhile counts too.
    if (isKept) newestId = higherId(id, newestId);
    const stored = known.get(id);
    const message = arrived(received, stored, readMarks, self);
    if (!message) {
      if (!stored || !isMessage(stored)) continue;
      const again = refreshed(received, stored, readMarks, self);
      if (again !== stored) {
        kept.push(again);
        versions.push([stored, again]);
      }
      if (again !== stored && id === before.previewId) preview = previewOf(again, before);
      if (emit === 'all') emitMessage({ ...again, isHistory: true }, received, false);
      continue;
    }
    if (isKept) kept.push(message);
    else if (!received.isHistory && !unseen.has(id)) continue;
    const mentioned = mentions(message, self);
    preview = previewOf(message, before) ?? preview;
    if (isCounted(message, self)) {
      unread++;
      hasAt ||= mentioned;
    }
    emitMessage(message, received, mentioned);
  }
  await tx.messages.put(key, kept);
  const unreadChanged = unread !== before.unread;
  if (record || preview || unreadChanged || newestId !== '0') {
    // A conversation with nothing to show, such as one with call signals only, does not enter the list.
    const listed = before.listed || !!preview || unreadChanged;
    const changed = tx.updateConversation(key, { ...preview, unread, hasAt, newestId, listed });
    for (const [old, again] of versions) await refreshMention(tx, key, old, again, self);
    if (unreadChanged) events.push({ type: 'unread', key });
    const isMentioned = tx.conversation(key)!.hasAt;
    if ((changed && preview) || isMentioned !== before.hasAt) events.push({ type: 'list' });
  }
  return events;
}

const idsOf = (messages: readonly SyncedMessage[]): Id[] => messages.map(({ id }) => id);

/** The message to store and emit; undefined when it is not new. */
function arrived(
  received: ArrivedSyncedMessage,
  stored: StoredItem | undefined,
  readMarks: readonly ReadMark[],
  self: Id,
): StoredMessage | undefined {
  if (stored && isMessage(stored)) {
    // A message that only history brought so far is new when it is delivered.
    if (received.isHistory || !stored.isHistory) return undefined;
    const { clientMid, arrival } = received;
    return { ...stored, ...(clientMid !== undefined && { clientMid }), isHistory: false, arrival };
  }
  if (stored?.removed || stored?.ops?.recalledBy === received.from) return undefined;
  return resolveMessage(stored?.ops ? { ...received, ops: stored.ops } : received, readMarks, self);
}

/** The stored message, updated to the server's version: edits or a receipt may never have come here. */
function refreshed(
  received: SyncedMessage,
  stored: StoredMessage,
  readMarks: readonly ReadMark[],
  self: Id,
): StoredMessage {
  let next = stored;
  if (stored.from === self && received.status > stored.status) next = { ...next, status: received.status };
  if (isNews(stored, received)) next = resolveMessage(withVersion(next, received), readMarks, self);
  return next;
}
