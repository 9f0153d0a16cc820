import { mustAccount } from '../account/account.ts';
import type { Account, AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType, Message, MessageType } from '../model/message.ts';
import { ABOVE_ALL, nextId } from '../store/gaps.ts';
import { conversationOf } from '../store/schema.ts';
import { readPage } from './message-pages.ts';
import type { MessagePage } from './message-pages.ts';
import { mustBe, mustId, mustKey, mustLimit, mustMessageType } from './arguments.ts';

/** A user's or a group's conversation. */
export interface ConversationName {
  id: IdInput;
  type: ConversationType;
}

/** Which messages of a conversation; without `before`, `after` and `around`, of which there may be one: the newest. */
export interface MessagePageQuery extends ConversationName {
  /** Below this message id, without it; 0: the newest. */
  before?: IdInput;
  /** Above this message id, without it. */
  after?: IdInput;
  /** This message, and half of the limit on each side of it. */
  around?: IdInput;
  /** Default 50. */
  limit?: number;
  /** Only messages of this type. */
  contentType?: MessageType;
}

export interface FoundMessage {
  message: Message;
  /** Of the conversation, and its id. */
  type: ConversationType;
  id: number;
}

/**
 * Reads through everything stored, not only the newest messages. All of it reject with FlooError UserNotLogin,
 * InvalidParam and DbOperationFailed.
 */
export interface MessageReads {
  /**
   * A page of a conversation, ascending. Where this device lacks messages the server is asked for them first. When it
   * cannot be asked, `complete` is false and the page goes as far as is known without a hole.
   */
  getMessages(query: MessagePageQuery): Promise<MessagePage>;
  /** One stored message; undefined when there is none of this id. */
  getMessage(query: ConversationName & { mid: IdInput }): Promise<Message | undefined>;
  /** How many messages of a conversation are stored. It reads all of them: some ms for each 1,000. */
  countMessages(query: ConversationName & { contentType?: MessageType }): Promise<number>;
  /**
   * The stored text messages in which every word of `text` occurs, newest first; case and width make no difference. With
   * `id` and `type` of one conversation, with `type` of users or of groups only. `limit`: default 50.
   */
  searchMessages(
    text: string,
    options?: { id?: IdInput; type?: ConversationType; limit?: number },
  ): Promise<FoundMessage[]>;
}

const DEFAULT_LIMIT = 50;

export function createMessageReads(accounts: AccountSource): MessageReads {
  /** What fails in the database fails as such. */
  const read = async <T>(run: (account: Account) => Promise<T>): Promise<T> => {
    const account = mustAccount(accounts);
    return run(account).catch((error: unknown) => {
      throw FlooError.from(error, 'DbOperationFailed');
    });
  };
  return {
    getMessages: async (query) =>
      read(async (account) => {
        mustBe(typeof query === 'object', 'no query');
        const { before, after, around, limit, contentType, ...name } = query;
        const [key, count, type] = [
          mustKey(name.id, name.type),
          mustLimit(limit, DEFAULT_LIMIT),
          mustType(contentType),
        ];
        const [given = '0', ...others] = [before, after, around].filter((anchor) => anchor !== undefined);
        mustBe(others.length === 0, 'only one of before, after and around');
        const anchor = mustId(given, 'message id');
        if (after !== undefined) return readPage(account, { key, anchor, side: 'after', limit: count, type });
        const newer = around === undefined ? 0 : Math.floor(count / 2);
        const top = around !== undefined ? nextId(anchor) : anchor === '0' ? ABOVE_ALL : anchor;
        // One after the other: the first may fill the gap of both.
        const older = await readPage(account, { key, anchor: top, side: 'before', limit: count - newer, type });
        const rest = await readPage(account, { key, anchor, side: 'after', limit: newer, type });
        return { messages: [...older.messages, ...rest.messages], complete: older.complete && rest.complete };
      }),
    getMessage: async ({ mid, ...name }) =>
      read(async ({ store }) => store.query.message(mustKey(name.id, name.type), mustId(mid, 'mid'))),
    countMessages: async ({ contentType, ...name }) =>
      read(async ({ store }) => store.query.count(mustKey(name.id, name.type), mustType(contentType))),
    searchMessages: async (text, { id, type, limit } = {}) =>
      read(async ({ store }) => {
        mustBe(typeof text === 'string', 'text is no string');
        const within =
          id !== undefined ? `${mustKey(id, type)}/` : type === undefined ? '' : mustKey(0, type).slice(0, 1);
        const hits = await store.search(text, within, mustLimit(limit, DEFAULT_LIMIT));
        return hits.map(({ conversation, message }) => {
          const of = conversationOf(conversation);
          return { message, type: of.type, id: idNumber(of.id) };
        });
      }),
  };
}

const mustType = (type: MessageType | undefined): MessageType | undefined =>
  type === undefined ? undefined : mustMessageType(type);
