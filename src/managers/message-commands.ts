import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import { OPERATIONS, toJsonText } from '../sync/outgoing.ts';
import type { AppOperation, EditText } from '../sync/outgoing.ts';
import { mustId } from './arguments.ts';

/**
 * What is done to a message of a user's or a group's conversation. It takes effect when the server has it; one that is
 * refused is told as `onSendingMessageStatusChanged` failed, under the client id returned here. All of them throw FlooError
 * UserNotLogin and InvalidParam.
 */
export interface MessageCommands {
  /** Takes a message back, for everybody. */
  recallMessage(id: IdInput, mid: IdInput): number;
  /** Removes a message on one's own devices. */
  deleteMessage(id: IdInput, mid: IdInput): number;
  /** Adds text at the end of a message. */
  appendMessageContent(id: IdInput, mid: IdInput, content: string): number;
  /** Replaces a message's text, and merges into its config and ext; JSON fields may be text or a value. Nothing given: nothing done. */
  replaceMessage(
    id: IdInput,
    mid: IdInput,
    content?: string,
    config?: string | object | null,
    ext?: string | object | null,
  ): number | undefined;
  /** Marks a message unread again, on all own devices. */
  unreadMessage(id: IdInput, mid: IdInput): number;
  /** Tells the author that a voice message was played. Undefined when nobody is to be told: a group message that is not in memory. */
  markPlayed(id: IdInput, mid: IdInput): number | undefined;
}

export function createMessageCommands(accounts: AccountSource, type: ConversationType): MessageCommands {
  const operate = (operation: AppOperation, id: IdInput, mid: IdInput, text?: EditText): number => {
    const { commands } = mustAccount(accounts).sync;
    return idNumber(commands.operate(operation, conversationKey(type, mustId(id, 'id')), mustId(mid, 'mid'), text));
  };
  return {
    recallMessage: (id, mid) => operate(OPERATIONS.recall, id, mid),
    deleteMessage: (id, mid) => operate(OPERATIONS.remove, id, mid),
    appendMessageContent: (id, mid, content) => operate(OPERATIONS.append, id, mid, { content }),
    replaceMessage: (id, mid, content = '', config = null, ext = null) => {
      if (!content && !config && !ext) return undefined;
      const [configText, extText] = [toJsonText(config || null, 'config'), toJsonText(ext || null, 'ext')];
      return operate(OPERATIONS.replace, id, mid, {
        ...(content && { content }),
        ...(configText && { config: configText }),
        ...(extText && { ext: extText }),
      });
    },
    unreadMessage: (id, mid) => operate(OPERATIONS.unread, id, mid),
    markPlayed: (id, mid) => {
      const { commands } = mustAccount(accounts).sync;
      const sent = commands.markPlayed(conversationKey(type, mustId(id, 'id')), mustId(mid, 'mid'));
      return sent === undefined ? undefined : idNumber(sent);
    },
  };
}
