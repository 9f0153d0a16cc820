import { FlooError, isFlooError } from '../errors.ts';
import { createKvHandle } from '../platform/memory/kv-handle.ts';
import type { KvProvider, KvReader, KvStore, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { makeRoom, withRemoved } from './make-room.ts';
import type { Removed } from './make-room.ts';
import { MemoryLayer } from './memory-layer.ts';
import { changeConversations } from './table.ts';
import { NEWEST_MESSAGES } from './working-set.ts';

export interface EnduringOptions {
  /** Where the database is when it cannot be opened: memory. */
  fallback: KvProvider;
  /** Messages kept of each conversation when the disk is full. */
  keepMessages: number;
  /** From now on nothing is stored but in memory. Told once. */
  onDegraded(error: FlooError): void;
  /** Old messages are gone from this device, so that new ones had room. */
  onRemoved(removed: Removed): void;
}

/** Wrong calls, not wrong storage. */
const CALLER_FAULTS = ['TypeError', 'DataCloneError', 'DataError'];

/**
 * Opens a database that goes on in memory when the real one can no longer, or not at all.
 *
 * @throws FlooError when the platform refuses it: somebody else has it.
 */
export async function openEnduringKv(provider: KvProvider, name: string, options: EnduringOptions): Promise<KvStore> {
  try {
    return openHandle(await provider.open(name), options);
  } catch (error) {
    if (isFlooError(error)) throw error;
    options.onDegraded(FlooError.from(error, 'DbOperationFailed'));
    return options.fallback.open(name);
  }
}

function openHandle(real: KvStore, options: EnduringOptions): KvStore {
  /** There as soon as the real store failed, which gets no more commits then. */
  let layer: MemoryLayer | undefined;
  let isClosed = false;

  const degrade = (error: unknown): MemoryLayer => {
    // After close nobody would read what memory holds.
    if (isClosed || CALLER_FAULTS.includes((error as Error).name)) throw error;
    if (!layer) {
      layer = new MemoryLayer({
        // What cannot be read any more counts as absent.
        get: (key) => real.get(key).catch(() => undefined),
        range: (range) => real.range(range).catch(() => []),
      });
      options.onDegraded(FlooError.from(error, 'DbOperationFailed'));
    }
    return layer;
  };

  const read = async <T>(work: (kv: KvReader) => Promise<T>): Promise<T> => {
    if (layer) return work(layer);
    try {
      return await work(real);
    } catch (error) {
      return work(degrade(error));
    }
  };

  const handle = createKvHandle({
    get: (key) => read((kv) => kv.get(key)),
    range: (range) => read((kv) => kv.range(range)),
    commit: async (writes) => {
      if (layer) {
        layer.apply(writes);
        return;
      }
      try {
        await real.commit(writes);
      } catch (error) {
        // What is cached in memory stays in any case.
        for (const keep of isFull(error) ? [Math.max(options.keepMessages, NEWEST_MESSAGES), NEWEST_MESSAGES] : []) {
          const removed = await makeRoom(real, keep);
          if (removed.size === 0) continue;
          options.onRemoved(removed);
          writes = afterRemoval(writes, removed);
          try {
            await real.commit(writes);
            return;
          } catch (again) {
            if (!isFull(again)) break;
          }
        }
        degrade(error).apply(writes);
      }
    },
    close: () =>
      real.close().catch((error: unknown) => {
        if (!layer) throw error;
      }),
  });
  return {
    ...handle,
    close: async () => {
      isClosed = true;
      return handle.close();
    },
  };
}

const isFull = (error: unknown): boolean => (error as Error).name === 'QuotaExceededError';

/** The writes, made before the removal, with what it changed in the records they hold. */
function afterRemoval(writes: readonly KvWrite[], removed: Removed): KvWrite[] {
  return flatMap(writes, (write) =>
    write.op === 'put' && write.key.startsWith('conversations/')
      ? changeConversations(write.value, (record, key) => {
          const last = removed.get(key);
          return last === undefined ? record : withRemoved(record, last);
        })
      : write,
  );
}
