import { afterAll, beforeAll, describe } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { kvStoreContract } from '../contract/kv-store.contract.ts';

kvStoreContract('IndexedDB', createIndexedDbKvProvider);

describe.each([
  ['getAllRecords, as in Firefox and Safari', ['getAllRecords']],
  ['getAll of any kind, as in IE', ['getAllRecords', 'getAll', 'getAllKeys']],
])('without %s', (_browser, names) => {
  const prototype = IDBObjectStore.prototype as unknown as Record<string, unknown>;
  const natives = names.map((name) => Object.getOwnPropertyDescriptor(prototype, name));

  beforeAll(() => {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- as such a browser has it
    for (const name of names) delete prototype[name];
  });

  afterAll(() => {
    natives.forEach((native, index) => native && Object.defineProperty(prototype, names[index]!, native));
  });

  kvStoreContract('IndexedDB', createIndexedDbKvProvider);
});
