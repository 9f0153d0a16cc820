import type {
  IdInput,
  MentionMessage,
  MessageReference,
  OutgoingMessage,
  SendingStatusEvent,
  SysManage,
  UploadProgress,
} from '../index.ts';
import type { ConversationRef } from './conversations.ts';
import { keepItems } from './equal.ts';
import type { Hub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';
import { createTypingSignal } from './typing.ts';
import type { TypingSignal } from './typing.ts';

/**
 * Sending to one conversation. What is sent shows at once among its messages, with a `sendingStatus` until the server has it.
 *
 * `send`, `mention`, `retry` and `discard` fail with `UserNotLogin` when nobody is logged in, with `InvalidParam` when the message
 * cannot be sent, and with an error when there is no client or no conversation yet.
 */
export interface Sender extends TypingSignal {
  /**
   * Sends a text, or a message with any of a file, `ext`, `config`, a type and an attachment.
   *
   * @param message - the text, or the fields of the message
   * @returns the client id of the message
   */
  send(message: string | OutgoingMessage): number;
  /**
   * Sends a text to a group that mentions members.
   *
   * @param message - the text and who is mentioned
   * @returns the client id of the message
   */
  mention(message: Omit<MentionMessage, 'gid'>): number;
  /**
   * Sends a failed message again.
   *
   * @param mid - id of the message in the list
   * @returns false when there is no such message
   */
  retry(mid: IdInput): boolean;
  /**
   * Forgets a message that has failed, that has not left the device, or whose file is being uploaded.
   *
   * @param mid - id of the message in the list
   * @returns whether it was forgotten
   */
  discard(mid: IdInput): Promise<boolean>;
}

export function createSender(hub: Hub, ref: ConversationRef | undefined): Sender {
  const sys = (): SysManage => hub.must().sysManage;
  const mustId = (): IdInput => {
    if (!ref) throw new Error('flooim: no conversation is chosen');
    return ref.id;
  };
  const typing = createTypingSignal(hub, ref);
  return {
    ...typing,
    send: (message) => {
      const fields = typeof message === 'string' ? { content: message } : message;
      const id = mustId();
      typing.stopped();
      return ref!.type === 'group'
        ? sys().sendGroupMessage({ ...fields, gid: id })
        : sys().sendRosterMessage({ ...fields, uid: id });
    },
    mention: (message) => sys().sendMentionMessage({ ...message, gid: mustId() }),
    retry: (mid) => sys().resendMessage(mid),
    discard: async (mid) => sys().discardMessage(mid),
  };
}

/** The files that are being uploaded for messages, in the order in which they began. */
export function liveUploads(hub: Hub): Live<readonly UploadProgress[]> {
  const uploads = new Map<number, UploadProgress>();
  return createLive<readonly UploadProgress[]>(hub, {
    topics: ['messages'],
    empty: [],
    read: () => [...uploads.values()],
    onEvent: (event, payload) => {
      if (event === 'logout' || event === 'close') uploads.clear();
      if (event === 'onUploadProgress') {
        const upload = payload as UploadProgress;
        uploads.set(upload.mid, upload);
      }
      if (event === 'onSendingMessageStatusChanged') {
        const { status, mid } = payload as SendingStatusEvent;
        if (status !== 'sending') uploads.delete(mid);
      }
      if (event === 'onMessageDeleted') uploads.delete(Number((payload as MessageReference).mid));
    },
    keep: (before, next) => keepItems(before, next, ({ mid }) => mid),
  });
}
