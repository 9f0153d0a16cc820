import { MetaNameSpace, StatusErrorCode } from 'flooim/wire';
import type { Meta, SyncUp } from 'flooim/wire';
import type { StoredMessage } from '../model/messages.ts';
import { statusFor } from '../model/messages.ts';
import { fromXid, toXid } from '../model/ids.ts';
import type { Answer, Session } from './connection.ts';
import { OK, syncFrame } from './connection.ts';

const DEFAULT_COUNT = 20;
const MOST = 1000;

/** A page of past messages, newest first, before the key. It acknowledges nothing. */
export function history({ app, user }: Session, request: SyncUp): Answer {
  const conversation = fromXid(request.xid);
  const head = { xid: toXid(conversation, 0), is_full_sync: true };
  const group = app.groups.get(conversation);
  if (app.groups.isGroupId(conversation) && !group?.members.has(user.id)) {
    return {
      kind: 'history',
      frame: syncFrame({ ...head, status: { code: StatusErrorCode.FAIL, reason: 'not a group member' } }),
    };
  }
  const asked = request.full_sync_num ?? 0;
  const limit = asked > 0 ? Math.min(asked, MOST) : DEFAULT_COUNT;
  const { messages, more } = app.messages.page(
    app.historyView(user.id, conversation),
    BigInt(request.key ?? '0'),
    limit,
  );
  const metas = messages.map((message) => toMeta(message, user.id));
  const nextKey = more ? String(messages.at(-1)!.id) : '0';
  return { kind: 'history', frame: syncFrame({ ...head, status: OK, metas, next_key: nextKey }) };
}

function toMeta(message: StoredMessage, viewerId: number): Meta {
  return {
    id: String(message.id),
    from: toXid(message.fromId, message.fromDevice),
    to: toXid(message.toId, 0),
    timestamp: String(message.timestamp),
    ns: MetaNameSpace.MESSAGE,
    payload: { ...message.body, status: statusFor(message, viewerId) },
  };
}
