import { FlooError } from '../errors.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import type { LocalChange } from '../store/shown-changes.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { When } from '../store/write-behind.ts';
import type { SyncEvent } from './sync-events.ts';

/** What a batch says of itself to those who follow the store: the events that are emitted with it. */
export interface SyncReport {
  readonly events: readonly SyncEvent[];
  /** The call of another tab that this is the change of. */
  readonly call?: string | undefined;
}

export interface CommitDeps {
  store: Store;
  /** Emits events that belong to no batch. */
  emit(events: readonly SyncEvent[]): void;
  /** Emits the events of a commit, see `createBatchedEmit`. Those who follow the store have them with the batch. */
  emitBatched(events: readonly SyncEvent[]): Promise<void>;
  /** Is called with the events of a change before it is stored. */
  beforeStored(events: readonly SyncEvent[]): void;
}

/**
 * Changes the store, then emits the events that the change returned; a problem when it could not be stored.
 *
 * @param when - as for `Store.update`
 * @returns whether the change is stored
 */
export async function commit(
  { store, emit, emitBatched, beforeStored }: CommitDeps,
  change: (tx: StoreTransaction) => Promise<readonly SyncEvent[]> | readonly SyncEvent[],
  when?: When,
): Promise<boolean> {
  let events: readonly SyncEvent[];
  try {
    events = await store.update(async (tx) => {
      const made = await change(tx);
      beforeStored(made);
      if (made.length > 0) tx.report({ events: made } satisfies SyncReport);
      return made;
    }, when);
  } catch (error) {
    emit([{ type: 'problem', error: FlooError.from(error, 'DbOperationFailed') }]);
    return false;
  }
  await emitBatched(events);
  return true;
}

/** What a run of a {@link DispatchTask} made. */
export interface Dispatched {
  readonly events: readonly SyncEvent[];
  readonly entries: readonly OutboxEntry[];
}

/** The part of a store that changes of the user's need. */
export interface DispatchStore extends Pick<Store, 'isLoaded' | 'reader'> {
  /** See `Store.change`. */
  change(change: LocalChange<Dispatched>, when: When): { shown: Dispatched; stored: Promise<Dispatched> };
}

export interface DispatchDeps {
  store: DispatchStore;
  /** Emits the events of a change that is made here. Those who follow the store have them with the batch. */
  emitHere(events: readonly SyncEvent[]): void;
  /** The call of another tab that is carried out here. */
  call?: string | undefined;
  outbox: {
    /** The row in the form in which it is stored. */
    admit(entry: OutboxEntry): OutboxEntry;
    /** Sends rows that are stored. */
    push(entries: readonly OutboxEntry[]): void;
    /** An operation waits for the answer to its message. */
    wait(operation: OutboxEntry): void;
    /** Puts the end of a message that has not left into the transaction. */
    withdraw(tx: StoreTransaction, entry: OutboxEntry): SyncEvent[];
  };
}

/**
 * Makes a change here and puts the outbox rows that belong to it. It runs several times: see `LocalChange`.
 *
 * @returns the events to emit
 */
export type DispatchTask = (tx: StoreTransaction, put: (entry: OutboxEntry) => void) => readonly SyncEvent[];

/**
 * Makes a change of the user's. It is visible and its events are emitted when this returns. Then the change is stored with its
 * rows, in one batch, and after that the rows are sent. Everything that is sent and must arrive goes this way.
 *
 * @param bring - brings the messages that the task needs, for the run which is stored; events of that run that were not emitted
 *   yet follow it
 * @returns why it could not be stored; undefined when it is stored. It is undone then, and the events by which apps read again
 *   are emitted once more.
 */
export async function dispatch(
  { store, outbox, emitHere: emit, call }: DispatchDeps,
  task: DispatchTask,
  bring?: LocalChange<unknown>['bring'],
): Promise<FlooError | undefined> {
  const run = (tx: StoreTransaction): Dispatched => {
    const entries: OutboxEntry[] = [];
    const events = task(tx, (entry) => {
      const admitted = outbox.admit(entry);
      entries.push(admitted);
      tx.putOutbox(admitted);
      tx.reserveMid(entry.mid);
    });
    if (events.length > 0 || call !== undefined) tx.report({ events, call } satisfies SyncReport);
    return { events, entries };
  };
  const { shown, stored } = store.change({ bring, run }, 'ahead');
  emit(shown.events);
  let entries: readonly OutboxEntry[];
  try {
    const result = await stored;
    entries = result.entries;
    if (bring) emit(missing(result.events, shown.events));
  } catch (error) {
    emit(shown.events.filter(({ type }) => READ_AGAIN.has(type)));
    return FlooError.from(error, 'DbOperationFailed');
  }
  outbox.push(entries);
  return undefined;
}

/** The events by which apps read again what they show. */
const READ_AGAIN: ReadonlySet<SyncEvent['type']> = new Set([
  'list',
  'unread',
  'status',
  'friends',
  'groups',
  'users',
] as const);

/** The events that were not emitted. */
export function missing(events: readonly SyncEvent[], emitted: readonly SyncEvent[]): SyncEvent[] {
  const known = new Set(emitted.map((event) => JSON.stringify(event)));
  return events.filter((event) => !known.has(JSON.stringify(event)));
}

interface ReportOptions {
  bring?: LocalChange<unknown>['bring'];
  /** Makes the event that reports a failure; default: a problem. */
  failure?: (error: FlooError) => SyncEvent;
}

/** Dispatches, and emits an event when that could not be stored. */
export async function dispatchOrReport(
  deps: DispatchDeps,
  task: DispatchTask,
  { bring, failure = (error) => ({ type: 'problem', error }) }: ReportOptions = {},
): Promise<void> {
  const error = await dispatch(deps, task, bring);
  if (error) deps.emitHere([failure(error)]);
}
