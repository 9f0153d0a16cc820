import { FlooError, isFlooError } from '../errors.ts';
import { copyValue } from '../platform/memory/copy-value.ts';
import type { KvEntry, KvProvider, KvRange, KvStore, KvValue, KvWrite } from '../platform/ports.ts';
import { makeRoom, withRemoved } from './make-room.ts';
import type { Removed } from './make-room.ts';
import { MemoryLayer } from './memory-layer.ts';
import type { ConversationRecord } from './schema.ts';
import { bucketWrites, readBucket } from './table.ts';
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
    return new EnduringKv(await provider.open(name), options);
  } catch (error) {
    if (isFlooError(error)) throw error;
    options.onDegraded(FlooError.from(error, 'DbOperationFailed'));
    return options.fallback.open(name);
  }
}

class EnduringKv implements KvStore {
  readonly #real: KvStore;
  readonly #options: EnduringOptions;
  /** There as soon as the real store failed, which gets no more commits then. */
  #layer: MemoryLayer | undefined;
  #lastCommit: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(real: KvStore, options: EnduringOptions) {
    this.#real = real;
    this.#options = options;
  }

  get(key: string): Promise<KvValue | undefined> {
    return this.#read((kv) => kv.get(key));
  }

  range(range: KvRange): Promise<KvEntry[]> {
    return this.#read((kv) => kv.range(range));
  }

  async commit(batch: readonly KvWrite[]): Promise<void> {
    this.#mustBeOpen();
    // Now: it may have to be done again later.
    const writes = batch.map((write) => (write.op === 'put' ? { ...write, value: copyValue(write.value) } : write));
    const done = this.#lastCommit.then(() => this.#write(writes));
    this.#lastCommit = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#lastCommit;
    const closing = this.#real.close();
    await (this.#layer ? closing.catch(() => undefined) : closing);
  }

  async #read<T>(work: (kv: Pick<KvStore, 'get' | 'range'>) => Promise<T>): Promise<T> {
    this.#mustBeOpen();
    if (this.#layer) return work(this.#layer);
    try {
      return await work(this.#real);
    } catch (error) {
      return work(this.#degrade(error));
    }
  }

  async #write(writes: readonly KvWrite[]): Promise<void> {
    if (this.#layer) {
      this.#layer.apply(writes);
      return;
    }
    try {
      await this.#real.commit(writes);
    } catch (error) {
      if (!isFull(error) || !(await this.#writeInNewRoom(writes))) this.#degrade(error).apply(writes);
    }
  }

  /** @returns whether the writes are stored. */
  async #writeInNewRoom(writes: readonly KvWrite[]): Promise<boolean> {
    // What is cached in memory stays in any case.
    for (const keep of [Math.max(this.#options.keepMessages, NEWEST_MESSAGES), NEWEST_MESSAGES]) {
      const removed = await makeRoom(this.#real, keep);
      if (removed.size === 0) continue;
      this.#options.onRemoved(removed);
      writes = afterRemoval(writes, removed);
      try {
        await this.#real.commit(writes);
        return true;
      } catch (error) {
        if (!isFull(error)) break;
      }
    }
    return false;
  }

  #degrade(error: unknown): MemoryLayer {
    // After close nobody would read what memory holds.
    if (this.#closed || CALLER_FAULTS.includes((error as Error).name)) throw error;
    if (!this.#layer) {
      this.#layer = new MemoryLayer(this.#real);
      this.#options.onDegraded(FlooError.from(error, 'DbOperationFailed'));
    }
    return this.#layer;
  }

  #mustBeOpen(): void {
    if (this.#closed) throw new Error('the store is closed');
  }
}

const isFull = (error: unknown): boolean => (error as Error).name === 'QuotaExceededError';

/** The writes, made before the removal, with what it changed in the records they hold. */
function afterRemoval(writes: readonly KvWrite[], removed: Removed): KvWrite[] {
  return writes.flatMap((write) => {
    if (write.op !== 'put' || !write.key.startsWith('conversations/')) return write;
    const records = readBucket<ConversationRecord>(write.value).map(([key, record]) => {
      const last = removed.get(key);
      return [key, last === undefined ? record : withRemoved(record, last)] as const;
    });
    return bucketWrites('conversations', records);
  });
}
