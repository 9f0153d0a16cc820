import type { IXID } from 'flooim/wire';
import type { Records } from '../records/records.ts';

const FIRST_ENTITY_ID = 2 ** 41;
const ENTITY_STEP = 16;
// Ids are not consecutive, so that a key "one past the last item" is never the id of an item.
const ITEM_STEP = 3n;

/** The ids that are handed out next. */
interface NextIds {
  user: number;
  group: number;
  row: number;
  item: bigint;
}

/** Hands out every id of the server. User ids are 0 and group ids 1 modulo 16, so they never collide. */
export class IdSource {
  readonly #records: Records;
  readonly #next: NextIds;

  constructor(records: Records, firstItemId: bigint) {
    const first = FIRST_ENTITY_ID + ENTITY_STEP;
    this.#records = records;
    this.#next = { user: first, group: first + 1, row: 1, item: firstItemId };
    for (const next of records.load<NextIds>('ids')) Object.assign(this.#next, next);
  }

  userId(): number {
    const id = this.#next.user;
    this.#advance({ user: id + ENTITY_STEP });
    return id;
  }

  groupId(): number {
    const id = this.#next.group;
    this.#advance({ group: id + ENTITY_STEP });
    return id;
  }

  /** Continues from these ids, because an example names them. */
  continueFrom(next: { user?: number; group?: number }): void {
    this.#advance(next);
  }

  /** For announcements and shared files. */
  rowId(): number {
    const id = this.#next.row;
    this.#advance({ row: id + 1 });
    return id;
  }

  /** For everything that is put into a queue: strictly increasing over the whole server. */
  itemId(): bigint {
    const id = this.#next.item;
    this.#advance({ item: id + ITEM_STEP });
    return id;
  }

  /** Writes the ids again, because all other records were removed. */
  keep(): void {
    this.#advance({});
  }

  #advance(next: Partial<NextIds>): void {
    Object.assign(this.#next, next);
    this.#records.put('ids', ['next'], this.#next);
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
