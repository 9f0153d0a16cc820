import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { ConversationKey } from '../store/schema.ts';
import { isCounted, isStored, mentions, previewOf } from './conversation-rules.ts';
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
  messages: Message[],
  self: Id,
  tell: Telling = 'new',
): Promise<SyncEvent[]> {
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
  const record = draft.conversation(key);
  // Stored before it is listed: the signalling of a call.
  const newest = await draft.messages.newest(key);
  let { unread, hasAt, newestId } = record ?? {
    unread: 0,
    hasAt: false,
    newestId: newest[newest.length - 1]?.id ?? '0',
  };
  const kept: Message[] = [];
  let preview: ReturnType<typeof previewOf>;
  for (const [index, incoming] of messages.entries()) {
    if (messages[index - 1]?.id === incoming.id) continue;
    const stored = known.get(incoming.id);
    // What only history brought so far is new when it is delivered.
    if (stored && (incoming.isHistory || !stored.isHistory)) {
      if (tell === 'all')
        events.push({ type: 'message', conversation: key, message: { ...stored, isHistory: true }, mentioned: false });
      continue;
    }
    const { clientMid } = incoming;
    const message = stored ? { ...stored, ...(clientMid !== undefined && { clientMid }), isHistory: false } : incoming;
    if (unkept.includes(incoming) && !untold.has(message.id)) continue;
    const mentioned = mentions(message, self);
    if (isStored(message)) {
      kept.push(message);
      if (compareIds(message.id, newestId) > 0) newestId = message.id;
    }
    preview = previewOf(message, record) ?? preview;
    if (isCounted(message, self)) unread++;
    if (!message.isHistory && mentioned) hasAt = true;
    if (tell !== 'nothing') events.push({ type: 'message', conversation: key, message, mentioned });
  }
  await draft.messages.put(key, kept);
  const unreadChanged = unread !== (record?.unread ?? 0);
  // A conversation that only ever carried what is not listed does not enter the list.
  if (record || preview || unreadChanged) {
    const listed = draft.updateConversation(key, { ...preview, unread, hasAt, newestId });
    if (unreadChanged) events.push({ type: 'unread', conversation: key });
    if (listed && (preview || hasAt !== record?.hasAt)) events.push({ type: 'list' });
  }
  return events;
}
