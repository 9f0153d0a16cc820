import { compareIds, parseId, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { ConversationRecord } from '../store/schema.ts';

/** Signalling of a call is no part of the conversation; its record is. */
const isCallSignal = (message: Message): boolean => message.type === 'rtc' && message.config?.['action'] !== 'record';

/** Whether the conversation list shows this message as its newest (api-surface 5.3). */
export function isPreview(message: Message): boolean {
  if (message.is_system && !(message.toType === 'roster' && message.from === SYSTEM_ID)) return false;
  if (!message.content && !message.attach) return false;
  return !isCallSignal(message);
}

/** Whether it is kept at all: commands and forwards are only told (api-surface 5.5). */
export function isStored(message: Message): boolean {
  return message.type !== 'command' && message.type !== 'forward';
}

/** Whether it counts as unread: from someone else, or from the system, and not read (api-surface 5.4). */
export function isUnread(message: Message, self: Id): boolean {
  return message.status !== 2 && message.from !== self && isStored(message) && !isCallSignal(message);
}

/** Whether the conversation's unread count includes it: history is not counted, however it was read. */
export function isCounted(message: Message, self: Id): boolean {
  return !message.isHistory && isUnread(message, self);
}

/** Whether it mentions the user, by name or with everyone. */
export function mentions(message: Message, self: Id): boolean {
  const config = message.config;
  if (message.toType !== 'group' || message.from === self || !config) return false;
  const list = config['mentionList'];
  return config['mentionAll'] === true || (Array.isArray(list) && list.some((id) => parseId(id) === self));
}

/** The list entry of a conversation without a message to show. */
export const NO_PREVIEW: Partial<ConversationRecord> = { previewId: '0', content: '', ext: '', timestamp: '' };

/** The list entry's fields that follow from its newest message; undefined when it shows a newer one already. */
export function previewOf(message: Message, record?: ConversationRecord): Partial<ConversationRecord> | undefined {
  if (!isPreview(message) || (record && compareIds(message.id, record.previewId) < 0)) return undefined;
  const shown = message.type === 'text' || message.type === 'rtc' ? message.content : (message.type ?? '');
  return { previewId: message.id, content: shown, ext: message.ext, timestamp: message.timestamp };
}
