import { mustResumedAccount } from '../account/account.ts';
import type { Account, AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import { toOwnMessage } from '../model/message.ts';
import type { ConversationType, Message, MessageType } from '../model/message.ts';
import { ABOVE_ALL, nextId } from '../store/gaps.ts';
import { conversationOf, keyPrefix } from '../store/schema.ts';
import { readPage } from './message-pages.ts';
import type { MessagePage } from './message-pages.ts';
import { placeOf, readNamed } from './named-messages.ts';
import { mustBe, mustConversationType, mustFields, mustId, mustKey, mustLimit, mustMessageType } from './arguments.ts';

/** Names a conversation. */
export interface ConversationName {
  /** User or group id. */
  id: IdInput;
  /** `'roster'`: a chat with one user. `'group'`: a group chat. */
  type: ConversationType;
}

/**
 * Selects messages of a conversation. It may have one of `before`, `after` and `around`: the server id of a message, or its
 * client id, also while it is being sent. Without them: the newest messages.
 */
export interface MessagePageQuery extends ConversationName {
  /** Messages below this message id, without it. 0: the newest. */
  before?: IdInput;
  /** Messages above this message id, without it. */
  after?: IdInput;
  /** This message, and half of the limit on each side. */
  around?: IdInput;
  /**
   * Most messages of the page.
   * @default 50
   */
  limit?: number;
  /** Only messages of this type. */
  contentType?: MessageType;
}

/** A message that a search has found. */
export interface FoundMessage {
  /** The message. */
  message: Message;
  /** Type of its conversation. */
  type: ConversationType;
  /** User or group id of its conversation. */
  id: number;
}

/**
 * Reading everything stored, not only the newest messages.
 *
 * Every call rejects with `UserNotLogin` when nobody is logged in, with `InvalidParam` for a wrong argument, and with
 * `DbOperationFailed` when storage fails.
 */
export interface MessageReads {
  /**
   * Resolves with a page of a conversation, ascending by id. It asks the server first for messages that this device
   * lacks. When that is not possible, `complete` is false, and the page ends at the first hole.
   *
   * @example
   * const { messages } = await im.sysManage.getMessages({ id: 6597478514688, type: 'roster' });
   * const older = await im.sysManage.getMessages({ id: 6597478514688, type: 'roster', before: messages[0]?.id ?? 0 });
   * console.log(older.messages.length, older.complete);
   */
  getMessages(query: MessagePageQuery): Promise<MessagePage>;
  /**
   * Resolves with a message that is stored or being sent. Undefined when there is none with this id.
   *
   * @param query.mid - server id or client id of the message
   */
  getMessage(query: ConversationName & { mid: IdInput }): Promise<Message | undefined>;
  /**
   * Resolves with the number of stored messages of a conversation. It reads all of them.
   *
   * @param query.contentType - count only messages of this type
   */
  countMessages(query: ConversationName & { contentType?: MessageType }): Promise<number>;
  /**
   * Finds the stored text messages that contain every word, newest first. Case and the width of letters make no
   * difference.
   *
   * @param text - words, separated by spaces
   * @param options.id - only in the conversation with this id and `type`
   * @param options.type - only in chats with users, or only in groups
   * @param options.limit - most messages to find; 50 when absent
   * @example
   * const found = await im.sysManage.searchMessages('hello', { type: 'group', limit: 20 });
   * for (const { id, message } of found) console.log(id, message.content);
   */
  searchMessages(
    text: string,
    options?: { id?: IdInput; type?: ConversationType; limit?: number },
  ): Promise<FoundMessage[]>;
}

const DEFAULT_LIMIT = 50;

export function createMessageReads(accounts: AccountSource): MessageReads {
  /** Rejects with DbOperationFailed for an error of the database. */
  const read = async <T>(run: (account: Account) => Promise<T>): Promise<T> => {
    const account = accounts.current() ?? (await mustResumedAccount(accounts));
    return run(account).catch((error: unknown) => {
      throw FlooError.from(error, 'DbOperationFailed');
    });
  };
  return {
    getMessages: async (query) =>
      read(async (account) => {
        const { before, after, around, limit, contentType, ...name } = mustFields(query, 'query');
        const key = mustKey(name.id, name.type);
        const count = mustLimit(limit, DEFAULT_LIMIT);
        const type = mustType(contentType);
        const [given = '0', ...others] = [before, after, around].filter((anchor) => anchor !== undefined);
        mustBe(others.length === 0, 'only one of before, after and around');
        const { at: anchor, end } = await placeOf(account, key, mustId(given, 'message id'));
        if (after !== undefined) return readPage(account, { key, anchor, side: 'after', limit: count, type });
        const newer = around === undefined ? 0 : Math.floor(count / 2);
        const top = around !== undefined ? nextId(anchor) : end === '0' ? ABOVE_ALL : end;
        // Not at the same time, because the first may fill a gap that reaches into the second.
        const older = await readPage(account, { key, anchor: top, side: 'before', limit: count - newer, type });
        const rest = await readPage(account, { key, anchor, side: 'after', limit: newer, type });
        return { messages: [...older.messages, ...rest.messages], complete: older.complete && rest.complete };
      }),
    getMessage: async (query) =>
      read(async (account) => {
        const { id, type, mid } = mustFields(query, 'query');
        return readNamed(account, mustKey(id, type), mustId(mid, 'mid'));
      }),
    countMessages: async (query) =>
      read(async ({ store }) => {
        const { id, type, contentType } = mustFields(query, 'query');
        return store.query.count(mustKey(id, type), mustType(contentType));
      }),
    searchMessages: async (text, options) =>
      read(async ({ store, uid }) => {
        mustBe(typeof text === 'string', 'text is no string');
        const { id, type, limit } = mustFields(options ?? {}, 'options');
        const hits = await store.search(text, searchPrefix(id, type), mustLimit(limit, DEFAULT_LIMIT));
        return hits.map((hit) => {
          const conversation = conversationOf(hit.conversation);
          return { message: toOwnMessage(hit.message, uid), type: conversation.type, id: idNumber(conversation.id) };
        });
      }),
  };
}

/** The start of the storage keys to search: of one conversation, of all conversations of one type, or of all. */
function searchPrefix(id: IdInput | undefined, type: ConversationType | undefined): string {
  if (id !== undefined) return `${mustKey(id, type)}/`;
  return type === undefined ? '' : keyPrefix(mustConversationType(type));
}

const mustType = (type: MessageType | undefined): MessageType | undefined =>
  type === undefined ? undefined : mustMessageType(type);
