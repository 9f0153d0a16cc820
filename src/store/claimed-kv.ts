import type { KvProvider, KvStore } from '../platform/ports.ts';
import { KEYS, prefixRange } from './schema.ts';

/** The name of the error of a batch whose writer is no longer the one that writes. */
export const GUARD_ERROR = 'GuardError';

/** Writers that are kept from writing. A tab that sleeps through so many takeovers learns of them before it stores anything. */
const MAX_DEPOSED = 100;

/** See {@link createClaimedKvProvider}. */
export interface ClaimedKvProvider extends KvProvider {
  /** Whether nobody has opened the database since, that this provider opened last. True when that cannot be known. */
  isWriter(): Promise<boolean>;
}

/**
 * Databases that have one writer: whoever opened last. It puts a key under which the one before it writes no more. So a tab that
 * stood still while another took over stores nothing when it wakes, before it has learnt of that.
 *
 * @param writer - a name that no writer had before
 */
export function createClaimedKvProvider(provider: KvProvider, writer: string): ClaimedKvProvider {
  let opened: KvStore | undefined;
  return {
    open: async (name) => {
      const kv = await provider.open(name);
      await claim(kv, writer);
      opened = kv;
      return claimed(kv, writer);
    },
    drop: async (name) => provider.drop(name),
    isWriter: async () => {
      // A database that was deleted has no writer, and one that cannot be read does not say.
      const found = await opened?.get(KEYS.writer).catch(() => undefined);
      return found === undefined || found === writer;
    },
  };
}

async function claim(kv: KvStore, writer: string): Promise<void> {
  for (;;) {
    const before = await kv.get(KEYS.writer);
    const deposed = await kv.range(prefixRange(KEYS.deposed('')));
    const old = typeof before === 'string' ? KEYS.deposed(before) : undefined;
    try {
      await kv.commit(
        [
          { op: 'put', key: KEYS.writer, value: writer },
          ...(deposed.length > MAX_DEPOSED ? [{ op: 'deleteRange' as const, ...prefixRange(KEYS.deposed('')) }] : []),
          ...(old === undefined ? [] : [{ op: 'put' as const, key: old, value: true }]),
        ],
        old,
      );
      return;
    } catch (error) {
      // Another tab has claimed it in between.
      if ((error as Error).name !== GUARD_ERROR) throw error;
    }
  }
}

const claimed = (kv: KvStore, writer: string): KvStore => ({
  get isDamaged() {
    return kv.isDamaged === true;
  },
  get: async (key) => kv.get(key),
  range: async (range) => kv.range(range),
  commit: async (batch) => kv.commit(batch, KEYS.deposed(writer)),
  close: async () => kv.close(),
});
