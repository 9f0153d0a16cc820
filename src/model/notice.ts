import type { Id } from './ids.ts';

/** A user or a group, and one of its devices. */
export interface Xid {
  /** User or group id. */
  uid: Id;
  /** Serial number of the device; 0 when none is named. */
  deviceSN: number;
}

/** Content of a notice about friends: `from` did something to `to`. */
export interface NoticePayload {
  /** What happened, a number of the protocol. The event has a name for it. */
  type: number;
  /** Who did it. */
  from: Xid;
  /** To whom it was done. */
  to: Xid[];
  /** By type: a reason, JSON with the changes, or `''`. */
  content: string;
}

/** Content of a notice about a group. */
export interface GroupNoticePayload extends NoticePayload {
  /** The group. */
  gid: Xid;
}

/** Content of a stored notice: about a friend, or about a group. */
export interface KeptNoticePayload extends NoticePayload {
  /** The group, when it is about one. */
  gid?: Xid;
}

/** The raw item behind an event. `Number(meta.payload.from.uid)` works as with the deployed SDK. */
export interface NoticeMeta<Payload = NoticePayload> {
  /** The server's id of the item. */
  id: Id;
  /** Who sent it. */
  from: Xid;
  /** Whom it was sent to. */
  to: Xid;
  /** Time at the server, ms since 1970 as text. */
  timestamp: string;
  /** Kind of the item: 1 message, 2 group notice, 3 friend notice. */
  ns: number;
  /** Its content. */
  payload: Payload;
  /** In `onActionMessage`: true for an operation from elsewhere, absent for one of this device. */
  isReceived?: true;
}
