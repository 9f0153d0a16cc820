import { FlooError } from '../errors.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { When } from '../store/write-behind.ts';
import type { SyncEvent } from './sync-events.ts';

export interface CommitDeps {
  store: Store;
  emit(events: readonly SyncEvent[]): void;
}

/**
 * Changes the store, then emits the events that the change returned; a problem when it could not be stored.
 *
 * @param when - as for `Store.update`
 * @returns whether the change is stored
 */
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

export interface DispatchDeps extends CommitDeps {
  outbox: {
    /** The row in the form in which it is stored. */
    admit(entry: OutboxEntry): OutboxEntry;
    /** Sends rows that are stored. */
    push(entries: readonly OutboxEntry[]): void;
  };
}

/** Changes the store and puts outbox rows. @returns the events to emit once that is stored */
export type DispatchTask = (
  tx: StoreTransaction,
  put: (entry: OutboxEntry) => void,
) => Promise<readonly SyncEvent[]> | readonly SyncEvent[];

/**
 * Sends rows. It stores the rows and the changes that they make here in one batch, emits the events, and then sends the rows.
 * Everything that is sent and must arrive goes this way.
 *
 * @returns why the batch could not be stored; undefined when it is stored
 */
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

/** Dispatches, and emits an event when that could not be stored. @param failureEvent - default: a problem */
export async function dispatchOrReport(
  deps: DispatchDeps,
  task: DispatchTask,
  failureEvent = (error: FlooError): SyncEvent => ({ type: 'problem', error }),
): Promise<void> {
  const error = await dispatch(deps, task);
  if (error) deps.emit([failureEvent(error)]);
}
