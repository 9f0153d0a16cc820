import { createTurns } from '../../util/turns.ts';
import type { KvEntry, KvRange, KvStore, KvValue, KvWrite } from '../ports.ts';
import { copyValue } from './copy-value.ts';

/** The part of a store that differs from platform to platform. */
export interface KvWork {
  get(key: string): Promise<KvValue | undefined> | KvValue | undefined;
  range(range: KvRange): Promise<KvEntry[]> | KvEntry[];
  /** Applies a batch. Nobody changes the values of `writes` afterwards. */
  commit(writes: readonly KvWrite[]): Promise<void> | void;
  close(): Promise<void> | void;
}

/**
 * Makes a store of its differing part. It copies values when `commit` is called, and rejects every call after `close`.
 *
 * @param copy - copies a value that is put
 * @param inTurn - runs commits, and the close after them, one after another
 */
export function createKvHandle(work: KvWork, copy = copyValue, inTurn = createTurns()): KvStore {
  let closing: Promise<void> | undefined;
  const mustBeOpen = (): KvWork => {
    if (closing) throw new Error('the store is closed');
    return work;
  };
  return {
    get: async (key) => mustBeOpen().get(key),
    range: async (range) => mustBeOpen().range(range),
    commit: async (batch) => {
      mustBeOpen();
      // Copied now: the caller may change its values while the commit waits.
      const writes = batch.map((write) => (write.op === 'put' ? { ...write, value: copy(write.value) } : write));
      return inTurn(async () => work.commit(writes));
    },
    close: async () => (closing ??= inTurn(async () => work.close())),
  };
}
