import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import { isMessage, toPublic } from '../store/schema.ts';
import type { ConversationKey, ConversationRecord, StoredItem, StoredMessage } from '../store/schema.ts';
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
  draft: StoreDraft,
  key: ConversationKey,
  incoming: Message[],
  self: Id,
  tell: Telling = 'new',
): Promise<SyncEvent[]> {
  const record = draft.conversation(key);
  const messages = record ? incoming.filter(({ id }) => compareIds(id, record.clearedTo) > 0) : incoming;
  const known = await draft.messages.find(
    key,
    messages.map(({ id }) => id),
  );
  // What is told but not kept is known by its id alone.
  const unkept = messages.filter((message) => !message.isHistory && !isStored(message));
  const untold = await draft.unseen(
    key,
    unkept.map(({ id }) => id),
  );
  const events: SyncEvent[] = [];
  const tellMessage = (message: StoredMessage, mentioned: boolean): void => {
    if (tell !== 'nothing')
      events.push({
        type: 'message',
        conversation: key,
        message: message.ops ? toPublic(message) : message,
        mentioned,
      });
  };
  let { unread, hasAt, newestId } = record ?? { unread: 0, hasAt: false, newestId: '0' };
  const kept: StoredMessage[] = [];
  let preview: ReturnType<typeof previewOf>;
  for (const [index, received] of messages.entries()) {
    if (messages[index - 1]?.id === received.id) continue;
    // Also by one that was removed meanwhile.
    if (isStored(received) && compareIds(received.id, newestId) > 0) newestId = received.id;
    const stored = known.get(received.id);
    const message = arrived(received, stored, record, self);
    if (!message) {
      const again = stored && isMessage(stored) && refreshed(received, stored, record, self);
      if (again && again !== stored) kept.push(again);
      if (tell === 'all' && again) tellMessage({ ...again, isHistory: true }, false);
      continue;
    }
    if (unkept.includes(received) && !untold.has(message.id)) continue;
    const mentioned = mentions(message, self);
    if (isStored(message)) {
      kept.push(message);
    }
    preview = previewOf(message, record) ?? preview;
    if (isCounted(message, self)) {
      unread++;
      if (mentioned) hasAt = true;
    }
    tellMessage(message, mentioned);
  }
  await draft.messages.put(key, kept);
  const edited = kept.find(({ id }) => !preview && id === record?.previewId);
  if (edited) preview = previewOf(edited, record);
  const unreadChanged = unread !== (record?.unread ?? 0);
  if (record || preview || unreadChanged || newestId !== '0') {
    // One that only ever carried what is not listed, as the signalling of a call, does not enter the list.
    const isListed = record?.listed === true || preview !== undefined || unreadChanged;
    const changed = draft.updateConversation(key, { ...preview, unread, hasAt, newestId, listed: isListed });
    if (unreadChanged) events.push({ type: 'unread', conversation: key });
    if (changed && (preview || hasAt !== (record?.hasAt ?? false))) events.push({ type: 'list' });
  }
  return events;
}

/** The message as it is to be stored and told; undefined when it is no news. */
function arrived(
  received: Message,
  stored: StoredItem | undefined,
  record: ConversationRecord | undefined,
  self: Id,
): StoredMessage | undefined {
  const marks = record?.readMarks ?? [];
  if (!stored) return marks.length > 0 ? resolveMessage(received, marks, self) : received;
  if (!isMessage(stored)) {
    if (stored.removed) return undefined;
    return resolveMessage({ ...received, ...(stored.ops && { ops: stored.ops }) }, marks, self);
  }
  // What only history brought so far is new when it is delivered.
  if (received.isHistory || !stored.isHistory) return undefined;
  const { clientMid } = received;
  return { ...stored, ...(clientMid !== undefined && { clientMid }), isHistory: false };
}

/** A stored message as the server has it now: edits or a receipt may never have come here. */
function refreshed(
  received: Message,
  stored: StoredMessage,
  record: ConversationRecord | undefined,
  self: Id,
): StoredMessage {
  let next = stored;
  if (stored.from === self && received.status > stored.status) next = { ...next, status: received.status };
  if (compareIds(received.editTimestamp, stored.editTimestamp) > 0)
    next = resolveMessage(withVersion(next, received), record?.readMarks ?? [], self);
  return next;
}
