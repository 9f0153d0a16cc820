import { SYSTEM_ID } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta, NoticePayload, Xid } from '../model/notice.ts';
import type { GroupNoticeMeta, RosterNoticeMeta } from '../wire/frame-types.ts';
import type { IRosterNotice, IXID } from '../wire/gen/codec.js';
import type { OperationMeta, Received, ReceivedMeta } from './received.ts';

/** Plain copies of what came: apps store what events give them. */
export const toGroupNotice = (meta: Received<GroupNoticeMeta>): NoticeMeta<GroupNoticePayload> => ({
  ...head(meta),
  payload: { ...payloadOf(meta.payload!), gid: toXid(meta.payload!.gid) },
});

export const toRosterNotice = (meta: Received<RosterNoticeMeta>): NoticeMeta => ({
  ...head(meta),
  payload: payloadOf(meta.payload!),
});

export const toMessageMeta = (meta: OperationMeta): NoticeMeta<Record<string, unknown>> => ({
  ...head(meta),
  payload: JSON.parse(JSON.stringify(meta.payload)) as Record<string, unknown>,
});

const head = ({ id, from, to, timestamp, ns }: Omit<ReceivedMeta, 'payload'>): Omit<NoticeMeta, 'payload'> => ({
  id,
  from: toXid(from),
  to: toXid(to),
  timestamp,
  ns,
});

const payloadOf = ({ type, from, to, content }: Omit<Received<IRosterNotice>, 'roster_vsn'>): NoticePayload => ({
  type,
  from: toXid(from),
  to: to.map(toXid),
  content,
});

const toXid = (xid: IXID | null): Xid => ({ uid: xid?.uid ?? SYSTEM_ID, deviceSN: xid?.deviceSN ?? 0 });
