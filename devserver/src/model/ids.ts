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

  /** Go on from these ids, because an example names them. */
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
