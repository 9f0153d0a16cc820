import type { KvProvider, KvStore } from '../platform/ports.ts';
import { KEYS } from './schema.ts';

/** The name of the error of a batch whose writer is no longer the one that writes. */
export const GUARD_ERROR = 'GuardError';

/** See {@link createClaimedKvProvider}. */
export interface ClaimedKvProvider extends KvProvider {
  /** Whether nobody has opened the database since, that this provider opened last. */
  isWriter(): Promise<boolean>;
}

/**
 * Databases that have one writer: whoever opened last. A tab that was frozen while another took over stores nothing when it wakes,
 * before it has learnt of that.
 *
 * @param writer - names the tab
 */
export function createClaimedKvProvider(provider: KvProvider, writer: string): ClaimedKvProvider {
  let opened: KvStore | undefined;
  return {
    open: async (name) => {
      const kv = await provider.open(name);
      await kv.commit([{ op: 'put', key: KEYS.writer, value: writer }]);
      opened = kv;
      return claimed(kv, writer);
    },
    drop: async (name) => provider.drop(name),
    isWriter: async () => (await opened?.get(KEYS.writer)) === writer,
  };
}

const claimed = (kv: KvStore, writer: string): KvStore => ({
  get isDamaged() {
    return kv.isDamaged === true;
  },
  get: async (key) => kv.get(key),
  range: async (range) => kv.range(range),
  commit: async (batch) => kv.commit(batch, { key: KEYS.writer, value: writer }),
  close: async () => kv.close(),
});
