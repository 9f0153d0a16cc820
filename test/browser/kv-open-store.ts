import { afterEach, beforeEach, vi } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import type { KvStore, KvWrite } from '../../src/platform/ports.ts';

export interface OpenStore {
  store: KvStore;
  /** The connections that were opened since the test began, the newest last. */
  connections: IDBDatabase[];
}

/** Opens a new store with these writes before each test, and closes it after the test. */
export function useStore(name: string, writes: readonly KvWrite[]): OpenStore {
  const provider = createIndexedDbKvProvider();
  const opened = { connections: [] as IDBDatabase[] } as OpenStore;

  beforeEach(async () => {
    opened.connections = [];
    await provider.drop(name);
    const open = IDBFactory.prototype.open;
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...parameters) {
      const request = open.apply(this, parameters);
      request.addEventListener('success', () => opened.connections.push(request.result));
      return request;
    });
    opened.store = await provider.open(name);
    await opened.store.commit(writes);
  });

  afterEach(async () => {
    await opened.store.close();
    vi.restoreAllMocks();
  });

  return opened;
}
