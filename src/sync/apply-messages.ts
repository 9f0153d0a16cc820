import { compareIds, higherId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import { emptyConversation, isMessage, toPublic } from '../store/schema.ts';
import type { ConversationKey, ReadMark, StoredItem, StoredMessage } from '../store/schema.ts';
import { isCounted, isStored, mentions, previewOf } from './conversation-rules.ts';
import { resolveMessage, withVersion } from './message-ops.ts';
import type { SyncEvent } from './sync-events.ts';

/** Which messages of a page the app is told of: those new to the store, or all because it asked for the page, or none because it did not. */
export type Telling = 'new' | 'all' | 'nothing';

/**
 * Put messages of one conversation, ascending, into the draft, and the list entry and the unread count with them.
 *
 * @param tell what the app is told of.
 */
export async function applyMessages(
  tx: StoreTransaction,
  key: ConversationKey,
  incoming: Message[],
  self: Id,
  tell: Telling = 'new',
): Promise<SyncEvent[]> {
  const record = tx.conversation(key);
  const before = record ?? { ...emptyConversation(key), listed: false };
  const { readMarks } = before;
  const messages = incoming.filter(
    ({ id }, at) => id !== incoming[at - 1]?.id && !(record && compareIds(id, record.clearedTo) <= 0),
  );
  const known = await tx.messages.find(key, idsOf(messages));
  // What is told but not kept is known by its id alone.
  const untold = await tx.unseen(key, idsOf(messages.filter((message) => !message.isHistory && !isStored(message))));
  const events: SyncEvent[] = [];
  const tellMessage = (message: StoredMessage, mentioned: boolean): void => {
    const told = message.ops ? toPublic(message) : message;
    if (tell !== 'nothing') events.push({ type: 'message', key, message: told, mentioned });
  };
  let { unread, hasAt, newestId } = before;
  const kept: StoredMessage[] = [];
  let preview: ReturnType<typeof previewOf>;
  for (const received of messages) {
    const { id } = received;
    const isKept = isStored(received);
    // Also by one that was removed meanwhile.
    if (isKept) newestId = higherId(id, newestId);
    const stored = known.get(id);
    const message = arrived(received, stored, readMarks, self);
    if (!message) {
      if (!stored || !isMessage(stored)) continue;
      const again = refreshed(received, stored, readMarks, self);
      if (again !== stored) kept.push(again);
      if (again !== stored && id === before.previewId) preview = previewOf(again, before);
      if (tell === 'all') tellMessage({ ...again, isHistory: true }, false);
      continue;
    }
    if (isKept) kept.push(message);
    else if (!received.isHistory && !untold.has(id)) continue;
    const mentioned = mentions(message, self);
    preview = previewOf(message, before) ?? preview;
    if (isCounted(message, self)) {
      unread++;
      hasAt ||= mentioned;
    }
    tellMessage(message, mentioned);
  }
  await tx.messages.put(key, kept);
  const unreadChanged = unread !== before.unread;
  if (record || preview || unreadChanged || newestId !== '0') {
    // One that only ever carried what is not listed, as the signalling of a call, does not enter the list.
    const listed = before.listed || !!preview || unreadChanged;
    const changed = tx.updateConversation(key, { ...preview, unread, hasAt, newestId, listed });
    if (unreadChanged) events.push({ type: 'unread', key });
    if (changed && (preview || hasAt !== before.hasAt)) events.push({ type: 'list' });
  }
  return events;
}

const idsOf = (messages: readonly Message[]): Id[] => messages.map(({ id }) => id);

/** The message as it is to be stored and told; undefined when it is no news. */
function arrived(
  received: Message,
  stored: StoredItem | undefined,
  readMarks: readonly ReadMark[],
  self: Id,
): StoredMessage | undefined {
  if (stored && isMessage(stored)) {
    // What only history brought so far is new when it is delivered.
    if (received.isHistory || !stored.isHistory) return undefined;
    const { clientMid } = received;
    return { ...stored, ...(clientMid !== undefined && { clientMid }), isHistory: false };
  }
  if (stored?.removed) return undefined;
  return resolveMessage(stored?.ops ? { ...received, ops: stored.ops } : received, readMarks, self);
}

/** A stored message as the server has it now: edits or a receipt may never have come here. */
function refreshed(received: Message, stored: StoredMessage, readMarks: readonly ReadMark[], self: Id): StoredMessage {
  let next = stored;
  if (stored.from === self && received.status > stored.status) next = { ...next, status: received.status };
  if (compareIds(received.editTimestamp, stored.editTimestamp) > 0)
    next = resolveMessage(withVersion(next, received), readMarks, self);
  return next;
}
