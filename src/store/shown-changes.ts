import type { StoreTransaction } from './transaction.ts';

/** A change that the user makes here. It is visible at once, and stored a moment later. */
export interface LocalChange<T> {
  /** Brings what {@link run} needs into the transaction that is stored. */
  bring?: ((tx: StoreTransaction) => Promise<unknown>) | undefined;
  /**
   * Makes the change. It runs several times, each time on other records: over the visible ones, with the messages that are in
   * memory; and once more to be stored. So it reads through `tx` alone and makes no id that it would make anew.
   */
  run(tx: StoreTransaction): T;
}

/**
 * The local changes that are not stored yet, as one transaction over the working set, which readers see. It is never stored:
 * each change runs again in the commit queue. When the records below it change, it is dropped, and the next reader makes it
 * again from the changes that are still pending.
 */
export class ShownChanges {
  private readonly begin: () => StoreTransaction;
  /** In the order in which they were made. */
  private readonly pending = new Set<LocalChange<unknown>>();
  private transaction: StoreTransaction | undefined;

  /** @param begin makes a transaction on the working set. */
  constructor(begin: () => StoreTransaction) {
    this.begin = begin;
  }

  /** The transaction with all pending changes; undefined when there are none. */
  current(): StoreTransaction | undefined {
    if (!this.transaction && this.pending.size > 0) {
      // It is set first: a change that asks a reader sees the changes before it.
      this.transaction = this.begin();
      for (const change of this.pending) change.run(this.transaction);
    }
    return this.transaction;
  }

  /** Makes a change visible. @returns what its run returned */
  show<T>(change: LocalChange<T>): T {
    this.transaction = this.current() ?? this.begin();
    const result = change.run(this.transaction);
    this.pending.add(change);
    return result;
  }

  /** The working set has more records than before. */
  rebase(): void {
    this.transaction = undefined;
  }

  /** A batch is in the working set. @param batch its local changes; undefined for each of its other changes. */
  stored(batch: readonly (LocalChange<unknown> | undefined)[]): void {
    for (const change of batch) if (change) this.pending.delete(change);
    // The oldest pending changes, run over the same records: what is shown stays right. So a burst of sends is not run again
    // for each of its batches.
    const isAsShown = batch.every((change) => change && !change.bring);
    if (!isAsShown || this.pending.size === 0) this.transaction = undefined;
  }

  /** A change could not be stored: it is undone. */
  undo(change: LocalChange<unknown>): void {
    this.pending.delete(change);
    this.transaction = undefined;
  }
}
