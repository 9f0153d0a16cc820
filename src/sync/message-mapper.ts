import type { Id } from '../model/ids.ts';
import { SYSTEM_ID } from '../model/ids.ts';
import { MESSAGE_TYPES } from '../model/message.ts';
import type { DeliveryStatus, Message } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import type { MessageMeta } from '../wire/frame-types.ts';
import type { IMessageBody } from '../wire/gen/codec.js';
import { MessageBodyDeliveryStatus, MessageBodyType } from '../wire/gen/enums.ts';

/** A received item as the app's message object (api-surface 4.1). */
export function toMessage(meta: MessageMeta, body: IMessageBody, isHistory: boolean): Message {
  const message: Message = {
    id: meta.id!,
    from: meta.from?.uid ?? SYSTEM_ID,
    to: meta.to?.uid ?? SYSTEM_ID,
    content: body.content!,
    type: MESSAGE_TYPES[body.ctype!],
    ext: body.ext!,
    status: toStatus(body.status!),
    timestamp: meta.timestamp!,
    toType: body.type === MessageBodyType.CHAT ? 'roster' : 'group',
    is_system: body.is_system!,
    isHistory,
    isNative: false,
    isPlayed: false,
    editTimestamp: body.edit_timestamp!,
  };
  if (body.attachment) {
    const attach = parseJsonObject(body.attachment);
    if (attach) message.attach = attach;
  }
  if (body.config) {
    const config = parseJsonObject(body.config);
    if (config) message.config = config;
  }
  return message;
}

function toStatus(status: number): DeliveryStatus {
  return status === MessageBodyDeliveryStatus.READ ? 2 : status === MessageBodyDeliveryStatus.DELIVERED ? 1 : 0;
}

/** Where a message belongs: its group, or the other one of the two users. */
export function conversationOfMessage(message: Pick<Message, 'from' | 'to' | 'toType'>, self: Id): ConversationKey {
  if (message.toType === 'group') return conversationKey('group', message.to);
  return conversationKey('roster', message.from === self ? message.to : message.from);
}

/** Typing is a message without content whose ext says so; it is told, never kept. */
export function isTyping(body: IMessageBody): boolean {
  return body.type === MessageBodyType.CHAT && !body.content && body.ext?.startsWith('{"input_status"') === true;
}
