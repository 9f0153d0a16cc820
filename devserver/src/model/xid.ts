import type { IXID } from 'flooim/wire';

/** The conversation that holds notices and messages from the system. */
export const SYSTEM_UID = 0;

/** An id as the wire writes it; the device is left out unless one is named, because old clients misread it in notices. */
export function toXid(uid: number, deviceSN?: number): IXID {
  return deviceSN === undefined ? { uid: String(uid) } : { uid: String(uid), deviceSN };
}

/** The id in an XID, or -1 (nobody has it) for one that this server can not have given out. */
export function fromXid(xid: IXID | null | undefined): number {
  const uid = Number(xid?.uid ?? '0');
  return Number.isSafeInteger(uid) ? uid : -1;
}
