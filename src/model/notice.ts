import type { Id } from './ids.ts';

/** A user or group and one of its devices. */
export interface Xid {
  uid: Id;
  deviceSN: number;
}

/** What a notice about friends says: `type` did `from` to `to` (api-surface 3.4). */
export interface NoticePayload {
  type: number;
  from: Xid;
  to: Xid[];
  /** A reason, JSON of what changed, or nothing, by type. */
  content: string;
}

/** What a notice about a group says. */
export interface GroupNoticePayload extends NoticePayload {
  gid: Xid;
}

/** The raw item behind an event (api-surface 4.2); `Number(meta.payload.from.uid)` works as in deployed apps. */
export interface NoticeMeta<Payload = NoticePayload> {
  id: Id;
  from: Xid;
  to: Xid;
  /** ms since 1970. */
  timestamp: string;
  ns: number;
  payload: Payload;
  /** Of `onActionMessage`: absent for one's own. */
  isReceived?: true;
}
