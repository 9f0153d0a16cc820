import { mustAccount, mustResumedAccount } from '../account/account.ts';
import type { Account, AccountSource } from '../account/account.ts';
import { FlooError } from '../errors.ts';
import type { Endpoint } from '../http/endpoints.ts';
import { READER_TYPES } from '../files/upload-target.ts';
import { mustFile } from '../files/uploads.ts';
import type { RestClient } from '../http/rest-client.ts';
import { idNumber } from '../model/ids.ts';
import type { IdInput } from '../model/ids.ts';
import type { ConversationType, MessageAttachment, MessageType } from '../model/message.ts';
import type { FileBody, FileTransfer } from '../platform/ports.ts';
import { conversationKey } from '../store/schema.ts';
import { toJsonText } from '../sync/outgoing.ts';
import type { PreparedMessage } from '../sync/outgoing.ts';
import { copyData } from '../util/copy-data.ts';
import { flatMap } from '../util/es2019.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import type { Forwarded, MentionMessage, OutgoingFields, OutgoingMessage, UntypedMessage } from './outgoing-message.ts';
import { isScalar, mustBe, mustFields, mustId, mustMessageType, mustText, mustTextIfAny } from './arguments.ts';

/** Sending messages. */
export interface MessageSending {
  /**
   * Sends a message to a user.
   *
   * The message is stored before its first byte leaves. It is sent under one id until the server has answered, also
   * after a reload or offline. `onSendingMessageStatusChanged` reports `sending`, then `sent` or `failed`.
   *
   * @param message.uid - the user
   * @returns the client id of the message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when the receiver is no id, the type is not known, or `file` or a JSON field
   *   cannot be read
   * @throws FlooError `MessageInvalid` when it is bigger than the option `maxMessageBytes`
   * @example
   * const sent = im.sysManage.sendRosterMessage({ uid: 6597478514688, content: 'hello' });
   * im.sysManage.sendRosterMessage({ uid: 6597478514688, file: picker.files?.[0] });
   * console.log('sending', sent);
   */
  sendRosterMessage(message: OutgoingMessage & { uid: IdInput }): number;
  /**
   * Sends a message to a user whose content type is in a variable.
   *
   * @param message.uid - the user
   * @returns the client id of the message
   */
  sendRosterMessage<Type extends string>(message: UntypedMessage<Type> & { uid: IdInput }): number;
  /**
   * Sends a message to a group, as {@link MessageSending.sendRosterMessage} does to a user.
   *
   * When the group asks for read receipts, `config.groupMemberList` names the known members.
   *
   * @param message.gid - the group
   * @param message.priority - priority at the server; sent when it is above 0
   * @returns the client id of the message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when the receiver is no id, the type is not known, or `file` or a JSON field
   *   cannot be read
   * @throws FlooError `MessageInvalid` when it is bigger than the option `maxMessageBytes`
   * @example
   * im.sysManage.sendGroupMessage({ gid: 6597478514700, content: 'hello all' });
   * im.sysManage.sendGroupMessage({ gid: 6597478514700, type: 'location', attachment: { lat: 31.2, lon: 121.5 } });
   */
  sendGroupMessage(message: OutgoingMessage & { gid: IdInput; priority?: number }): number;
  /**
   * Sends a message to a group whose content type is in a variable.
   *
   * @param message.gid - the group
   * @param message.priority - priority at the server; sent when it is above 0
   * @returns the client id of the message
   */
  sendGroupMessage<Type extends string>(message: UntypedMessage<Type> & { gid: IdInput; priority?: number }): number;
  /**
   * Sends a text to a group that mentions members.
   *
   * @returns the client id of the message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when `gid` is no id
   * @throws FlooError `MessageInvalid` when it is bigger than the option `maxMessageBytes`
   * @example
   * im.sysManage.sendMentionMessage({ gid: 6597478514700, txt: '@bob hello', mentionList: [6597478514688] });
   */
  sendMentionMessage(message: MentionMessage): number;
  /**
   * Sends the content, type and attachment of a message to a user or group. The server first gives the attachment a
   * URL for its new reader.
   *
   * @param params.uid - the user, or
   * @param params.gid - the group
   * @param params.message - the message to forward
   * @returns the client id of the new message
   * @throws FlooError `UserNotLogin` when nobody is logged in
   * @throws FlooError `InvalidParam` when the receiver is no id
   * @throws FlooError the meaning of the server's code when it does not forward the attachment
   * @example
   * im.on('onRosterMessage', (received) => {
   *   if (received.type === 'image') void im.sysManage.forwardMessage({ gid: 6597478514700, message: received });
   * });
   */
  forwardMessage(params: { uid?: IdInput; gid?: IdInput; message: Forwarded }): Promise<number>;
}

interface MessageSendingDeps {
  accounts: AccountSource;
  rest: RestClient;
  files: FileTransfer;
}

/** A message as the code handles it. Only the types of the public methods pair `type` and `attachment`. */
type Sendable = OutgoingFields & { type?: string; attachment?: string | object; priority?: number };

export function createMessageSending({ accounts, rest, files }: MessageSendingDeps): MessageSending {
  const send = (type: ConversationType, id: IdInput, message: Sendable): number => {
    const account = mustAccount(accounts);
    const key = conversationKey(type, mustId(id, type === 'group' ? 'gid' : 'uid'));
    if (message.file === undefined) return idNumber(account.sync.commands.send(key, prepare(message)));
    const file = mustFile(files, message.file);
    return idNumber(account.files.send(key, prepareFile(message, file), file));
  };
  const sendRosterMessage = (message: Sendable & { uid: IdInput }): number =>
    send('roster', mustFields(message, 'message').uid, message);
  const sendGroupMessage = (message: Sendable & { gid: IdInput }): number =>
    send('group', mustFields(message, 'message').gid, withReaders(message, mustAccount(accounts)));
  const forward: MessageSending['forwardMessage'] = async (params) => {
    const { uid, gid, message } = mustFields(params, 'params');
    const isGroup = gid !== undefined;
    const to_id = mustId(isGroup ? gid : uid, isGroup ? 'gid' : 'uid');
    const { content, type = 'text', attach } = mustFields(message, 'message');
    // Everything is read before the server is asked: the app may change its message meanwhile.
    const attachment = attach && copyData<MessageAttachment>(mustFields(attach, 'message.attach'));
    const copy: Sendable = { content: mustTextIfAny(content, 'message.content'), type: mustMessageType(type) };
    await mustResumedAccount(accounts);
    const sign = FILE_SIGN.exec(String(attachment?.url))?.[1];
    if (attachment && sign) {
      const to_type = READER_TYPES[isGroup ? 'group' : 'roster'];
      const forwarded = await rest.call(FORWARD_FILE, { to_id, to_type, file_sign: decoded(sign) });
      copy.attachment = { ...attachment, url: forwarded.data };
    } else if (attachment) copy.attachment = attachment;
    return isGroup ? sendGroupMessage({ ...copy, gid: to_id }) : sendRosterMessage({ ...copy, uid: to_id });
  };
  return {
    sendRosterMessage,
    sendGroupMessage,
    sendMentionMessage: (mention) => {
      const { gid, txt, ...config } = mustFields(mention, 'message');
      mustBe(Array.isArray(config.mentionList ?? []), 'mentionList is no list of ids');
      return sendGroupMessage({ gid, content: mustText(txt, 'txt'), config });
    },
    forwardMessage: (params) => {
      const forwarded = forward(params);
      // Deployed apps ignore the returned promise, and an unhandled rejection would end a Node process.
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

/** The signature in the URL of an uploaded file, which lets its readers download it. Files of other servers have none. */
const FILE_SIGN = /[?&](?:file_)?sign=([^&#]+)/;

/** In a group that asks for read receipts, only the members that a message names send them. */
function withReaders<M extends Sendable & { gid: IdInput }>(message: M, { store, members, uid }: Account): M {
  const gid = mustId(message?.gid, 'gid');
  const readers = flatMap(members.of(gid), ({ user_id }) => (String(user_id) === uid ? [] : user_id));
  if (readers.length === 0 || !store.reader.group(gid)?.read_ack) return message;
  const config = mustObjectOrText(message.config, 'config');
  const fields = typeof config === 'string' ? parseJsonObject(config) : config;
  // Text that is no JSON is sent as it is.
  return config && !fields ? message : { ...message, config: { groupMemberList: readers, ...fields } };
}

/** The message types that are also the first part of a MIME type. */
const MEDIA_TYPES = ['image', 'audio', 'video'] as const satisfies readonly MessageType[];

function prepareFile(message: Sendable, file: FileBody): PreparedMessage {
  const { type = 'text', attachment } = message;
  const about = mustObjectOrText(attachment, 'attachment') || {};
  const given = typeof about === 'string' ? parseJsonObject(about) : about;
  if (!given) throw new FlooError('InvalidParam', 'attachment is no JSON');
  const { url: _url, ...attach } = { url: '', dName: file.name ?? 'file', fLen: file.size, ...given };
  const kind = MEDIA_TYPES.find((media) => file.type.startsWith(`${media}/`)) ?? 'file';
  return {
    ...prepare({ ...message, type: type === 'text' ? kind : type, attachment: attach }),
    file: { name: String(attach.dName), size: file.size, type: file.type },
  };
}

function prepare({ content, type = 'text', ext, config, attachment, priority }: Sendable): PreparedMessage {
  const messageType = mustMessageType(type);
  const extText = toJsonText(ext, 'ext');
  const configText = toJsonText(mustObjectOrText(config, 'config'), 'config');
  const attachmentText =
    type === 'text' ? undefined : toJsonText(mustObjectOrText(attachment, 'attachment'), 'attachment');
  mustBe(isScalar(priority), 'priority is no number');
  return {
    content: mustTextIfAny(content, 'content'),
    type: messageType,
    ...(extText !== undefined && { ext: extText }),
    ...(configText !== undefined && { config: configText }),
    ...(attachmentText !== undefined && { attachment: attachmentText }),
    ...(priority && priority > 0 && { priority }),
  };
}

/** A JSON field, as an object or as text. @throws FlooError InvalidParam. */
function mustObjectOrText(value: string | object | undefined, name: string): string | object | undefined {
  const isAbsent = value === undefined || value === null;
  const isObject = typeof value === 'object' && !Array.isArray(value);
  mustBe(isAbsent || isObject || typeof value === 'string', `${name} is neither an object nor text`);
  return value;
}

/** A part of a URL without its escapes; as it is when these are wrong. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // The sender wrote the URL, and the server knows what to make of it.
    return part;
  }
}
