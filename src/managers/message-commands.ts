import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import { OPERATIONS, toJsonText } from '../sync/outgoing.ts';
import type { AppOperation, EditText } from '../sync/outgoing.ts';
import { mustId, mustText, mustTextIfAny } from './arguments.ts';

/**
 * Operations on a message. Each takes effect when the server has it. When it is refused,
 * `onSendingMessageStatusChanged` reports `failed` with the client id that the call returned.
 *
 * `mid` is the server id or the client id of the message. An operation on a message that is still being sent waits until
 * the server has it, also over a restart, and fails when it fails. A message that has failed, or has not left this device,
 * is recalled and deleted here at once.
 *
 * Every call throws `UserNotLogin` when nobody is logged in, and `InvalidParam` when `id` or `mid` is no id, another argument has
 * a wrong type, or the message has failed and is neither recalled nor deleted. An edit that is bigger than the option
 * `maxMessageBytes` throws `MessageInvalid`.
 */
export interface MessageCommands {
  /**
   * Recalls a message: it is gone for everybody. When it is too old, `onSendingMessageStatusChanged` reports
   * `MessageOutRecallTime`.
   *
   * @param id - the user or group
   * @param mid - the message
   * @returns the client id of the operation
   * @example
   * const page = await im.sysManage.getMessages({ id: 6597478514688, type: 'roster', limit: 1 });
   * const newest = page.messages[0];
   * if (newest) im.rosterManage.recallMessage(newest.to, newest.id);
   */
  recallMessage(id: IdInput, mid: IdInput): number;
  /**
   * Deletes a message on the user's own devices.
   *
   * @param id - the user or group
   * @param mid - the message
   * @returns the client id of the operation
   */
  deleteMessage(id: IdInput, mid: IdInput): number;
  /**
   * Adds text at the end of a message.
   *
   * @param id - the user or group
   * @param mid - the message
   * @param content - text to add
   * @returns the client id of the operation
   */
  appendMessageContent(id: IdInput, mid: IdInput, content: string): number;
  /**
   * Replaces the text of a message, and merges fields into its `config` and `ext`.
   *
   * @param id - the user or group
   * @param mid - the message
   * @param content - new text; absent or empty: it stays
   * @param config - fields to merge, an object or JSON text
   * @param ext - fields to merge, an object or JSON text
   * @returns the client id of the operation; undefined when nothing was given
   */
  replaceMessage(
    id: IdInput,
    mid: IdInput,
    content?: string,
    config?: string | object | null,
    ext?: string | object | null,
  ): number | undefined;
  /**
   * Marks a message unread again, on all of the user's devices.
   *
   * @param id - the user or group
   * @param mid - the message
   * @returns the client id of the operation
   */
  unreadMessage(id: IdInput, mid: IdInput): number;
  /**
   * Reports to the author that a voice message was played.
   *
   * @param id - the user or group
   * @param mid - the message
   * @returns the client id of the operation
   */
  markPlayed(id: IdInput, mid: IdInput): number;
}

export function createMessageCommands(accounts: AccountSource, type: ConversationType): MessageCommands {
  const operate = (operation: AppOperation, id: IdInput, mid: IdInput, text?: EditText): number => {
    const { commands } = mustAccount(accounts).sync;
    return idNumber(commands.operate(operation, conversationKey(type, mustId(id, 'id')), mustId(mid, 'mid'), text));
  };
  return {
    recallMessage: (id, mid) => operate(OPERATIONS.recall, id, mid),
    deleteMessage: (id, mid) => operate(OPERATIONS.remove, id, mid),
    appendMessageContent: (id, mid, content) =>
      operate(OPERATIONS.append, id, mid, { content: mustText(content, 'content') }),
    replaceMessage: (id, mid, content = '', config = null, ext = null) => {
      const text = mustTextIfAny(content, 'content');
      if (!text && !config && !ext) return undefined;
      const configText = toJsonText(config || null, 'config');
      const extText = toJsonText(ext || null, 'ext');
      return operate(OPERATIONS.replace, id, mid, {
        ...(text && { content: text }),
        ...(configText && { config: configText }),
        ...(extText && { ext: extText }),
      });
    },
    unreadMessage: (id, mid) => operate(OPERATIONS.unread, id, mid),
    markPlayed: (id, mid) => {
      const { commands } = mustAccount(accounts).sync;
      return idNumber(commands.markPlayed(conversationKey(type, mustId(id, 'id')), mustId(mid, 'mid')));
    },
  };
}
