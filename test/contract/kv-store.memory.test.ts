import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import { kvStoreContract } from './kv-store.contract.ts';

kvStoreContract('memory', createMemoryKvProvider);
