import { FlooError } from '../errors.ts';
import type { StoreDraft } from '../store/draft.ts';
import type { Store } from '../store/store.ts';
import type { SyncEvent } from './sync-events.ts';

export interface CommitDeps {
  store: Store;
  emit(events: readonly SyncEvent[]): void;
}

/** Changes the store, then tells what the change says; or that it could not be stored. @param mayWait as of `update`. @returns whether it was. */
export async function commit(
  { store, emit }: CommitDeps,
  change: (draft: StoreDraft) => Promise<readonly SyncEvent[]> | readonly SyncEvent[],
  mayWait?: boolean,
): Promise<boolean> {
  try {
    emit(await store.update(change, mayWait));
    return true;
  } catch (error) {
    emit([{ type: 'problem', error: FlooError.from(error, 'DbOperationFailed') }]);
    return false;
  }
}
