import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import { MESSAGE_TYPES } from '../model/message.ts';
import type { MessageType } from '../model/message.ts';
import { conversationOf } from '../store/schema.ts';
import type { ConversationKey, OutboxEntry, OutgoingMeta, PendingFile } from '../store/schema.ts';
import type { Meta, SyncUp, UpFrame } from '../wire/frame-types.ts';
import type { IMessageOperation, IXID } from '../wire/gen/codec.js';
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
import { toMessage } from './message-mapper.ts';
import type { ReceivedMessage } from './received.ts';

/** What an app may do to a message: see `Commands.operate`. */
export const OPERATIONS = {
  recall: MessageOperationType.RECALL,
  remove: MessageOperationType.DELETE,
  append: MessageOperationType.APPEND,
  replace: MessageOperationType.REPLACE,
  unread: MessageOperationType.READ_CANCEL,
  played: MessageOperationType.PLAY_ACK,
} as const;

/** A message as an app hands it in, checked and with its JSON fields as text. */
export interface MessageDraft {
  content: string;
  type: MessageType;
  ext?: string;
  config?: string;
  attachment?: string;
  priority?: number;
  /** To be uploaded before the message is sent. */
  file?: PendingFile;
}

/** The sender's half of what a frame says about itself. */
export interface Sender {
  uid: Id;
  deviceSN: number;
}

/** JSON text of what an app passed as text or as a value; undefined for nothing. @throws FlooError InvalidParam. */
export function toJsonText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new FlooError('InvalidParam', `${name} is no JSON`, { cause });
  }
}

/** The outbox row of a message, with the message as it shows until the server answered. */
export function messageEntry(
  mid: Id,
  conversation: ConversationKey,
  draft: MessageDraft,
  self: Id,
  now: number,
  after: Id,
): OutboxEntry {
  const { type: toType, id: to } = conversationOf(conversation);
  const { content, ext, config, attachment, priority, file } = draft;
  const type = toType === 'group' ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT;
  const ctype = MESSAGE_TYPES.indexOf(draft.type);
  // Field by field: spreading them would take most of the time of a send.
  const payload: Record<string, unknown> = { type, content, ctype, operation: { type: 0, mid: '0' } };
  if (config !== undefined) payload['config'] = config;
  if (attachment !== undefined) payload['attachment'] = attachment;
  if (ext !== undefined) payload['ext'] = ext;
  if (priority) payload['priority'] = priority;
  const timestamp = String(now);
  const received = { type, content, ctype, attachment, config, ext: ext ?? '', ...UNTOUCHED };
  const sent = { id: mid, from: { uid: self }, to: { uid: to }, timestamp, payload: received };
  const message = toMessage(sent as ReceivedMessage, false);
  message.clientMid = mid;
  const row = rowOf(mid, conversation, { ns: MetaNameSpace.MESSAGE, to, timestamp, payload }, now, after);
  row.message = message;
  return file ? { ...row, state: 'uploading', file } : row;
}

/** What a message says that nobody has seen. */
const UNTOUCHED = { status: 0, is_system: false, edit_timestamp: '0' } as const;

/** A row that waits for nothing. */
const rowOf = (
  mid: Id,
  conversation: ConversationKey,
  meta: OutgoingMeta,
  createdAt: number,
  after: Id = '0',
): OutboxEntry => ({ mid, conversation, meta, state: 'queued', createdAt, after });

/** What an edit brings; JSON fields as text, absent ones absent. */
export interface EditText {
  content?: string;
  config?: string;
  ext?: string;
}

/** The outbox row of an operation on a message. @param text only of an edit. */
export function operationEntry(
  mid: Id,
  conversation: ConversationKey,
  to: Id,
  operation: IMessageOperation,
  now: number,
  text?: EditText,
): OutboxEntry {
  const ctype = text ? MessageBodyContentType.TEXT : MessageBodyContentType.COMMAND;
  const payload = { type: MessageBodyType.OPER, content: '', ctype, operation, ...text };
  return rowOf(mid, conversation, { ns: MetaNameSpace.MESSAGE, to, payload }, now);
}

/** The outbox row that deletes a conversation, on all devices of the user or on this one. */
export function conversationEntry(
  mid: Id,
  conversation: ConversationKey,
  everywhere: boolean,
  xid: IXID,
  now: number,
): OutboxEntry {
  const type = everywhere ? ConversationOperationType.DELETE_EVERYWHERE : ConversationOperationType.DELETE;
  const payload = { type: ConversationBodyType.OPER, operation: { type, xid } };
  return rowOf(mid, conversation, { ns: MetaNameSpace.CONVERSATION, payload }, now);
}

/** Typing is sent once or not at all: it has no outbox row. */
export function typingMeta(to: Id, status: string): OutgoingMeta {
  const payload = {
    type: MessageBodyType.CHAT,
    content: '',
    ctype: MessageBodyContentType.TEXT,
    operation: { type: 0, mid: '0' },
    ext: JSON.stringify({ input_status: status }),
    qos: MessageBodyQoS.AT_MOST_ONCE,
  };
  return { ns: MetaNameSpace.MESSAGE, to, payload };
}

/** The frame that carries a meta. */
export function sendFrame(mid: Id, meta: OutgoingMeta, sender: Sender): UpFrame {
  const { ns, to, timestamp, payload } = meta;
  const item: Record<string, unknown> = { id: mid, from: sender, ns, payload };
  if (to !== undefined) item['to'] = { uid: to, deviceSN: to === sender.uid ? sender.deviceSN : 0 };
  if (timestamp !== undefined) item['timestamp'] = timestamp;
  return syncFrame({ meta: item as unknown as Meta });
}

/** A frame of the one command that everything but the login goes by. */
export const syncFrame = (payload: SyncUp): UpFrame => ({
  vsn: 0,
  compress_method: 0,
  command: FrameCommand.SYNC,
  payload,
});
