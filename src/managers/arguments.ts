import { FlooError } from '../errors.ts';
import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import { MESSAGE_TYPES } from '../model/message.ts';
import type { ConversationType, MessageType } from '../model/message.ts';
import { conversationKey } from '../store/schema.ts';
import type { ConversationKey } from '../store/schema.ts';

// Checks of the arguments that apps pass to the managers.

/** The canonical form of an id. @throws FlooError InvalidParam. */
export function mustId(input: unknown, name: string): Id {
  const id = parseId(input);
  if (id === undefined) throw new FlooError('InvalidParam', `${name} is no id`);
  return id;
}

/** The key of the conversation with a user or group. @throws FlooError InvalidParam. */
export function mustKey(id: unknown, type: ConversationType | undefined): ConversationKey {
  return conversationKey(mustConversationType(type), mustId(id, 'id'));
}

/** @throws FlooError InvalidParam. */
export function mustConversationType(type: ConversationType | undefined): ConversationType {
  if (type !== 'roster' && type !== 'group') throw new FlooError('InvalidParam', 'type is neither roster nor group');
  return type;
}

/** Refuses a call whose argument is not right. @throws FlooError InvalidParam. */
export function mustBe(isRight: boolean, reason: string): void {
  if (!isRight) throw new FlooError('InvalidParam', reason);
}

/** @param fallback - limit of a call that names none. @throws FlooError InvalidParam. */
export function mustLimit(limit: number | undefined, fallback: number): number {
  mustBe(limit === undefined || (Number.isInteger(limit) && limit > 0), 'limit is no positive whole number');
  return limit ?? fallback;
}

/** @throws FlooError InvalidParam. */
export function mustMessageType(type: MessageType): MessageType {
  mustBe(MESSAGE_TYPES.includes(type), `unknown message type ${String(type)}`);
  return type;
}
