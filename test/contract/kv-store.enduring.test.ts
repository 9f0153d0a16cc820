import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import type { KvProvider } from '../../src/platform/ports.ts';
import { openEnduringKv } from '../../src/store/enduring-kv.ts';
import { atRandom, createFaultyKvProvider, full, lost, named } from '../support/faulty-kv.ts';
import type { FaultPlan } from '../support/faulty-kv.ts';
import { kvStoreContract } from './kv-store.contract.ts';

/** Opens a database in the way of an account. */
function enduring(provider: KvProvider): KvProvider {
  const options = {
    fallback: createMemoryKvProvider(),
    keepMessages: 1000,
    onDegraded: () => undefined,
    onMakingRoom: async () => undefined,
  };
  return {
    open: async (name) => {
      const kv = await openEnduringKv(provider, name, { ...options, onUnreadable: () => kv.forgetDisk() });
      return kv;
    },
    drop: async (name) => {
      await provider.drop(name);
      await options.fallback.drop(name);
    },
  };
}

const faulty = (plan: FaultPlan) => (): KvProvider => enduring(createFaultyKvProvider(plan));

kvStoreContract('enduring, over memory', () => enduring(createMemoryKvProvider()));
kvStoreContract(
  'enduring, where nothing opens',
  faulty((call) => (call === 'open' ? lost() : undefined)),
);

const alone = { shares: false };
kvStoreContract(
  'enduring, where no commit succeeds',
  faulty((call) => (call === 'commit' ? full() : undefined)),
  alone,
);
kvStoreContract(
  'enduring, where only the open succeeds, and then nothing is on the disk',
  faulty((call) => (call === 'open' ? undefined : named('NotFoundError'))),
  alone,
);
kvStoreContract(
  'enduring, where the second commit finds the disk full',
  faulty((call, nth) => (call === 'commit' && nth === 2 ? full() : undefined)),
  alone,
);
// Not reads: data that is only on the disk is not seen when the disk cannot be read.
for (const seed of [1, 2, 3]) {
  kvStoreContract(
    `enduring, where commits fail at random, seed ${seed}`,
    () => {
      const fails = atRandom(seed, 0.3);
      return faulty((call, nth) => (call === 'commit' ? fails(call, nth) : undefined))();
    },
    alone,
  );
}
