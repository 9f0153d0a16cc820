import { FlooError, isFlooError } from '../errors.ts';
import { copyValue, createKvHandle } from '../platform/memory/kv-handle.ts';
import type { KvProvider, KvReader, KvStore, KvValue, KvWrite } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { makeRoom, withRemoved } from './make-room.ts';
import type { Removed } from './make-room.ts';
import { OverlaidReader } from './overlaid-reader.ts';
import { Overlay } from './overlay.ts';
import { changeConversations } from './table.ts';
import { NEWEST_MESSAGES } from './tail-cache.ts';

interface EnduringOptions {
  /** Holds the database, in memory, when the real one cannot be opened. */
  fallback: KvProvider;
  /** How many messages of each conversation are kept when the disk is full. */
  keepMessages: number;
  /** Called once: from now on everything is stored in memory only. */
  onDegraded(error: FlooError): void;
  /** Called when old messages were removed from this device to make room. */
  onRemoved(removed: Removed): void;
}

/** Names of errors that are the caller's fault, not the storage's. */
const CALLER_FAULTS = ['TypeError', 'DataCloneError', 'DataError'];

/** Holds all batches after the real store failed. */
interface Memory {
  overlay: Overlay<KvValue>;
  reader: KvReader;
}

/**
 * Opens a database that goes on in memory when the real one fails or cannot be opened.
 *
 * @throws FlooError when the platform refuses it because another process has it open.
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
  /** Set as soon as the real store failed. It gets no more commits then. */
  let memory: Memory | undefined;
  let isClosed = false;

  const degrade = (error: unknown): Memory => {
    // After close, memory would never be read.
    if (isClosed || CALLER_FAULTS.includes((error as Error).name)) throw error;
    if (!memory) {
      memory = overDead(real);
      options.onDegraded(FlooError.from(error, 'DbOperationFailed'));
    }
    return memory;
  };

  const read = async <T>(work: (kv: KvReader) => Promise<T>): Promise<T> => {
    if (memory) return work(memory.reader);
    try {
      return await work(real);
    } catch (error) {
      return work(degrade(error).reader);
    }
  };

  const handle = createKvHandle({
    get: (key) => read((kv) => kv.get(key)),
    range: (range) => read((kv) => kv.range(range)),
    commit: async (writes) => {
      if (memory) {
        memory.overlay.apply(writes);
        return;
      }
      try {
        await real.commit(writes);
      } catch (error) {
        // The newest messages, which are cached in memory, stay in any case.
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
        degrade(error).overlay.apply(writes);
      }
    },
    close: () =>
      real.close().catch((error: unknown) => {
        // What is in memory is gone in any case.
        if (!memory) throw error;
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

function overDead(real: KvReader): Memory {
  const overlay = new Overlay<KvValue>();
  const readable: KvReader = {
    // A record that cannot be read counts as absent.
    get: async (key) => real.get(key).catch(() => undefined),
    range: async (range) => real.range(range).catch(() => []),
  };
  return { overlay, reader: new OverlaidReader(readable, overlay, copyValue) };
}

const isFull = (error: unknown): boolean => (error as Error).name === 'QuotaExceededError';

/** Updates writes that were made before a removal, because it changed some of their records. */
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
