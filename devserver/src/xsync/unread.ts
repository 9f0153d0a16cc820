import { ConversationUnreadConvType, FrameCommand } from 'flooim/wire';
import type { IUnreadDL } from 'flooim/wire';
import { SYSTEM_UID, toXid } from '../model/ids.ts';
import type { Answer, Session } from './connection.ts';
import { OK } from './connection.ts';

/** Every conversation with undelivered items, and every other one the device should list. */
export function unread(session: Session): Answer {
  const { app, user, device } = session;
  const conversations = new Set([...app.queues.conversationsOf(user.id), ...app.messages.conversationsOf(user.id)]);
  const rows: NonNullable<IUnreadDL['unread']> = [];
  for (const conversation of conversations) {
    const n = app.queues.undelivered(device, conversation).length;
    if (n > 0 || isListed(session, conversation))
      rows.push({ xid: toXid(conversation, 0), n, type: typeOf(session, conversation) });
  }
  return { kind: 'unread', frame: { command: FrameCommand.UNREAD, payload: { status: OK, unread: rows } } };
}

function isListed({ app, user, device }: Session, conversation: number): boolean {
  if (conversation === SYSTEM_UID) return false;
  if (app.groups.isGroupId(conversation) && !app.groups.get(conversation)?.members.has(user.id)) return false;
  const newest = app.messages.newestId(app.historyView(user.id, conversation));
  return newest > (device.hiddenUpTo.get(conversation) ?? 0n);
}

function typeOf({ app }: Session, conversation: number): number {
  if (conversation === SYSTEM_UID) return ConversationUnreadConvType.UNKNOWN;
  return app.groups.isGroupId(conversation) ? ConversationUnreadConvType.GROUPCHAT : ConversationUnreadConvType.CHAT;
}
