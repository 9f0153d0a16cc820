import type { Id } from './ids.ts';

/** A user or group and one of its devices. */
export interface Xid {
  uid: Id;
  deviceSN: number;
}

/** The raw item behind a notice event (api-surface 4.2); `Number(meta.payload.from.uid)` works as in deployed apps. */
export interface NoticeMeta {
  id: Id;
  from: Xid;
  to: Xid;
  /** ms since 1970. */
  timestamp: string;
  ns: number;
  payload: Record<string, unknown>;
}
