import { createJournalKvProvider } from '../../src/platform/journal/index.ts';
import { MemoryDisk } from '../support/memory-disk.ts';
import { kvStoreContract } from './kv-store.contract.ts';

kvStoreContract('journal, on files in memory', () => createJournalKvProvider(new MemoryDisk().files()));
