import { FlooError } from '../errors.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { Outbox } from './outbox.ts';
import type { SyncEvent } from './sync-events.ts';

export interface DispatchDeps {
  store: Store;
  outbox: Outbox;
  emit(events: readonly SyncEvent[]): void;
}

/** Changes a draft and puts rows. @returns what is told once that is stored. */
export type DispatchTask = (
  tx: StoreTransaction,
  put: (entry: OutboxEntry) => void,
) => Promise<readonly SyncEvent[]> | readonly SyncEvent[];

/** The one path out: rows and what they change here are stored in one batch, then told, then sent. @returns why they could not be stored. */
export async function dispatch(
  { store, outbox, emit }: DispatchDeps,
  task: DispatchTask,
): Promise<FlooError | undefined> {
  const entries: OutboxEntry[] = [];
  try {
    const change = async (tx: StoreTransaction): Promise<readonly SyncEvent[]> =>
      task(tx, (entry) => {
        const admitted = outbox.admit(entry);
        entries.push(admitted);
        tx.putOutbox(admitted);
        tx.reserveMid(entry.mid);
      });
    const events = await store.update(change, 'ahead');
    emit(events);
  } catch (error) {
    return FlooError.from(error, 'DbOperationFailed');
  }
  outbox.push(entries);
  return undefined;
}

/** The same, and the app is told why they could not be stored. @param told what it is told. Default: a problem. */
export async function dispatchOrTell(
  deps: DispatchDeps,
  task: DispatchTask,
  told = (error: FlooError): SyncEvent => ({ type: 'problem', error }),
): Promise<void> {
  const error = await dispatch(deps, task);
  if (error) deps.emit([told(error)]);
}
