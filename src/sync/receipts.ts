import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { ConversationKey } from '../store/schema.ts';
import { NEWEST_MESSAGES } from '../store/working-set.ts';
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
  const record = draft.conversation(key);
  const candidates = only
    ? [...(await draft.messages.find(key, [only])).values()]
    : await backToUnread(draft, key, self, record?.unread ?? 0);
  const read = candidates.filter((message) => isUnread(message, self) && wanted(message));
  await draft.messages.put(
    key,
    read.map((message) => ({ ...message, status: DELIVERY_STATUS.read })),
  );
  if (record) {
    const all = !only && (!upTo || compareIds(upTo, record.newestId) >= 0);
    const counted = read.filter((message) => isCounted(message, self)).length;
    draft.updateConversation(key, { unread: all ? 0 : Math.max(0, record.unread - counted) });
  }
  return read;
}

/** The newest messages, back to the oldest of so many that count as unread. */
async function backToUnread(
  draft: StoreDraft,
  key: ConversationKey,
  self: Id,
  unread: number,
): Promise<readonly Message[]> {
  for (let atLeast = NEWEST_MESSAGES; ; atLeast *= 4) {
    const messages = await draft.messages.newest(key, atLeast);
    if (messages.length < atLeast || messages.filter((message) => isCounted(message, self)).length >= unread)
      return messages;
  }
}
