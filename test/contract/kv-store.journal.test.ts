import { createJournalKvProvider } from '../../src/platform/journal/kv-provider.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { kvStoreContract } from './kv-store.contract.ts';

kvStoreContract('journal, on files in memory', () => createJournalKvProvider(new MemoryDisk().files()));

// Nearly every batch leads to a merge and a new journal.
for (const block of [50, 10_000]) {
  kvStoreContract(`journal that holds next to nothing, over blocks of ${block} characters`, () =>
    createJournalKvProvider(new MemoryDisk().files(), { journal: 100, block }),
  );
}

// Every call that can fail does at first, and the tests do not notice it.
kvStoreContract('journal, where new journals and blocks cannot be written', () =>
  createJournalKvProvider(
    new MemoryDisk().files((call, _nth, path) =>
      call === 'rename' || (call === 'write' && !path.endsWith('journal'))
        ? { error: new Error('planned'), done: 0.5 }
        : undefined,
    ),
    { journal: 100, block: 100 },
  ),
);
