import { FlooError } from '../errors.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { Store } from '../store/store.ts';
import type { When } from '../store/write-behind.ts';
import type { SyncEvent } from './sync-events.ts';

export interface CommitDeps {
  store: Store;
  emit(events: readonly SyncEvent[]): void;
}

/** Changes the store, then tells what the change says; or that it could not be stored. @param when as of `update`. @returns whether it was. */
export async function commit(
  { store, emit }: CommitDeps,
  change: (tx: StoreTransaction) => Promise<readonly SyncEvent[]> | readonly SyncEvent[],
  when?: When,
): Promise<boolean> {
  try {
    emit(await store.update(change, when));
    return true;
  } catch (error) {
    emit([{ type: 'problem', error: FlooError.from(error, 'DbOperationFailed') }]);
    return false;
  }
}
