import { createTurns } from '../../util/turns.ts';
import type { KvEntry, KvRange, KvStore, KvValue, KvWrite } from '../ports.ts';
import { copyValue } from './copy-value.ts';

/** What differs between stores. */
export interface KvWork {
  get(key: string): Promise<KvValue | undefined> | KvValue | undefined;
  range(range: KvRange): Promise<KvEntry[]> | KvEntry[];
  /** @param writes whose values nobody changes any more. */
  commit(writes: readonly KvWrite[]): Promise<void> | void;
  close(): Promise<void> | void;
}

/**
 * What they have in common: what is committed is what it was when it was called, and after `close` every call rejects.
 *
 * @param inTurn sees to the order of the commits, and of the close after them.
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
      // Now: the caller may change its values while the commit waits.
      const writes = batch.map((write) => (write.op === 'put' ? { ...write, value: copy(write.value) } : write));
      return inTurn(async () => work.commit(writes));
    },
    close: async () => (closing ??= inTurn(async () => work.close())),
  };
}
