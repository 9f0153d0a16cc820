import type { Id } from '../model/ids.ts';
import { SYSTEM_ID } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { DeliveryStatus, SyncedMessage, MessageType } from '../model/message.ts';
import type { GroupNoticePayload, NoticeMeta, NoticePayload, Xid } from '../model/notice.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { MessageBodyContentType, MessageBodyType, MetaNameSpace } from '../wire/enums.ts';
import type { GroupNoticeMeta, MessageMeta, Meta, RosterNoticeMeta, SyncDown } from '../wire/frame-types.ts';
import type { IMessageBody, IRosterNotice, IXID } from '../wire/message-types.ts';

/** A decoded value: an absent field reads as its zero value, an absent message as null. */
export type Received<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer Item)[]
    ? Received<Item>[]
    : T extends object
      ? { [Field in keyof T]-?: Received<Exclude<T[Field], undefined>> }
      : T;

export type ReceivedPage = Received<SyncDown>;
export type ReceivedMeta = Received<Meta>;
/** A meta with a message body. */
export type ReceivedMessage = Received<MessageMeta> & { payload: Received<IMessageBody> };

/** An operation on a message: a received one, or our own that the server acknowledged. */
export interface OperationMeta extends MetaHead {
  /** Our own lacks the fields that were not sent. */
  payload: IMessageBody;
}

interface MetaHead {
  id: Id;
  ns: number;
  from: IXID | null;
  to: IXID | null;
  timestamp: string;
}

/** The message types by their numbers on the wire. */
const TYPE_OF_CONTENT: Readonly<Record<number, MessageType | undefined>> = {
  [MessageBodyContentType.TEXT]: 'text',
  [MessageBodyContentType.IMAGE]: 'image',
  [MessageBodyContentType.AUDIO]: 'audio',
  [MessageBodyContentType.VIDEO]: 'video',
  [MessageBodyContentType.FILE]: 'file',
  [MessageBodyContentType.LOCATION]: 'location',
  [MessageBodyContentType.COMMAND]: 'command',
  [MessageBodyContentType.FORWARD]: 'forward',
  [MessageBodyContentType.RTC]: 'rtc',
};

/** The delivery status of a number on the wire. One that only a newer server knows reads as unread. */
const statusOf = (status: number): DeliveryStatus =>
  status === DELIVERY_STATUS.delivered || status === DELIVERY_STATUS.read ? status : DELIVERY_STATUS.unread;

/** The app's message object of a received item. */
export function toMessage({ id, from, to, timestamp, payload }: ReceivedMessage, isHistory: boolean): SyncedMessage {
  const message: SyncedMessage = {
    id,
    from: from?.uid ?? SYSTEM_ID,
    to: to?.uid ?? SYSTEM_ID,
    content: payload.content,
    type: TYPE_OF_CONTENT[payload.ctype],
    ext: payload.ext,
    status: statusOf(payload.status),
    timestamp,
    toType: payload.type === MessageBodyType.CHAT ? 'roster' : 'group',
    is_system: payload.is_system,
    isHistory,
    isNative: false,
    isPlayed: false,
    editTimestamp: payload.edit_timestamp,
  };
  addJsonFields(message, payload.attachment, payload.config);
  return message;
}

/** Adds the JSON fields of a message as objects. Text that is not a JSON object adds nothing. */
export function addJsonFields(
  message: SyncedMessage,
  attachment: string | undefined,
  config: string | undefined,
): void {
  const attachFields = attachment && parseJsonObject(attachment);
  if (attachFields) message.attach = attachFields;
  const configFields = config && parseJsonObject(config);
  if (configFields) message.config = configFields;
}

/** The conversation of a message: its group, or the other one of its two users. */
export function conversationOfMessage(
  message: Pick<SyncedMessage, 'from' | 'to' | 'toType'>,
  self: Id,
): ConversationKey {
  if (message.toType === 'group') return conversationKey('group', message.to);
  return conversationKey('roster', message.from === self ? message.to : message.from);
}

/** Whether it is a typing signal: a message without content whose ext has the input status. It is emitted and never stored. */
export function isTyping(meta: ReceivedMeta): meta is ReceivedMessage {
  if (meta.ns !== MetaNameSpace.MESSAGE || !meta.payload) return false;
  const { type, content, ext } = meta.payload;
  return type === MessageBodyType.CHAT && !content && ext.startsWith('{"input_status"');
}

// Events carry plain copies of what was received, because apps store them.

export const toGroupNotice = (meta: Received<GroupNoticeMeta>): NoticeMeta<GroupNoticePayload> => ({
  ...headOf(meta),
  payload: { ...noticePayload(meta.payload!), gid: toXid(meta.payload!.gid) },
});

export const toRosterNotice = (meta: Received<RosterNoticeMeta>): NoticeMeta => ({
  ...headOf(meta),
  payload: noticePayload(meta.payload!),
});

export const toMessageMeta = (meta: OperationMeta): NoticeMeta<Record<string, unknown>> => ({
  ...headOf(meta),
  payload: JSON.parse(JSON.stringify(meta.payload)) as Record<string, unknown>,
});

const headOf = ({ id, from, to, timestamp, ns }: MetaHead): Omit<NoticeMeta, 'payload'> => ({
  id,
  from: toXid(from),
  to: toXid(to),
  timestamp,
  ns,
});

const noticePayload = ({ type, from, to, content }: Omit<Received<IRosterNotice>, 'roster_vsn'>): NoticePayload => ({
  type,
  from: toXid(from),
  to: to.map(toXid),
  content,
});

const toXid = (xid: IXID | null): Xid => ({ uid: xid?.uid ?? SYSTEM_ID, deviceSN: xid?.deviceSN ?? 0 });
