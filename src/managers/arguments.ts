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
export function mustKey(id: unknown, type: string | undefined): ConversationKey {
  return conversationKey(mustConversationType(type), mustId(id, 'id'));
}

/** @throws FlooError InvalidParam. */
export function mustConversationType(type: string | undefined): ConversationType {
  if (type !== 'roster' && type !== 'group') throw new FlooError('InvalidParam', 'type is neither roster nor group');
  return type;
}

/** Refuses a call whose argument is not right. @throws FlooError InvalidParam. */
export function mustBe(isRight: boolean, reason: string): void {
  if (!isRight) throw new FlooError('InvalidParam', reason);
}

/** The fields of an argument that is an object. @throws FlooError InvalidParam. */
export function mustFields<T extends object>(input: T, name: string): T {
  mustBe(typeof input === 'object' && input !== null && !Array.isArray(input), `${name} is no object`);
  return input;
}

/** Text as an app may pass it; a number counts as its digits. @throws FlooError InvalidParam. */
export function mustText(input: unknown, name: string): string {
  mustBe(typeof input === 'string' || (typeof input === 'number' && Number.isFinite(input)), `${name} is no text`);
  return String(input);
}

/** Whether a value is at most one number or text: no object and no function. */
export const isScalar = (input: unknown): boolean => !['object', 'function', 'symbol'].includes(typeof (input ?? 0));

/** Text that may be left out. @returns `''` when it is. @throws FlooError InvalidParam. */
export const mustTextIfAny = (input: unknown, name: string): string =>
  input === undefined || input === null ? '' : mustText(input, name);

/** The canonical forms of ids. @throws FlooError InvalidParam. */
export function mustIds(inputs: unknown, name: string): Id[] {
  mustBe(Array.isArray(inputs), `${name} is no list of ids`);
  return (inputs as unknown[]).map((input) => mustId(input, name));
}

/** @param fallback - limit of a call that names none. @throws FlooError InvalidParam. */
export function mustLimit(limit: number | undefined, fallback: number): number {
  mustBe(limit === undefined || (Number.isInteger(limit) && limit > 0), 'limit is no positive whole number');
  return limit ?? fallback;
}

/** @throws FlooError InvalidParam. */
export function mustMessageType(input: string): MessageType {
  const type = MESSAGE_TYPES.find((name) => name === input);
  if (!type) throw new FlooError('InvalidParam', `type is none of ${MESSAGE_TYPES.join(', ')}`);
  return type;
}
