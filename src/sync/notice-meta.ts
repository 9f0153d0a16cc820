import { SYSTEM_ID } from '../model/ids.ts';
import type { GroupNoticePayload, NoticeMeta, NoticePayload, Xid } from '../model/notice.ts';
import type { GroupNoticeMeta, Meta, MessageMeta, RosterNoticeMeta } from '../wire/frame-types.ts';
import type { IRosterNotice, IXID } from '../wire/gen/codec.js';

/** Plain copies of what came: apps store what events give them. */
export const toGroupNotice = (meta: GroupNoticeMeta): NoticeMeta<GroupNoticePayload> => ({
  ...head(meta),
  payload: { ...payloadOf(meta.payload!), gid: toXid(meta.payload!.gid) },
});

export const toRosterNotice = (meta: RosterNoticeMeta): NoticeMeta => ({
  ...head(meta),
  payload: payloadOf(meta.payload!),
});

export const toMessageMeta = (meta: MessageMeta): NoticeMeta<Record<string, unknown>> => ({
  ...head(meta),
  payload: JSON.parse(JSON.stringify(meta.payload ?? {})) as Record<string, unknown>,
});

const head = ({ id, from, to, timestamp, ns }: Meta): Omit<NoticeMeta, 'payload'> => ({
  id: id ?? SYSTEM_ID,
  from: toXid(from),
  to: toXid(to),
  timestamp: timestamp ?? '0',
  ns,
});

const payloadOf = ({ type, from, to, content }: IRosterNotice): NoticePayload => ({
  type: type ?? 0,
  from: toXid(from),
  to: (to ?? []).map(toXid),
  content: content ?? '',
});

const toXid = (xid: IXID | null | undefined): Xid => ({ uid: xid?.uid ?? SYSTEM_ID, deviceSN: xid?.deviceSN ?? 0 });
