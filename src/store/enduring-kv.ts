import { FlooError, isFlooError } from '../errors.ts';
import { copyValue, createKvHandle } from '../platform/memory/kv-handle.ts';
import type { KvProvider, KvRange, KvReader, KvStore, KvValue, KvWrite } from '../platform/ports.ts';
import { GUARD_ERROR } from './claimed-kv.ts';
import { flatMap } from '../util/es2019.ts';
import { makeRoom, withRemoved } from './make-room.ts';
import type { Removed } from './make-room.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import { Overlay } from './overlay.ts';
import { changeConversations } from './table.ts';
import { NEWEST_MESSAGES } from './tail-cache.ts';
import { isLate } from './timely-kv.ts';

interface EnduringOptions {
  /** Holds the database, in memory, when the real one cannot be opened. */
  fallback: KvProvider;
  /** How many messages of each conversation are kept when the disk is full. */
  keepMessages: number;
  /**
   * Called once: from now on everything is stored in memory only.
   *
   * @param isGone the database was deleted: no later run finds what is in it
   */
  onDegraded(error: FlooError, isGone: boolean): void;
  /**
   * Called when old messages are about to be removed from this device to make room.
   *
   * @param removal resolves when they are removed.
   * @returns resolves when the records have the removed messages as gaps; batches that were made before get them here
   */
  onMakingRoom(removal: Promise<Removed>): Promise<unknown>;
  /**
   * Called once, when the disk cannot be read any more. Reads reject until {@link EnduringKv.forgetDisk} is called: nothing may
   * look empty that only cannot be read.
   */
  onUnreadable(): void;
}

/** A database that goes on in memory when the disk fails. */
export interface EnduringKv extends KvStore {
  /** False when this is the fallback, because the database could not be opened. */
  readonly isReal: boolean;
  /** The row of this key that this run stored on the disk, in the form that it has there. */
  storedRow(key: string): KvValue | undefined;
  /** Records of the disk count as absent from now on: what is missing is noted. */
  forgetDisk(): void;
  /** Puts nothing on the disk any more: batches reject with this error. */
  stop(reason: FlooError): void;
}

/** Names of errors that are the caller's fault, not the storage's, or that say that another tab writes. */
const CALLER_FAULTS = ['TypeError', 'DataCloneError', 'DataError', GUARD_ERROR];

/**
 * Opens a database that goes on in memory when the real one fails or cannot be opened.
 *
 * @throws FlooError when the platform refuses it because another process has it open.
 */
export async function openEnduringKv(
  provider: KvProvider,
  name: string,
  options: EnduringOptions,
): Promise<EnduringKv> {
  try {
    return openHandle(await provider.open(name), true, options);
  } catch (error) {
    if (isFlooError(error)) throw error;
    options.onDegraded(FlooError.from(error, 'DbOperationFailed'), false);
    return openHandle(await options.fallback.open(name), false, options);
  }
}

function openHandle(real: KvStore, isReal: boolean, options: EnduringOptions): EnduringKv {
  /** Set as soon as the real store failed: all batches from then on. */
  let memory: Overlay<KvValue> | undefined;
  let below: KvReader = twice(real);
  let isReadable = true;
  let isClosed = false;
  let stopped: FlooError | undefined;
  const mustBeRunning = (): void => {
    if (stopped) throw stopped;
  };
  /** Everything that changes the disk goes this way. */
  const disk: KvStore = {
    get: async (key) => real.get(key),
    range: async (range) => real.range(range),
    commit: async (writes) => {
      mustBeRunning();
      await real.commit(writes);
    },
    close: async () => real.close(),
  };
  /** The rows that this run stored. */
  const rows = new Map<string, KvValue>();
  /** What was removed, while batches may still come whose records do not have it as gaps. */
  let unnoted: Removed = new Map();
  /** Rows in batches of which nobody knows whether they are on the disk. */
  const uncertain = new Set<string>();

  const degrade = (error: unknown): Overlay<KvValue> => {
    if (memory) return memory;
    // After close, memory would never be read.
    if (isClosed || CALLER_FAULTS.includes((error as Error).name)) throw error;
    memory = new Overlay();
    if (!stopped) options.onDegraded(FlooError.from(error, 'DbOperationFailed'), isGone(error));
    return memory;
  };

  const readNow = async <T>(work: (kv: KvReader) => Promise<T>): Promise<T> =>
    work(memory ? new OverlaidReader(below, memory, copyValue) : below);

  const read = async <T>(work: (kv: KvReader) => Promise<T>): Promise<T> => {
    try {
      return await readNow(work);
    } catch (error) {
      degrade(error);
      if (isReadable) {
        isReadable = false;
        options.onUnreadable();
      }
      if (below !== NOTHING) throw error;
      return readNow(work);
    }
  };

  const store = async (writes: readonly KvWrite[]): Promise<void> => {
    await disk.commit(writes);
    noteStored(writes);
  };

  const noteStored = (writes: readonly KvWrite[]): void => {
    for (const write of writes) {
      if (write.op === 'put' && isRow(write.key)) rows.set(write.key, write.value);
      else if (write.op === 'delete') rows.delete(write.key);
    }
  };

  const handle = createKvHandle({
    get: (key) => read((kv) => kv.get(key)),
    range: (range) => read((kv) => kv.range(range)),
    commit: async (batch) => {
      mustBeRunning();
      if (memory) return storeInMemory(memory, batch);
      const writes = afterRemoval(batch, unnoted);
      try {
        await store(writes);
      } catch (error) {
        // No message goes to make room for the index of searches.
        if (isFull(error) && isIndexOnly(writes)) throw error;
        const failure = isFull(error) ? await storeInMoreRoom(error, writes) : await storeAgain(error, writes);
        // What was being stored when it stopped.
        if (failure) mustBeRunning();
        if (failure) degrade(failure).apply(writes);
      }
    },
    close: () =>
      real.close().catch((error: unknown) => {
        // What is in memory is gone in any case.
        if (!memory) throw error;
      }),
  });

  const storeInMemory = (overlay: Overlay<KvValue>, writes: readonly KvWrite[]): void => {
    // A caller may try the changes of a refused batch one by one. A row that may be on the disk is refused again: when the next
    // run finds it, it is sent.
    const refused = writes.filter((write) => write.op === 'put' && uncertain.delete(write.key));
    if (refused.length > 0) throw new FlooError('DbOperationFailed', 'it is not known whether this is stored');
    overlay.apply(writes);
  };

  /** @returns whether there were any */
  const removeOldMessages = async (keep: number): Promise<boolean> => {
    const removal = makeRoom(disk, keep);
    const noting = options.onMakingRoom(removal);
    const removed = await removal;
    if (removed.size === 0) return false;
    const all = new Map([...unnoted, ...removed]);
    unnoted = all;
    const forget = (): void => {
      if (unnoted === all) unnoted = new Map();
    };
    // It rejects when the account closes: no batch that was made before comes then.
    noting.then(forget, forget);
    return true;
  };

  /** Stores a batch on a full disk. @returns why that is not possible */
  const storeInMoreRoom = async (full: unknown, writes: readonly KvWrite[]): Promise<unknown> => {
    // The newest messages, which are cached in memory, stay in any case.
    for (const keep of [Math.max(options.keepMessages, NEWEST_MESSAGES), NEWEST_MESSAGES]) {
      if (!(await removeOldMessages(keep))) continue;
      const updated = afterRemoval(writes, unnoted);
      try {
        await store(updated);
        return undefined;
      } catch (again) {
        if (!isFull(again)) return storeAgain(again, updated);
      }
    }
    return full;
  };

  /**
   * Stores a batch that was refused once more: a batch may be stored twice.
   *
   * @returns why that is not possible
   * @throws the error when nobody knows whether the batch is on the disk: what the next run does with it is not known either
   */
  const storeAgain = async (error: unknown, writes: readonly KvWrite[]): Promise<unknown> => {
    if (isClosed || CALLER_FAULTS.includes((error as Error).name)) throw error;
    try {
      // What a hung database will do with the batch shows in the next run.
      if (isLate(error)) throw error;
      await store(writes);
      return undefined;
    } catch (again) {
      try {
        if (!isGone(again) && (await isOnDisk(real, writes))) {
          noteStored(writes);
          return undefined;
        }
      } catch {
        for (const write of writes) if (write.op === 'put' && isRow(write.key)) uncertain.add(write.key);
        degrade(again);
        throw again;
      }
      return again;
    }
  };

  return {
    ...handle,
    isReal,
    isDamaged: real.isDamaged === true,
    close: async () => {
      isClosed = true;
      return handle.close();
    },
    storedRow: (key) => rows.get(key),
    forgetDisk: () => {
      below = NOTHING;
    },
    stop: (reason) => {
      stopped = reason;
    },
  };
}

const isRow = (key: string): boolean => key.startsWith('o/');

const isIndexOnly = (writes: readonly KvWrite[]): boolean =>
  writes.length > 0 && writes.every((write) => (write.op === 'deleteRange' ? write.from : write.key).startsWith('i/'));

/** A disk that is gone. */
const NOTHING: KvReader = { get: async () => undefined, range: async () => [] };

/** Reads again, once, what could not be read. */
const twice = (kv: KvReader): KvReader => ({
  get: async (key) => kv.get(key).catch(() => kv.get(key)),
  range: async (range) => kv.range(range).catch(() => kv.range(range)),
});

/** Whether the disk is as the batch leaves it. */
async function isOnDisk(kv: KvReader, writes: readonly KvWrite[]): Promise<boolean> {
  const values = new Map<string, KvValue | undefined>();
  const emptied: KvRange[] = [];
  for (const write of writes) {
    if (write.op === 'put') values.set(write.key, write.value);
    else if (write.op === 'delete') values.set(write.key, undefined);
    else {
      emptied.push(write);
      for (const key of values.keys()) if (key >= write.from && key < write.to) values.delete(key);
    }
  }
  for (const [key, value] of values) if (JSON.stringify(value) !== JSON.stringify(await kv.get(key))) return false;
  for (const { from, to } of emptied)
    for (const { key } of await kv.range({ from, to })) if (values.get(key) === undefined) return false;
  return true;
}

/** The error of a database that was deleted: nothing is on the disk. */
const isGone = (error: unknown): boolean => (error as Error).name === 'NotFoundError';

const isFull = (error: unknown): boolean => (error as Error).name === 'QuotaExceededError';

/** Updates writes that were made before a removal, because it changed some of their records. */
function afterRemoval(writes: readonly KvWrite[], removed: Removed): readonly KvWrite[] {
  if (removed.size === 0) return writes;
  return flatMap(writes, (write) =>
    write.op === 'put' && write.key.startsWith('conversations/')
      ? changeConversations(write, (record, key) => {
          const last = removed.get(key);
          return last === undefined ? record : withRemoved(record, last);
        })
      : write,
  );
}
