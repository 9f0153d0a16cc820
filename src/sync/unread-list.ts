import { SYSTEM_ID } from '../model/ids.ts';
import type { StoreDraft } from '../store/draft.ts';
import { conversationKey } from '../store/schema.ts';
import type { IConversationUnread } from '../wire/gen/codec.js';
import { ConversationUnreadConvType } from '../wire/gen/enums.ts';
import type { SyncEvent } from './sync-events.ts';

/** Conversations that only the unread list names belong in the conversation list too. */
export function applyUnreadList(draft: StoreDraft, conversations: readonly IConversationUnread[]): SyncEvent[] {
  let listed = false;
  for (const { xid, type } of conversations) {
    const id = xid?.uid ?? SYSTEM_ID;
    if (id === SYSTEM_ID || type === ConversationUnreadConvType.UNKNOWN) continue;
    const key = conversationKey(type === ConversationUnreadConvType.GROUPCHAT ? 'group' : 'roster', id);
    if (!draft.conversation(key)) listed = draft.updateConversation(key, {}) || listed;
  }
  return listed ? [{ type: 'list' }] : [];
}
