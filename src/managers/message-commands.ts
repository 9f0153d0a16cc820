import { mustAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { idNumber } from '../model/ids.ts';
import type { Id, IdInput } from '../model/ids.ts';
import type { ConversationType } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { toJsonText } from '../sync/outgoing.ts';
import { mustId } from './message-queries.ts';

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
  type Commands = ReturnType<typeof mustAccount>['sync']['commands'];
  const on = <R extends Id | undefined>(
    id: IdInput,
    mid: IdInput,
    run: (commands: Commands, key: ConversationKey, mid: Id) => R,
  ): R extends Id ? number : undefined => {
    const { commands } = mustAccount(accounts).sync;
    const made = run(commands, conversationKey(type, mustId(id, 'id')), mustId(mid, 'mid'));
    return (made === undefined ? undefined : idNumber(made)) as R extends Id ? number : undefined;
  };
  return {
    recallMessage: (id, mid) => on(id, mid, (commands, ...at) => commands.recall(...at)),
    deleteMessage: (id, mid) => on(id, mid, (commands, ...at) => commands.remove(...at)),
    appendMessageContent: (id, mid, content) => on(id, mid, (commands, ...at) => commands.append(...at, content)),
    replaceMessage: (id, mid, content = '', config = null, ext = null) => {
      if (!content && !config && !ext) return undefined;
      const [configText, extText] = [toJsonText(config || null, 'config'), toJsonText(ext || null, 'ext')];
      const text = {
        ...(content && { content }),
        ...(configText && { config: configText }),
        ...(extText && { ext: extText }),
      };
      return on(id, mid, (commands, ...at) => commands.replace(...at, text));
    },
    unreadMessage: (id, mid) => on(id, mid, (commands, ...at) => commands.unread(...at)),
    markPlayed: (id, mid) => on(id, mid, (commands, ...at) => commands.played(...at)),
  };
}
