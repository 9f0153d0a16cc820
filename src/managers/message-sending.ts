import { mustAccount } from '../account/account.ts';
import type { Account, AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import type { Endpoint } from '../http/endpoints.ts';
import { mustFile } from '../files/uploads.ts';
import type { RestClient } from '../http/rest-client.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { Attachments, ConversationType, Message, MessageContent, MessageType } from '../model/message.ts';
import type { FileBody, FileTransfer } from '../platform/ports.ts';
import { conversationKey } from '../store/schema.ts';
import { toJsonText } from '../sync/outgoing.ts';
import type { PreparedMessage } from '../sync/outgoing.ts';
import { flatMap } from '../util/es2019.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { mustId, mustMessageType } from './arguments.ts';

/** A type, and what may be attached to it: JSON, with more fields than ours if the app likes. */
export type OutgoingContent =
  | {
      [T in keyof Attachments]: {
        type: T;
        attachment?: string | Attachments[T] | (Attachments[T] & Record<string, unknown>);
      };
    }[keyof Attachments]
  | {
      /** Default `text`, which has no attachment; of a file what its MIME type says. */
      type?: Exclude<MessageType, keyof Attachments>;
      attachment?: string | object;
    };

/** What messages to a user and to a group have in common. JSON fields may be text or a value. */
export type OutgoingMessage = OutgoingFields & OutgoingContent;

export interface OutgoingFields {
  content?: string;
  ext?: string | object;
  config?: string | object;
  /**
   * A file to upload first: a `File`, a `Blob` or bytes; in Node also a path; in a mini-program a path, or what a picker
   * answered. The message shows at once, with
   * `onUploadProgress` for its percentage, and is in the outbox: a reload goes on with the upload, `discardMessage` ends it,
   * `resendMessage` tries again what failed. `attachment` gets `url`, and unless it says them `dName` and `fLen`; in a page also
   * `width`, `height` and `duration`, and `getSendingMessages` shows a `preview`, which `onUploadProgress` tells. A picture that
   * is an extended WebP is uploaded as a still PNG, as deployed. Messages sent after it do not wait for it.
   */
  file?: unknown;
}

/** A text that mentions members of a group. */
export interface MentionMessage {
  gid: IdInput;
  txt: string;
  mentionAll?: boolean;
  /** User ids. */
  mentionList?: readonly number[];
  /** The text for the push of those who are mentioned, and of the others. */
  mentionedMessage?: string;
  pushMessage?: string;
  senderNickname?: string;
}

/** What of a message is carried over when it is forwarded. */
export type Forwarded = Pick<Message, 'content'> & MessageContent;

/** Sending (api-surface 2.4). */
export interface MessageSending {
  /** @returns the message's client id; what becomes of it comes as `onSendingMessageStatusChanged`. @throws FlooError UserNotLogin, InvalidParam. */
  sendRosterMessage(message: OutgoingMessage & { uid: IdInput }): number;
  /** The same to a group. Where the group asks for read receipts, `config.groupMemberList` names the members that are known. */
  sendGroupMessage(message: OutgoingMessage & { gid: IdInput; priority?: number }): number;
  /** The same with a text that mentions members. */
  sendMentionMessage(message: MentionMessage): number;
  /**
   * Sends a message's content, type and attachment to a user or group; an attachment gets a URL of its own for its new
   * reader first. @returns the client id. @throws FlooError also what the server says against the attachment.
   */
  forwardMessage(params: { uid?: IdInput; gid?: IdInput; message: Forwarded }): Promise<number>;
}

export interface MessageSendingDeps {
  accounts: AccountSource;
  rest: RestClient;
  files: FileTransfer;
}

/** As it comes in: what fits together is for the types of the public methods to say. */
type Sendable = OutgoingFields & { type?: MessageType; attachment?: string | object; priority?: number };

export function createMessageSending({ accounts, rest, files }: MessageSendingDeps): MessageSending {
  const send = (type: ConversationType, id: IdInput, message: Sendable): number => {
    const account = mustAccount(accounts);
    const key = conversationKey(type, mustId(id, type === 'group' ? 'gid' : 'uid'));
    if (message.file === undefined) return idNumber(account.sync.commands.send(key, prepare(message)));
    const file = mustFile(files, message.file);
    return idNumber(account.files.send(key, prepareFile(message, file), file));
  };
  const sendRosterMessage = (message: Sendable & { uid: IdInput }): number => send('roster', message?.uid, message);
  const sendGroupMessage = (message: Sendable & { gid: IdInput }): number =>
    send('group', message?.gid, withReaders(message, mustAccount(accounts)));
  const forward: MessageSending['forwardMessage'] = async ({
    uid,
    gid,
    message: { content, type = 'text', attach },
  }) => {
    const sign = SIGN.exec(String(attach?.url))?.[1];
    const copy: Sendable = { content, type, ...(attach && { attachment: attach }) };
    if (sign) {
      const to = gid === undefined ? { to_id: uid, to_type: 1 } : { to_id: gid, to_type: 2 };
      const file_sign = decodeURIComponent(sign);
      copy.attachment = { ...attach, url: (await rest.call(FORWARD_FILE, { ...to, file_sign })).data };
    }
    return gid === undefined ? sendRosterMessage({ ...copy, uid: uid! }) : sendGroupMessage({ ...copy, gid });
  };
  return {
    sendRosterMessage,
    sendGroupMessage,
    sendMentionMessage: ({ gid, txt, ...config }) => sendGroupMessage({ gid, content: txt, config }),
    forwardMessage: (params) => {
      const forwarded = forward(params);
      // Deployed apps ignore what this returns: an unhandled rejection would end a Node process.
      forwarded.catch(() => undefined);
      return forwarded;
    },
  };
}

/** Gives an uploaded file a URL for another reader. */
const FORWARD_FILE = {
  method: 'GET',
  path: '/file/upload/forward',
  required: ['file_sign', 'to_id', 'to_type'],
  tokenInUrl: true,
} as const satisfies Endpoint;

/** In the URL of an uploaded file: what its readers may read it by. One of another server has none, and is forwarded as it is. */
const SIGN = /[?&](?:file_)?sign=([^&#]+)/;

/** A group that asks for read receipts gets them from the members that its messages name. */
function withReaders<M extends Sendable & { gid: IdInput }>(message: M, { store, members, uid }: Account): M {
  const gid = mustId(message?.gid, 'gid');
  const readers = flatMap(members.of(gid), ({ user_id }) => (String(user_id) === uid ? [] : user_id));
  if (readers.length === 0 || !store.reader.group(gid)?.read_ack) return message;
  const { config } = message;
  const fields = typeof config === 'string' ? parseJsonObject(config) : config;
  // Text that is no JSON is the app's own business.
  return config && !fields ? message : { ...message, config: { groupMemberList: readers, ...fields } };
}

function prepareFile(message: Sendable, file: FileBody): PreparedMessage {
  const { type = 'text', attachment = {} } = message;
  const given = typeof attachment === 'string' ? parseJsonObject(attachment) : attachment;
  if (!given) throw new FlooError('InvalidParam', 'attachment is no JSON');
  const { url: _url, ...about } = { url: '', dName: file.name ?? 'file', fLen: file.size, ...given };
  const kind = /^(image|audio|video)\//.exec(file.type)?.[1] ?? 'file';
  return {
    ...prepare({ ...message, type: type === 'text' ? (kind as MessageType) : type, attachment: about }),
    file: { name: String(about.dName), size: file.size, type: file.type },
  };
}

function prepare({ content, type = 'text', ext, config, attachment, priority }: Sendable): PreparedMessage {
  const prepared: PreparedMessage = { content: String(content ?? ''), type: mustMessageType(type) };
  const fields = { ext, config, attachment: type === 'text' ? undefined : attachment };
  for (const [name, value] of Object.entries(fields) as ['ext' | 'config' | 'attachment', unknown][]) {
    const text = toJsonText(value, name);
    if (text !== undefined) prepared[name] = text;
  }
  if (priority && priority > 0) prepared.priority = priority;
  return prepared;
}
