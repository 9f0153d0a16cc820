import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { ConversationKey } from '../store/schema.ts';
import { isCounted, isUnread } from './conversation-rules.ts';

/** Marks messages read and counts them off. @returns the ones that were not read before. */
export async function markRead(
  draft: StoreDraft,
  key: ConversationKey,
  self: Id,
  upTo?: Id,
  only?: Id,
): Promise<Message[]> {
  const wanted = (message: Message): boolean =>
    only ? message.id === only : !upTo || compareIds(message.id, upTo) <= 0;
  const candidates = only ? [...(await draft.messages(key, [only])).values()] : await draft.recent(key);
  const read = candidates.filter((message) => isUnread(message, self) && wanted(message));
  for (const message of read) draft.putMessage(key, { ...message, status: DELIVERY_STATUS.read });
  const record = draft.conversation(key);
  if (!record) return read;
  let unread = Math.max(0, record.unread - read.filter(({ isHistory }) => !isHistory).length);
  const oldest = candidates[0];
  if (!only && (!upTo || compareIds(upTo, record.newestId) >= 0)) unread = 0;
  else if (upTo && oldest && compareIds(upTo, oldest.id) >= 0) {
    // Everything older than these is read as well, and no longer in memory to be counted off.
    unread = Math.min(unread, candidates.filter((message) => isCounted(message, self) && !wanted(message)).length);
  }
  draft.updateConversation(key, { unread });
  return read;
}
