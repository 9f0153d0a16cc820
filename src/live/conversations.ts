import type { ConversationItem, ConversationType, FlooClient, GroupManage, IdInput, RosterManage } from '../index.ts';
import { keepItems } from './equal.ts';
import type { Hub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';

/** Names a conversation: a row of the conversation list is one, too. */
export interface ConversationRef {
  /** Whether it is with a user or a group. */
  readonly type: ConversationType;
  /** User or group id. */
  readonly id: IdInput;
}

/**
 * Returns the text that names a conversation among all others, for keys of lists.
 *
 * @param conversation - the conversation
 */
export const conversationKey = ({ type, id }: ConversationRef): string => `${type}/${String(id)}`;

/** What the chats with users, or those of groups, can do. */
export const managerOf = (client: FlooClient, { type }: ConversationRef): GroupManage | RosterManage =>
  type === 'group' ? client.groupManage : client.rosterManage;

/** The conversation list, newest activity first. */
export function liveConversations(hub: Hub): Live<readonly ConversationItem[]> {
  return createLive<readonly ConversationItem[]>(hub, {
    topics: ['list'],
    empty: [],
    read: ({ userManage }) => userManage.getConversationList(),
    keep: (before, next) => keepItems(before, next, conversationKey),
  });
}

/** The number of unread messages of a conversation, or of all that are in the list. */
export function liveUnread(hub: Hub, conversation: ConversationRef | undefined): Live<number> {
  return createLive(hub, {
    topics: ['list'],
    empty: 0,
    read: (client) =>
      conversation
        ? managerOf(client, conversation).getUnreadCount(conversation.id)
        : client.userManage.getConversationList().reduce((total, { unread }) => total + unread, 0),
  });
}
