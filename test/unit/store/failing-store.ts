import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider, KvWrite } from '../../../src/platform/ports.ts';
import { KEYS } from '../../../src/store/schema.ts';

export interface FailingProvider {
  provider: KvProvider;
  /** Every committed batch, except the first of a new database, which only holds its version. */
  batches: (readonly KvWrite[])[];
  /** From now on commits, or every call, are refused. */
  fail(commits: boolean, reads?: boolean): void;
}

/** Databases in memory that refuse on command, as a full disk does. */
export function createFailingProvider(inner: KvProvider = createMemoryKvProvider()): FailingProvider {
  let failing = { commits: false, reads: false };
  const batches: (readonly KvWrite[])[] = [];
  const refuseIf = (refuse: boolean): void => {
    if (refuse) throw new Error('QuotaExceededError');
  };
  const provider: KvProvider = {
    async open(name) {
      const kv = await inner.open(name);
      return {
        async get(key) {
          refuseIf(failing.reads);
          return kv.get(key);
        },
        async range(range) {
          refuseIf(failing.reads);
          return kv.range(range);
        },
        async commit(batch) {
          refuseIf(failing.commits);
          const [first] = batch;
          if (batch.length > 1 || !first || !('key' in first) || first.key !== KEYS.schema) batches.push(batch);
          await kv.commit(batch);
        },
        close: async () => kv.close(),
      };
    },
    drop: async (name) => inner.drop(name),
  };
  return { provider, batches, fail: (commits, reads = false) => (failing = { commits, reads }) };
}
