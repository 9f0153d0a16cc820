import type { AccountSource } from '../account/account.ts';
import { parseId } from '../model/ids.ts';
import { toOwnMessage } from '../model/message.ts';
import type { ConversationType, Message } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import { mustId } from './arguments.ts';

/** The parts that `rosterManage` and `groupManage` share: reading messages and counting unread ones. */
interface MessageQueries {
  messages(id: unknown): Message[];
  read(id: unknown, mid?: unknown): void;
  unreadCount(id: unknown): number;
}

export function createMessageQueries(accounts: AccountSource, type: ConversationType): MessageQueries {
  return {
    messages: (id) => {
      const account = accounts.current();
      const uid = parseId(id);
      if (!account || uid === undefined) return [];
      const key = conversationKey(type, uid);
      const { reader } = account.store;
      // Only messages of recent conversations are in memory. Others are loaded now, and an event says that they are there.
      account.sync.cold.warm(key);
      return reader.newestMessages(key).map((message) => toOwnMessage(message, account.uid));
    },
    read: (id, mid) => {
      const account = accounts.current();
      if (!account) return;
      const only = mid === undefined || mid === null ? undefined : mustId(mid, 'mid');
      void account.sync.commands.markRead(conversationKey(type, mustId(id, 'id')), only);
    },
    unreadCount: (id) => {
      const record = accounts.current()?.store.reader.conversation(conversationKey(type, parseId(id) ?? '0'));
      return record ? record.unread + record.undelivered : 0;
    },
  };
}
