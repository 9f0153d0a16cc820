import type { IXID } from 'flooim/wire';

const FIRST_ENTITY_ID = 2 ** 41;
const ENTITY_STEP = 16;
// Ids are not consecutive, so that a key "one past the last item" is never the id of an item.
const ITEM_STEP = 3n;

/** Hands out every id of the server. User ids are 0 and group ids 1 modulo 16, so they never collide. */
export class IdSource {
  #nextUser = FIRST_ENTITY_ID + ENTITY_STEP;
  #nextGroup = FIRST_ENTITY_ID + ENTITY_STEP + 1;
  #rows = 0;
  #nextItem: bigint;

  constructor(firstItemId: bigint) {
    this.#nextItem = firstItemId;
  }

  userId(): number {
    const id = this.#nextUser;
    this.#nextUser += ENTITY_STEP;
    return id;
  }

  groupId(): number {
    const id = this.#nextGroup;
    this.#nextGroup += ENTITY_STEP;
    return id;
  }

  /** Continues from these ids, because an example names them. */
  continueFrom({ user = this.#nextUser, group = this.#nextGroup }: { user?: number; group?: number }): void {
    this.#nextUser = user;
    this.#nextGroup = group;
  }

  /** For announcements and shared files. */
  rowId(): number {
    return ++this.#rows;
  }

  /** For everything that is put into a queue: strictly increasing over the whole server. */
  itemId(): bigint {
    const id = this.#nextItem;
    this.#nextItem += ITEM_STEP;
    return id;
  }
}

/** The conversation that holds notices and messages from the system. */
export const SYSTEM_UID = 0;

/** An id as the wire writes it. Without `deviceSN` the field is absent, because old clients misread it in notices. */
export function toXid(uid: number, deviceSN?: number): IXID {
  return deviceSN === undefined ? { uid: String(uid) } : { uid: String(uid), deviceSN };
}

/** The id in an XID. -1, which is the id of no user, for an id that this server cannot have given out. */
export function fromXid(xid: IXID | null | undefined): number {
  const uid = Number(xid?.uid ?? '0');
  return Number.isSafeInteger(uid) ? uid : -1;
}

/** Index of the first row whose id is not below `id`, in rows sorted by id; the number of rows if there is none. */
export function firstAtOrAfter(rows: readonly { readonly id: bigint }[], id: bigint): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]!.id < id) low = middle + 1;
    else high = middle;
  }
  return low;
}
