import { compareIds, parseId, SYSTEM_ID } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { DELIVERY_STATUS } from '../model/message.ts';
import type { SyncedMessage } from '../model/message.ts';
import type { ConversationKey, ConversationRecord } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { StoreTransaction } from '../store/transaction.ts';

/** The signalling of a call is not part of the conversation; the record of the call is. */
const isCallSignal = (message: SyncedMessage): boolean =>
  message.type === 'rtc' && message.config?.['action'] !== 'record';

/** Whether the conversation list may show this message as its newest. */
export function isPreview(message: SyncedMessage): boolean {
  if (message.is_system && !(message.toType === 'roster' && message.from === SYSTEM_ID)) return false;
  if (!message.content && !message.attach) return false;
  return !isCallSignal(message);
}

/** Whether the message is stored: commands and forwards are only emitted. */
export function isStored(message: SyncedMessage): boolean {
  return message.type !== 'command' && message.type !== 'forward';
}

/** Whether the message is unread: someone else or the system sent it, and it is not read. */
export function isUnread(message: SyncedMessage, self: Id): boolean {
  return (
    message.status !== DELIVERY_STATUS.read && message.from !== self && isStored(message) && !isCallSignal(message)
  );
}

/** Whether the conversation's unread count includes the message: history never counts. */
export function isCounted(message: SyncedMessage, self: Id): boolean {
  return !message.isHistory && isUnread(message, self);
}

/** Whether the message mentions the user, by id or with everyone. */
export function mentions(message: SyncedMessage, self: Id): boolean {
  const config = message.config;
  if (message.toType !== 'group' || message.from === self || !config) return false;
  const list: unknown = config['mentionList'];
  return config['mentionAll'] === true || (Array.isArray(list) && list.some((id) => parseId(id) === self));
}

/** A time by which a conversation is the first in the list: now, also by a clock that is not the server's. @param now of ours */
export const topOfList = ({ newestActivity }: StoreTransaction, now: number): number =>
  Math.max(now, newestActivity + 1);

/** The newest message of a conversation; `'0'` for none, undefined when that is not known yet, see `Store.isLoaded`. */
export const newestKnown = (
  { reader, isLoaded }: Pick<Store, 'reader' | 'isLoaded'>,
  key: ConversationKey,
): Id | undefined => reader.conversation(key)?.newestId ?? (isLoaded ? '0' : undefined);

/** The fields of the list entry for a conversation whose messages were removed. Its time stays. */
export const NO_PREVIEW: Partial<ConversationRecord> = { previewId: '0', content: '', ext: '' };

/** The fields of the list entry that a message sets; undefined when the entry shows a newer message. */
export function previewOf(
  message: SyncedMessage,
  record?: ConversationRecord,
): Partial<ConversationRecord> | undefined {
  if (!isPreview(message) || (record && compareIds(message.id, record.previewId) < 0)) return undefined;
  const shown = message.type === 'text' || message.type === 'rtc' ? message.content : (message.type ?? '');
  return { previewId: message.id, content: shown, ext: message.ext, timestamp: message.timestamp };
}
