import { afterAll, beforeAll, describe } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { kvStoreContract } from '../contract/kv-store.contract.ts';

kvStoreContract('IndexedDB', createIndexedDbKvProvider);

describe('without getAllRecords, as in Firefox and Safari', () => {
  const prototype = IDBObjectStore.prototype as { getAllRecords?: unknown };
  const native = Object.getOwnPropertyDescriptor(prototype, 'getAllRecords');

  beforeAll(() => {
    delete prototype.getAllRecords;
  });

  afterAll(() => {
    if (native) Object.defineProperty(prototype, 'getAllRecords', native);
  });

  kvStoreContract('IndexedDB', createIndexedDbKvProvider);
});
