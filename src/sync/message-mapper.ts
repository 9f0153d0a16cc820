import type { Id } from '../model/ids.ts';
import { SYSTEM_ID } from '../model/ids.ts';
import { MESSAGE_TYPES } from '../model/message.ts';
import type { Message } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';
import { parseJsonObject } from '../util/lossless-json.ts';
import { MessageBodyType } from '../wire/enums.ts';
import type { ReceivedMessage } from './received.ts';

/** An item as the app's message object (api-surface 4.1). */
export function toMessage({ id, from, to, timestamp, payload }: ReceivedMessage, isHistory: boolean): Message {
  const message: Message = {
    id,
    from: from?.uid ?? SYSTEM_ID,
    to: to?.uid ?? SYSTEM_ID,
    content: payload.content,
    type: MESSAGE_TYPES[payload.ctype],
    ext: payload.ext,
    // The numbers are the wire's; those of a newer server are unread.
    status: payload.status === 1 || payload.status === 2 ? payload.status : 0,
    timestamp,
    toType: payload.type === MessageBodyType.CHAT ? 'roster' : 'group',
    is_system: payload.is_system,
    isHistory,
    isNative: false,
    isPlayed: false,
    editTimestamp: payload.edit_timestamp,
  };
  const attach = payload.attachment && parseJsonObject(payload.attachment);
  if (attach) message.attach = attach;
  const config = payload.config && parseJsonObject(payload.config);
  if (config) message.config = config;
  return message;
}

/** Where a message belongs: its group, or the other one of the two users. */
export function conversationOfMessage(message: Pick<Message, 'from' | 'to' | 'toType'>, self: Id): ConversationKey {
  if (message.toType === 'group') return conversationKey('group', message.to);
  return conversationKey('roster', message.from === self ? message.to : message.from);
}

/** Typing is a message without content whose ext says so; it is told, never kept. */
export function isTyping({ toType, content, ext }: Message): boolean {
  return toType === 'roster' && !content && ext.startsWith('{"input_status"');
}
