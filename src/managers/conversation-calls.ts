import { mustAccount, mustResumedAccount } from '../account/account.ts';
import type { AccountSource } from '../account/account.ts';
import { compareIds, parseId } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import { DELIVERY_STATUS, toOwnMessage } from '../model/message.ts';
import type { ConversationType, DeliveryStatus, Message } from '../model/message.ts';
import type { OneOf } from '../model/one-of.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { copyData } from '../util/copy-data.ts';
import { flatMap } from '../util/es2019.ts';
import { mustId, mustKey, mustTextIfAny } from './arguments.ts';

/** Conversations, and the messages that are being sent. */
export interface ConversationCalls {
  /**
   * Returns the text that the user has typed and not sent; `''` for none.
   *
   * @param id - the user or group
   * @param type - `'roster'` for a user, `'group'` for a group
   */
  getConversationDraft<Type extends string>(id: IdInput, type: OneOf<ConversationType, Type>): string;
  /**
   * Saves a text that the user is typing, and moves the conversation to the top. A blank text removes the draft. The next
   * getter shows it.
   *
   * @param id - the user or group
   * @param type - `'roster'` for a user, `'group'` for a group
   * @param draft - the text
   * @param forcedTimestamp - time of the draft, ms since 1970; now when absent
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `id`, `type` or `draft` is wrong
   */
  saveConversationDraft<Type extends string>(
    id: IdInput,
    type: OneOf<ConversationType, Type>,
    draft: string,
    forcedTimestamp?: IdInput,
  ): void;
  /**
   * Moves a conversation to the top of the list, and creates it if it is not there. The next `getConversationList()` shows it.
   *
   * @param id - the user or group
   * @param type - `'roster'` for a user, `'group'` for a group
   * @param forcedTimestamp - time to set, ms since 1970; absent or earlier than its last message: the time of that message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `id` or `type` is wrong
   */
  touchConversation<Type extends string>(
    id: IdInput,
    type: OneOf<ConversationType, Type>,
    forcedTimestamp?: IdInput,
  ): void;
  /**
   * Deletes a conversation with its messages.
   *
   * @param id - the user or group
   * @param other_devices - whether to delete it on the user's other devices, too; true when absent
   * @param type - `'roster'` or `'group'`; absent: every conversation with this id
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `id` or `type` is wrong
   */
  deleteConversation<Type extends string>(
    id: IdInput,
    other_devices?: boolean,
    type?: OneOf<ConversationType, Type>,
  ): void;
  /**
   * Returns the delivery status of a message. Undefined when it is not in memory.
   *
   * @param cid - the user or group
   * @param mid - the message
   * @param isGroup - whether `cid` is a group
   */
  getMessageStatus(cid: IdInput, mid: IdInput, isGroup?: boolean): 'unread' | 'delivered' | 'read' | undefined;
  /**
   * Marks a message unread, on this device only.
   *
   * @param cid - the user or group
   * @param mid - the message
   * @param isGroup - whether `cid` is a group
   * @returns the message; null when it is not in memory: it is marked a moment later
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `cid` or `mid` is no id
   */
  markMessageUnread(cid: IdInput, mid: IdInput, isGroup?: boolean): Message | null;
  /**
   * Returns the messages of a conversation that are being sent or have failed, also after a reload. Their `id` is the
   * client id.
   *
   * @param id - the user or group
   * @param type - `'roster'` for a user, `'group'` for a group
   * @throws FlooError `InvalidParam` when `id` or `type` is wrong
   * @example
   * for (const sending of im.sysManage.getSendingMessages(6597478514688, 'roster'))
   *   console.log(sending.id, sending.sendingStatus, sending.progress);
   */
  getSendingMessages(id: IdInput, type: ConversationType): Message[];
  /**
   * Sends a failed message again, under the same client id.
   *
   * @param mid - client id of the message
   * @returns false when there is no such message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `mid` is no id
   * @example
   * im.on('onSendingMessageStatusChanged', ({ mid, status, error }) => {
   *   if (status === 'failed' && error?.retryable) im.sysManage.resendMessage(mid);
   * });
   */
  resendMessage(mid: IdInput): boolean;
  /**
   * Forgets a message that has failed, that has not left the device, or whose file is being uploaded. It emits
   * `onMessageDeleted` with the client id.
   *
   * @param mid - client id of the message
   * @returns whether it was forgotten
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `mid` is no id
   * @example
   * const gone = await im.sysManage.discardMessage(mid);
   * console.log(gone);
   */
  discardMessage(mid: IdInput): Promise<boolean>;
}

const STATUS_NAMES = {
  [DELIVERY_STATUS.unread]: 'unread',
  [DELIVERY_STATUS.delivered]: 'delivered',
  [DELIVERY_STATUS.read]: 'read',
} as const satisfies Record<DeliveryStatus, keyof typeof DELIVERY_STATUS>;

export function createConversationCalls(accounts: AccountSource): ConversationCalls {
  const messageKey = (cid: IdInput, isGroup = false): ConversationKey =>
    conversationKey(isGroup ? 'group' : 'roster', mustId(cid, 'cid'));
  return {
    getConversationDraft: (id, type) =>
      accounts
        .current()
        ?.store.reader.conversation(conversationKey(type === 'group' ? 'group' : 'roster', parseId(id) ?? '0'))
        ?.draft ?? '',
    saveConversationDraft: (id, type, draft, forcedTimestamp) =>
      mustAccount(accounts).sync.conversations.saveDraft(
        mustKey(id, type),
        mustTextIfAny(draft, 'draft'),
        toTime(forcedTimestamp),
      ),
    touchConversation: (id, type, forcedTimestamp) =>
      mustAccount(accounts).sync.conversations.touch(mustKey(id, type), toTime(forcedTimestamp)),
    deleteConversation: (id, other_devices = true, type) => {
      const { sync } = mustAccount(accounts);
      const keys = (type ? [type] : (['roster', 'group'] as const)).map((each) => mustKey(id, each));
      sync.conversations.remove(keys, other_devices);
    },
    getMessageStatus: (cid, mid, isGroup) => {
      const account = accounts.current();
      const [peer, id] = [parseId(cid), parseId(mid)];
      if (!account || !peer || !id) return undefined;
      const { reader } = account.store;
      const key = messageKey(peer, isGroup);
      account.sync.cold.warm(key);
      const message = reader.message(key, id) ?? reader.outboxEntry(id)?.message;
      return message ? STATUS_NAMES[message.status] : undefined;
    },
    markMessageUnread: (cid, mid, isGroup) => {
      const { uid, sync } = mustAccount(accounts);
      const key = messageKey(cid, isGroup);
      sync.cold.warm(key);
      const unread = sync.commands.markUnread(key, mustId(mid, 'mid'));
      return unread && toOwnMessage(unread, uid);
    },
    getSendingMessages: (id, type) => {
      const key = mustKey(id, type);
      const account = accounts.current();
      if (!account) return [];
      return flatMap(
        account.store.reader.outbox(),
        ({ mid, conversation, message, state, error, preview }): Message[] => {
          if (!message || conversation !== key) return [];
          const progress = account.files.percentOf(mid);
          return [
            {
              ...toOwnMessage(copyData(message), account.uid),
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
      const account = mustAccount(accounts);
      return account.resend(mustId(mid, 'mid'));
    },
    discardMessage: async (mid) => {
      const id = mustId(mid, 'mid');
      // Without a wait where that is possible: what is discarded is gone at once.
      const account = accounts.current() ?? (await mustResumedAccount(accounts));
      return account.discard(id);
    },
  };
}

/** The time that an app passed, ms since 1970. Undefined when it passed none. */
function toTime(input: IdInput | undefined): number | undefined {
  const time = Number(parseId(input) ?? 0);
  return time > 0 ? time : undefined;
}
