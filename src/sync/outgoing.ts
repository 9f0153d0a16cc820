import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { SyncedMessage, MessageType } from '../model/message.ts';
import { conversationOf } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry, OutgoingMeta, PendingFile } from '../store/schema.ts';
import {
  ConversationOperationType,
  ConversationType as ConversationBodyType,
  FrameCommand,
  MessageBodyContentType,
  MessageBodyQoS,
  MessageBodyType,
  MessageOperationType,
  MetaNameSpace,
} from '../wire/enums.ts';
import type { ConversationMeta, MessageMeta, SyncUp, UpFrame } from '../wire/frame-types.ts';
import type { IConversation, IMessageBody, IMessageOperation, IXID } from '../wire/message-types.ts';
import { encodeFrame } from '../wire/encode-frame.ts';
import { toWellFormed, toWellFormedJson } from '../util/well-formed.ts';
import { addJsonFields } from './message-mapper.ts';

/** The operations on a message that an app may ask for; see `Commands.operate`. */
export const OPERATIONS = {
  recall: MessageOperationType.RECALL,
  remove: MessageOperationType.DELETE,
  append: MessageOperationType.APPEND,
  replace: MessageOperationType.REPLACE,
  unread: MessageOperationType.READ_CANCEL,
} as const;

export type AppOperation = (typeof OPERATIONS)[keyof typeof OPERATIONS];

/** The number of each message type on the wire. */
const CONTENT_TYPES: Readonly<Record<MessageType, number>> = {
  text: MessageBodyContentType.TEXT,
  image: MessageBodyContentType.IMAGE,
  audio: MessageBodyContentType.AUDIO,
  video: MessageBodyContentType.VIDEO,
  file: MessageBodyContentType.FILE,
  location: MessageBodyContentType.LOCATION,
  command: MessageBodyContentType.COMMAND,
  forward: MessageBodyContentType.FORWARD,
  rtc: MessageBodyContentType.RTC,
};

/** A message as an app hands it in, checked and with its JSON fields as text. */
export interface PreparedMessage {
  content: string;
  type: MessageType;
  ext?: string;
  config?: string;
  attachment?: string;
  priority?: number;
  /** The file to upload before the message is sent. */
  file?: PendingFile;
}

/** The user and the device that send a frame. */
export interface Sender {
  uid: Id;
  deviceSN: number;
}

/**
 * JSON text of what an app passed as text or as a value; undefined for nothing.
 *
 * @throws FlooError InvalidParam when the value has no JSON form
 */
export function toJsonText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  try {
    // Undefined for a function, for example, which the type of `stringify` does not say.
    const text = JSON.stringify(value) as string | undefined;
    if (text !== undefined) return text;
  } catch (cause) {
    throw new FlooError('InvalidParam', `${name} is no JSON`, { cause });
  }
  throw new FlooError('InvalidParam', `${name} is no JSON`);
}

/** The outbox row of a message. It holds the message as the app sees it until the server has answered. */
export function messageEntry(
  mid: Id,
  conversation: ConversationKey,
  given: PreparedMessage,
  self: Id,
  now: number,
  after: Id,
): OutboxEntry {
  const prepared = { ...given, ...wellFormed(given) };
  const { id: to } = conversationOf(conversation);
  const timestamp = String(now);
  const meta = { ns: MetaNameSpace.MESSAGE, to, timestamp, payload: messageBody(conversation, prepared) };
  const row = rowOf(mid, conversation, meta, now, after);
  row.message = unsentMessage(mid, conversation, prepared, self, timestamp);
  return prepared.file ? { ...row, state: 'uploading', file: prepared.file } : row;
}

function messageBody(conversation: ConversationKey, prepared: PreparedMessage): IMessageBody {
  const { content, ext, config, attachment, priority } = prepared;
  const type = conversationOf(conversation).type === 'group' ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT;
  // Absent fields are added one by one: spreading optional parts would take most of the time of a send.
  const body: IMessageBody = {
    type,
    content,
    ctype: CONTENT_TYPES[prepared.type],
    operation: { type: 0, mid: '0' },
  };
  if (config !== undefined) body.config = config;
  if (attachment !== undefined) body.attachment = attachment;
  if (ext !== undefined) body.ext = ext;
  if (priority) body.priority = priority;
  return body;
}

/** The message that the app sees. Its JSON fields are parsed from the sent text, so that it shows what the receiver gets. */
function unsentMessage(
  mid: Id,
  conversation: ConversationKey,
  { content, type, ext = '', config, attachment }: PreparedMessage,
  self: Id,
  timestamp: string,
): SyncedMessage {
  const { type: toType, id: to } = conversationOf(conversation);
  const message: SyncedMessage = {
    id: mid,
    from: self,
    to,
    content,
    type,
    ext,
    status: DELIVERY_STATUS.unread,
    timestamp,
    toType,
    is_system: false,
    isHistory: false,
    isNative: false,
    isPlayed: false,
    editTimestamp: '0',
  };
  addJsonFields(message, attachment, config);
  message.clientMid = mid;
  return message;
}

type Texts = EditText & Pick<Partial<PreparedMessage>, 'attachment'>;

/** The fields of a message that are text, as everybody gets them. */
function wellFormed({ content, ext, config, attachment }: Texts): Texts {
  const text: Texts = {};
  if (content !== undefined) text.content = toWellFormed(content);
  if (ext !== undefined) text.ext = toWellFormedJson(ext);
  if (config !== undefined) text.config = toWellFormedJson(config);
  if (attachment !== undefined) text.attachment = toWellFormedJson(attachment);
  return text;
}

/** A row that may be sent at once. */
const rowOf = (
  mid: Id,
  conversation: ConversationKey,
  meta: OutgoingMeta,
  createdAt: number,
  after: Id = '0',
): OutboxEntry => ({ mid, conversation, meta, state: 'queued', createdAt, after });

/** The text of an edit. JSON fields are text; an absent field stays as it is. */
export interface EditText {
  content?: string;
  config?: string;
  ext?: string;
}

/** The outbox row of an operation on a message. @param text - for an edit only */
export function operationEntry(
  mid: Id,
  conversation: ConversationKey,
  to: Id,
  operation: IMessageOperation,
  now: number,
  text?: EditText,
): OutboxEntry {
  const ctype = text ? MessageBodyContentType.TEXT : MessageBodyContentType.COMMAND;
  const edit = text && wellFormed(text);
  const payload: IMessageBody = { type: MessageBodyType.OPER, content: '', ctype, operation, ...edit };
  return rowOf(mid, conversation, { ns: MetaNameSpace.MESSAGE, to, payload }, now);
}

/** The outbox row that deletes a conversation. @param everywhere - on all devices of the user, or on this one only */
export function conversationEntry(
  mid: Id,
  conversation: ConversationKey,
  everywhere: boolean,
  xid: IXID,
  now: number,
): OutboxEntry {
  const type = everywhere ? ConversationOperationType.DELETE_EVERYWHERE : ConversationOperationType.DELETE;
  const payload: IConversation = { type: ConversationBodyType.OPER, operation: { type, xid } };
  return rowOf(mid, conversation, { ns: MetaNameSpace.CONVERSATION, payload }, now);
}

/** A typing signal. It is sent once or not at all, so it has no outbox row. */
export function typingMeta(to: Id, status: string): OutgoingMeta {
  const payload: IMessageBody = {
    type: MessageBodyType.CHAT,
    content: '',
    ctype: MessageBodyContentType.TEXT,
    operation: { type: 0, mid: '0' },
    ext: toWellFormedJson(JSON.stringify({ input_status: status })),
    qos: MessageBodyQoS.AT_MOST_ONCE,
  };
  return { ns: MetaNameSpace.MESSAGE, to, payload };
}

/** The frame that carries a meta. */
export function sendFrame(mid: Id, { ns, to, timestamp, payload }: OutgoingMeta, sender: Sender): UpFrame {
  const item: MessageMeta | ConversationMeta =
    ns === MetaNameSpace.CONVERSATION
      ? { id: mid, from: sender, ns: MetaNameSpace.CONVERSATION, payload }
      : { id: mid, from: sender, ns: MetaNameSpace.MESSAGE, payload };
  if (to !== undefined) item.to = { uid: to, deviceSN: to === sender.uid ? sender.deviceSN : 0 };
  if (timestamp !== undefined) item.timestamp = timestamp;
  return syncFrame({ meta: item });
}

/** A row may leave under another serial than the device has when it is made. */
const LARGEST_SERIAL = 2 ** 32 - 1;

/**
 * Compares a row with what the app says that its server takes.
 *
 * @param maxBytes - of the frame that carries the row; Infinity: not known
 * @returns why it cannot be sent; undefined when it can
 */
export function refusalBySize({ mid, meta }: OutboxEntry, self: Id, maxBytes: number): FlooError | undefined {
  // To encode it takes a moment, so that is done only for a limit.
  if (maxBytes === Infinity) return undefined;
  const { length } = encodeFrame(sendFrame(mid, meta, { uid: self, deviceSN: LARGEST_SERIAL }), 'up');
  if (length <= maxBytes) return undefined;
  return new FlooError('MessageInvalid', `it has ${length} bytes, and maxMessageBytes is ${maxBytes}`);
}

/** A SYNC frame. It carries everything but the login and the heartbeat. */
export const syncFrame = (payload: SyncUp): UpFrame => ({
  vsn: 0,
  compress_method: 0,
  command: FrameCommand.SYNC,
  payload,
});
