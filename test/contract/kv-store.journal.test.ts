import { createJournalKvProvider } from '../../src/platform/journal/kv-provider.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { kvStoreContract } from './kv-store.contract.ts';

kvStoreContract('journal, on files in memory', () => createJournalKvProvider(new MemoryDisk().files()));

// Every batch leads to a new journal, and all but the smallest values are in files.
kvStoreContract('journal that holds next to nothing', () => createJournalKvProvider(new MemoryDisk().files(), 1));

// Every call that can fail does at first, and the tests do not notice it.
kvStoreContract('journal, where new journals and value files cannot be written', () =>
  createJournalKvProvider(
    new MemoryDisk().files((call, _nth, path) =>
      call === 'rename' || (call === 'write' && !path.endsWith('journal'))
        ? { error: new Error('planned'), done: 0.5 }
        : undefined,
    ),
    100,
  ),
);
