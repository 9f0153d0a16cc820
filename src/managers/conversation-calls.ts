import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { compareIds, parseId } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType, Message } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { flatMap } from '../util/es2019.ts';
import { mustId, mustKey } from './arguments.ts';

/** Conversations, and the messages in them that are on their way (api-surface 2.4). */
export interface ConversationCalls {
  /** The text that was being written; `''` for none. */
  getConversationDraft(id: IdInput, type: ConversationType): string;
  /** Keeps a text that is being written, and moves the conversation to the top; a blank one is forgotten. @param forcedTimestamp ms since 1970; default now. */
  saveConversationDraft(id: IdInput, type: ConversationType, draft: string, forcedTimestamp?: IdInput): void;
  /** Puts a conversation at the top of the list. */
  touchConversation(id: IdInput, type: ConversationType, forcedTimestamp?: IdInput): void;
  /**
   * Deletes a conversation and its messages, here at once, and with `other_devices` on all devices of the user. Without a
   * type: the user's and the group's of this id.
   */
  deleteConversation(id: IdInput, other_devices?: boolean, type?: ConversationType): void;
  /** Of a message in memory; undefined when it is not there. */
  getMessageStatus(cid: IdInput, mid: IdInput, isGroup?: boolean): 'unread' | 'delivered' | 'read' | undefined;
  /** Marks a message unread on this device alone. @returns it, or null when it is not in memory. */
  markMessageUnread(cid: IdInput, mid: IdInput, isGroup?: boolean): Message | null;
  /** The messages of a conversation that are being sent or failed, as they were said; also after a reload. Their id is the client's. */
  getSendingMessages(id: IdInput, type: ConversationType): Message[];
  /** Sends a failed message again, under the same client id. @returns false when there is no such message. */
  resendMessage(mid: IdInput): boolean;
  /** Forgets a message that failed, of which no byte has left, or whose file is being uploaded. @returns whether it did. */
  discardMessage(mid: IdInput): Promise<boolean>;
}

const STATUS = ['unread', 'delivered', 'read'] as const;

export function createConversationCalls(accounts: AccountSource): ConversationCalls {
  const messageKey = (cid: IdInput, isGroup = false): ConversationKey =>
    conversationKey(isGroup ? 'group' : 'roster', mustId(cid, 'cid'));
  return {
    getConversationDraft: (id, type) =>
      accounts.current()?.store.reader.conversation(conversationKey(type, parseId(id) ?? '0'))?.draft ?? '',
    saveConversationDraft: (id, type, draft, forcedTimestamp) =>
      mustAccount(accounts).sync.conversations.saveDraft(
        mustKey(id, type),
        String(draft ?? ''),
        toTime(forcedTimestamp),
      ),
    touchConversation: (id, type, forcedTimestamp) =>
      mustAccount(accounts).sync.conversations.touch(mustKey(id, type), toTime(forcedTimestamp)),
    deleteConversation: (id, other_devices = true, type) => {
      const { sync, store } = mustAccount(accounts);
      const keys = (type ? [type] : (['roster', 'group'] as const)).map((each) => mustKey(id, each));
      const known = keys.filter((key) => store.reader.conversation(key) !== undefined);
      sync.conversations.remove(known.length > 0 ? known : keys.slice(0, 1), other_devices);
    },
    getMessageStatus: (cid, mid, isGroup) => {
      const [account, id] = [accounts.current(), parseId(mid)];
      const message = account && id && account.store.reader.message(messageKey(cid, isGroup), id);
      return message ? STATUS[message.status] : undefined;
    },
    markMessageUnread: (cid, mid, isGroup) =>
      mustAccount(accounts).sync.commands.markUnread(messageKey(cid, isGroup), mustId(mid, 'mid')),
    getSendingMessages: (id, type) => {
      const key = mustKey(id, type);
      const account = accounts.current();
      return flatMap(
        account?.store.reader.outbox() ?? [],
        ({ mid, conversation, message, state, error, preview }): Message[] => {
          if (!message || conversation !== key) return [];
          const progress = account?.files.percentOf(mid);
          return [
            {
              ...message,
              sendingStatus: state === 'failed' ? 'failed' : 'sending',
              ...(progress !== undefined && { progress }),
              ...(error !== undefined && { sendingError: error }),
              ...(preview && { preview }),
            },
          ];
        },
      ).sort((a, b) => compareIds(a.id, b.id));
    },
    resendMessage: (mid) => {
      const { files, sync } = mustAccount(accounts);
      const id = mustId(mid, 'mid');
      return files.resend(id) ?? sync.outbox.resend(id);
    },
    discardMessage: async (mid) => {
      const { files, sync } = mustAccount(accounts);
      const id = mustId(mid, 'mid');
      return (await files.discard(id)) ?? sync.outbox.discard(id);
    },
  };
}

/** The time an app forces; undefined for none. */
function toTime(input: IdInput | undefined): number | undefined {
  const time = Number(parseId(input) ?? 0);
  return time > 0 ? time : undefined;
}
