import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import { MESSAGE_TYPES } from '../model/message.ts';
import type { ConversationType, MessageType } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import { toJsonText } from '../sync/outgoing.ts';
import type { MessageDraft } from '../sync/outgoing.ts';
import { searchContacts } from './contact-search.ts';
import type { ContactSearch } from './contact-search.ts';
import { createConversationCalls } from './conversation-calls.ts';
import type { ConversationCalls } from './conversation-calls.ts';
import { mustId } from './message-queries.ts';
import { createMessageReads } from './message-reads.ts';
import type { MessageReads } from './message-reads.ts';

/** What messages to a user and to a group have in common. JSON fields may be text or a value. */
export interface OutgoingMessage {
  content?: string;
  /** Default `text`. */
  type?: MessageType;
  ext?: string | object;
  config?: string | object;
  /** Not for text. */
  attachment?: string | object;
}

/** Sending, history and search (api-surface 2.4). */
export interface SysManage extends MessageReads, ConversationCalls {
  /** @returns the message's client id; what becomes of it comes as `onSendingMessageStatusChanged`. @throws FlooError UserNotLogin, InvalidParam. */
  sendRosterMessage(message: OutgoingMessage & { uid: IdInput }): number;
  /** The same to a group. */
  sendGroupMessage(message: OutgoingMessage & { gid: IdInput; priority?: number }): number;
  /** Tells a user that one types or stopped; sent once or not at all. */
  sendInputStatusMessage(uid: IdInput, status: 'typing' | 'nothing'): number;
  /**
   * Asks for `amount` messages before message `mid` (0: the newest) of a user or group. They come as message events with
   * `isHistory`, followed by `onReceiveHistoryMsg`.
   */
  requireHistoryMessage(id: IdInput, mid: IdInput, amount: number): void;
  /**
   * Users and groups by their names, or by the text of a recent message, the newest that matches; each at most once. It
   * answers at once from memory: `searchMessages` goes through everything.
   */
  makeSearch(text: string): ContactSearch;
}

const MAX_HISTORY_AMOUNT = 500;

export function createSysManage({ accounts }: { accounts: AccountSource }): SysManage {
  const send = (type: ConversationType, id: IdInput, message: OutgoingMessage & { priority?: number }): number => {
    const { sync } = mustAccount(accounts);
    return idNumber(
      sync.commands.send(conversationKey(type, mustId(id, type === 'group' ? 'gid' : 'uid')), toDraft(message)),
    );
  };
  return {
    ...createMessageReads(accounts),
    ...createConversationCalls(accounts),
    makeSearch: (text) => searchContacts(accounts, text),
    sendRosterMessage: (message) => send('roster', message?.uid, message),
    sendGroupMessage: (message) => send('group', message?.gid, message),
    sendInputStatusMessage: (uid, status) =>
      idNumber(mustAccount(accounts).sync.sendTyping(mustId(uid, 'uid'), status)),
    requireHistoryMessage: (id, mid, amount) => {
      const count = Math.min(MAX_HISTORY_AMOUNT, Math.max(1, Math.floor(Number(amount)) || 1));
      mustAccount(accounts).sync.requestHistory(mustId(id, 'id'), mustId(mid, 'mid'), count);
    },
  };
}

function toDraft({
  content,
  type = 'text',
  ext,
  config,
  attachment,
  priority,
}: OutgoingMessage & { priority?: number }): MessageDraft {
  if (!MESSAGE_TYPES.includes(type)) throw new FlooError('InvalidParam', `unknown message type ${String(type)}`);
  const draft: MessageDraft = { content: String(content ?? ''), type };
  const fields = { ext, config, attachment: type === 'text' ? undefined : attachment };
  for (const [name, value] of Object.entries(fields) as ['ext' | 'config' | 'attachment', unknown][]) {
    const text = toJsonText(value, name);
    if (text !== undefined) draft[name] = text;
  }
  if (priority && priority > 0) draft.priority = priority;
  return draft;
}
