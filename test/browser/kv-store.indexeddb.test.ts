import { afterAll, beforeAll, describe } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { kvStoreContract } from '../contract/kv-store.contract.ts';

kvStoreContract('IndexedDB', createIndexedDbKvProvider);

describe('without getAllRecords, as in Chromium before 141, Firefox and Safari', () => {
  const native = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'getAllRecords');

  beforeAll(() => {
    Reflect.deleteProperty(IDBObjectStore.prototype, 'getAllRecords');
  });

  afterAll(() => {
    if (native) Object.defineProperty(IDBObjectStore.prototype, 'getAllRecords', native);
  });

  kvStoreContract('IndexedDB', createIndexedDbKvProvider);
});
