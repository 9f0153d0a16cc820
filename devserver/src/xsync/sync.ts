import type { SyncUp } from 'flooim/wire';
import { fromXid, toXid } from '../model/ids.ts';
import type { Answer, Session } from './connection.ts';
import { OK, syncFrame } from './connection.ts';

interface PageRules {
  readonly pageSize: number;
  /** Newest first, to show that order inside a page means nothing. */
  readonly reversed: boolean;
}

/** Acknowledges everything before the key, if there is one, and returns the next page. */
export function sync(session: Session, request: SyncUp, rules: PageRules): Answer {
  const conversation = fromXid(request.xid);
  session.app.queues.acknowledge(session.device, conversation, BigInt(request.key ?? '0'));
  return { kind: 'sync', frame: nextPage(session, conversation, rules) };
}

/** The first page of items that the device has not acknowledged in this conversation. */
export function nextPage(
  { app, user, device }: Session,
  conversation: number,
  { pageSize, reversed }: PageRules,
): ReturnType<typeof syncFrame> {
  const items = app.queues.undelivered(device, conversation, pageSize);
  const first = items[0];
  const last = items.at(-1);
  const metas = items.map((item) => item.meta);
  const prevMid = first ? app.messages.newestId(app.historyView(user.id, conversation), first.id) : 0n;
  return syncFrame({
    status: OK,
    xid: toXid(conversation, 0),
    metas: reversed ? metas.reverse() : metas,
    next_key: String(last ? last.id + 1n : 0n),
    ...(prevMid !== 0n && { prev_mid: String(prevMid) }),
  });
}
