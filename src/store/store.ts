import { FlooError } from '../errors.ts';
import type { Clock, KvReader, KvStore, KvWrite } from '../platform/ports.ts';
import { CommitQueue } from './commit-queue.ts';
import { openMessageSearch } from './message-search.ts';
import { createMessageQuery } from './message-query.ts';
import type { MessageQuery } from './message-query.ts';
import type { FirstRecords } from './migrations.ts';
import { noteRemoved } from './make-room.ts';
import type { Removed } from './make-room.ts';
import { healedQuery, noteDamaged, noteMissing } from './lost-records.ts';
import { toWrites } from './record-codec.ts';
import { openWorkingSet } from './opening.ts';
import { KEYS } from './schema.ts';
import type { ConversationKey, OutboxEntry } from './schema.ts';
import type { SearchHit } from './search.ts';
import { segmentsIn } from './segment-reader.ts';
import { isEmptyChange } from './store-changes.ts';
import type { FollowedRecords, StoreFollower } from './store-follower.ts';
import { ShownChanges } from './shown-changes.ts';
import type { LocalChange } from './shown-changes.ts';
import { StoreTransaction } from './transaction.ts';
import { createWorkingSetReader } from './working-set-reader.ts';
import type { WorkingSetReader } from './working-set-reader.ts';
import { WriteBehind } from './write-behind.ts';
import type { When } from './write-behind.ts';

/** One user's data: a database, and a working set of it in memory. */
export interface Store {
  /**
   * Whether everything that readers read is in memory. Until then they answer for what is, and what they do not know may exist.
   * Tasks of {@link update} and the runs of {@link change} that are stored see everything.
   */
  readonly isLoaded: boolean;
  /** Resolves when {@link isLoaded} is true. Never rejects. */
  readonly loaded: Promise<void>;
  /** Reads the working set, with the local changes in it that are not stored yet. */
  readonly reader: WorkingSetReader;
  /**
   * Changes the store. One task runs at a time. All its changes are one batch. When that could not be stored together with
   * others, the task runs again.
   *
   * @param when `now`, the default: stored with all waiting changes, and visible then. `later`: visible at once and stored a
   * moment later, for changes that a run after a crash gets again. `ahead`: stored before waiting changes and visible then,
   * for changes that do not build on those.
   * @throws FlooError DbOperationFailed when the batch could not be stored; nothing changed then.
   */
  update<T>(task: (tx: StoreTransaction) => Promise<T> | T, when?: When): Promise<T>;
  /**
   * Makes a change of the user's: readers see it when this returns.
   *
   * @param when as for {@link update}
   * @returns `shown`, the result of its run over what is visible, and `stored`, that of its run which is stored. `stored`
   *   rejects with DbOperationFailed when it could not be stored; readers see it no more then.
   */
  change<T>(change: LocalChange<T>, when?: When): { shown: T; stored: Promise<T> };
  readonly query: MessageQuery;
  /** See `searchMessages` in search.ts. */
  search(text: string, keyStart: string, limit: number): Promise<SearchHit[]>;
  /** The rows to send, without changes of the user's that are not stored yet. */
  storedRows(): readonly OutboxEntry[];
  /**
   * Old messages are being removed from the database to make room. Reads by {@link query} wait until they are gaps.
   *
   * @returns what was removed, when the records have it as gaps
   */
  noteRemoval(removal: Promise<Removed>): Promise<Removed>;
  /** Brings a conversation's newest messages into memory. */
  warm(key: ConversationKey): Promise<void>;
  /** How many changes are not stored yet. */
  readonly waitingWrites: number;
  /** The records in memory, for a follower that begins. */
  readonly records: FollowedRecords;
  /**
   * Stores nothing any more, because the data belongs to another client from now on. Changes of the user's are refused with
   * this error and undone; others are visible until the store closes.
   */
  stop(reason: FlooError): void;
  close(): Promise<void>;
}

interface StoreOptions {
  first?: FirstRecords | undefined;
  /** Without a clock, waiting changes are stored with the next batch. */
  clock?: Clock | undefined;
  /** Called with the keys of stored records that were damaged. What they held comes from the server again. */
  onDamaged?: ((keys: readonly string[]) => void) | undefined;
  /** Whether the database failed in this run: what could not be read of it counts as absent, and nothing is stored there. */
  isLost?: (() => boolean) | undefined;
  /** Called when a read failed. Resolves when it may be tried again. */
  onUnreadable?: (() => Promise<void>) | undefined;
  follower?: StoreFollower | undefined;
}

/** @throws FlooError DbOperationFailed when the database cannot be read. */
export async function openStore(kv: KvStore, options: StoreOptions = {}): Promise<Store> {
  const { first, clock, onUnreadable, follower } = options;
  const damaged = new Set<string>();
  const onDamaged = (key: string): void => void damaged.add(key);
  const report = (keys: readonly string[]): void => {
    if (keys.length > 0) options.onDamaged?.(keys);
  };
  if (kv.isDamaged) report(['journal']);
  const opening = openWorkingSet(kv, first, { onSegment: onDamaged, onRecords: report });
  const { working, newest, readRest } = await opening.catch((error: unknown) => {
    throw FlooError.from(error, 'DbOperationFailed');
  });
  follower?.onOpen(await kv.get(KEYS.followed).catch(() => undefined));
  const behind = new WriteBehind(kv, clock);
  let isOpen = false as boolean;
  const patient = onUnreadable
    ? patientReader(behind, async (error) => {
        // Nothing is noted before the store is open: what cannot be read ends the opening.
        if (!isOpen) throw error;
        return onUnreadable();
      })
    : behind;
  const segments = segmentsIn(patient, onDamaged);
  const search = await openMessageSearch({ kv: behind, reader: patient, segments, clock }).catch((error: unknown) => {
    throw FlooError.from(error, 'DbOperationFailed');
  });
  const query = createMessageQuery(
    segmentsIn(
      notingReader(patient, () => search.noteRead()),
      onDamaged,
    ),
  );
  const begin = (): StoreTransaction => new StoreTransaction({ kv: behind, working });
  const shown = new ShownChanges(begin);
  let stopped: FlooError | undefined;
  let isClosing = false;
  /** The batch that was stored last is a follower's, too. */
  let isFollowed = false;
  /** While it is pending, no task runs. */
  let reading: Promise<void> | undefined;
  const queue = new CommitQueue({
    ready: () => reading,
    begin,
    store: async (tx, given, hasLocal) => {
      if (stopped && hasLocal) throw stopped;
      // What a follower is shown must be in the database, in this order.
      const when = follower?.isStrict ? 'now' : given;
      const followed = followBatch(tx, follower);
      const storing = search.storing(tx.overlay.parts.segments.changes(), when, async (marks) => {
        const hint = when === 'now' ? newest.writes(isClosing) : [];
        await behind.commit([...toWrites(tx.overlay, working), ...marks, ...hint, ...(followed ?? [])], when);
      });
      if (!followed) return storing;
      await storing.catch((error: unknown) => {
        follower!.onRefused();
        throw error;
      });
      isFollowed = true;
    },
    show: (tx, local) => {
      const changes = tx.overlay.changes();
      working.apply(changes);
      for (const [key, tail] of tx.messages.tails) working.tails.add(key, tail);
      shown.stored(local);
      if (!isFollowed) return;
      isFollowed = false;
      follower!.onStored();
    },
    undo: (change) => shown.undo(change),
  });
  const checked =
    <T>(task: (tx: StoreTransaction) => Promise<T> | T, others?: readonly string[]) =>
    async (tx: StoreTransaction): Promise<T> => {
      const result = await task(tx);
      report(await noteDamaged(tx, others));
      return result;
    };
  let removals: Promise<unknown> | undefined;
  const healing = (): ((tx: StoreTransaction) => Promise<void>) => {
    const keys = [...damaged];
    damaged.clear();
    return checked((tx) => noteMissing(tx, working), keys);
  };
  const heal = async (): Promise<void> => {
    await removals;
    await queue.add(healing());
  };
  const mustGoOn = (): void => {
    if (isClosing) throw new FlooError('DbOperationFailed', 'the store was closed');
  };
  const readOthers = async (read: NonNullable<typeof readRest>): Promise<void> => {
    await read(clock, mustGoOn).catch((error: unknown) => {
      // Without what is there, a task would overwrite it.
      if (!options.isLost?.()) throw FlooError.from(error, 'DbOperationFailed');
    });
    reading = undefined;
    shown.rebase();
    // What it does not note now, the next start finds.
    queue.addFirst(healing()).catch(() => undefined);
  };
  if (readRest) reading = readOthers(readRest);
  else await heal();
  isOpen = true;
  const loaded = Promise.resolve(reading).catch(() => undefined);
  return {
    get isLoaded() {
      return reading === undefined;
    },
    loaded,
    reader: createWorkingSetReader(working, () => shown.current()),
    update: async (task, when) => queue.add(checked(task), when),
    change: (change, when) => {
      const task = async (tx: StoreTransaction): Promise<ReturnType<typeof change.run>> => {
        await change.bring?.(tx);
        return change.run(tx);
      };
      return { shown: shown.show(change), stored: queue.add(checked(task), when, change) };
    },
    query: healedQuery(query, () => damaged.size > 0 || removals !== undefined, heal),
    search: search.find,
    noteRemoval: async (removal) => {
      const noting = removal.then(async (removed) => {
        if (removed.size > 0) await queue.add((tx) => noteRemoved(tx, removed));
        return removed;
      });
      // It rejects when the account closes, as the reads do.
      const all = Promise.all([removals, noting.catch(() => undefined)]).then(() => {
        if (removals === all) removals = undefined;
      });
      removals = all;
      return noting;
    },
    storedRows: () => [...working.outbox.values()],
    warm: async (key) => {
      // A transaction puts the tails that it read into memory.
      await queue.add(
        checked(async (tx) => tx.messages.newest(key)),
        'ahead',
      );
    },
    get waitingWrites() {
      return queue.size;
    },
    records: working,
    stop: (reason) => {
      stopped = reason;
      behind.stop();
      void search.close();
    },
    close: async () => {
      // Changes that wait for the rest are stored first.
      isClosing = queue.isIdle;
      await loaded;
      isClosing = true;
      await queue.add(() => undefined).catch(() => undefined);
      await search.close();
      behind.close();
      await kv.close();
    },
  };
}

/** Shows a batch to the follower. @returns what is stored with it; undefined when there is no follower, or nothing to show */
function followBatch(
  { overlay, reports }: StoreTransaction,
  follower: StoreFollower | undefined,
): KvWrite[] | undefined {
  if (!follower) return undefined;
  const changes = overlay.changes();
  if (reports.length === 0 && isEmptyChange(changes)) return undefined;
  const value = follower.onBatch({ changes, reports });
  return value === undefined ? [] : [{ op: 'put', key: KEYS.followed, value }];
}

/** Reads again, once, when what can no longer be read is noted as missing. For reads beside the queue only: they wait for it. */
const patientReader = (kv: KvReader, noted: (error: unknown) => Promise<void>): KvReader => ({
  get: async (key) => kv.get(key).catch(async (error: unknown) => noted(error).then(async () => kv.get(key))),
  range: async (range) =>
    kv.range(range).catch(async (error: unknown) => noted(error).then(async () => kv.range(range))),
});

/** Calls a function before each read. */
const notingReader = (kv: KvReader, note: () => void): KvReader => ({
  get: async (key) => {
    note();
    return kv.get(key);
  },
  range: async (range) => {
    note();
    return kv.range(range);
  },
});
