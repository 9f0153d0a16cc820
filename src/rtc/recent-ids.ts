const LIMIT = 500;

/** Remembers the ids that were added last. */
export class RecentIds {
  private readonly ids = new Set<string>();

  /** @returns whether it is new */
  add(id: string): boolean {
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    if (this.ids.size > LIMIT) this.ids.delete(this.ids.values().next().value!);
    return true;
  }

  has(id: string): boolean {
    return this.ids.has(id);
  }
}
