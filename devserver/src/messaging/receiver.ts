import { MessageBodyType, StatusErrorCode } from 'flooim/wire';
import type { AppData } from '../model/app-data.ts';
import type { Group } from '../model/groups.ts';
import { isBanned } from '../model/groups.ts';
import { SYSTEM_UID } from '../model/ids.ts';
import { refused } from './send-result.ts';
import type { Refusal, Sender } from './send-result.ts';

/** The receiver of a message: a group, or a user, who may be the sender. */
export type Receiver = { readonly group: Group; readonly id: number } | { readonly group?: never; readonly id: number };

/** Finds the receiver and checks that this sender may reach it. */
export function findReceiver(app: AppData, from: Sender, toId: number): { receiver: Receiver } | { refusal: Refusal } {
  if (app.groups.isGroupId(toId)) {
    const group = app.groups.get(toId);
    if (!group) return { refusal: refused('group does not exist') };
    if (from.userId !== SYSTEM_UID && !group.members.has(from.userId))
      return { refusal: refused('not a group member') };
    return { receiver: { group, id: toId } };
  }
  if (!app.users.get(toId)) return { refusal: refused('user does not exist') };
  if (app.roster.hasBlocked(toId, from.userId)) return { refusal: refused('blocked by the receiver') };
  return { receiver: { id: toId } };
}

/** Checks that hold for chat messages only, not for operations. */
export function refuseMessage(from: Sender, { group }: Receiver, type: number, now: number): Refusal | undefined {
  const fits = type === MessageBodyType.NORMAL || type === (group ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT);
  if (!fits) return refused('message type does not fit the receiver', StatusErrorCode.INVALID_PARAMETER);
  if (group && isBanned(group, from.userId, now)) return refused('banned in the group', StatusErrorCode.USER_BANNED);
  return undefined;
}

/** Each user who has the conversation with this receiver, with its id on that user's side. */
export function participants(from: Sender, receiver: Receiver): (readonly [userId: number, conversation: number])[] {
  if (receiver.group) return [...receiver.group.members.keys()].map((userId) => [userId, receiver.id] as const);
  const sides: (readonly [number, number])[] = [[receiver.id, from.userId]];
  if (from.userId !== SYSTEM_UID && from.userId !== receiver.id) sides.push([from.userId, receiver.id]);
  return sides;
}
