import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import type { KvProvider, KvWrite } from '../../src/platform/ports.ts';
import { createTurns } from '../../src/util/turns.ts';
import type { Traffic } from './traffic.ts';

/** How the storage of a device fails: it is full and takes deletes only, or does nothing at all. */
export type StorageFault = 'full' | 'broken';

/** The databases of a device, which outlive its clients. */
export interface DeviceStorage extends KvProvider {
  fault: StorageFault | undefined;
  /** Removes all databases. Those that are open stay as they are. */
  wipe(): void;
}

export function createDeviceStorage(traffic: Traffic): DeviceStorage {
  let memory = createMemoryKvProvider();
  const inTurn = createTurns();
  const mustWork = (batch: readonly KvWrite[] = []): void => {
    if (storage.fault === 'broken') throw new Error('the storage is broken: the test wants it so');
    if (storage.fault === 'full' && batch.some(({ op }) => op === 'put'))
      throw Object.assign(new Error('the storage is full: the test wants it so'), { name: 'QuotaExceededError' });
  };
  const storage: DeviceStorage = {
    fault: undefined,
    wipe: () => void (memory = createMemoryKvProvider()),
    drop: async (name) => memory.drop(name),
    async open(name) {
      mustWork();
      const store = await memory.open(name);
      const guarded = async (batch: readonly KvWrite[], unless: string | undefined): Promise<void> => {
        if (unless !== undefined && (await store.get(unless)) !== undefined)
          throw Object.assign(new Error('the guard holds'), { name: 'GuardError' });
        await store.commit(batch);
      };
      return {
        async get(key) {
          mustWork();
          traffic.note();
          return store.get(key);
        },
        async range(range) {
          mustWork();
          traffic.note();
          return store.range(range);
        },
        async commit(batch, unless) {
          mustWork(batch);
          traffic.note();
          // In the order of the calls: the look at the guard takes a moment.
          await inTurn(async () => guarded(batch, unless));
        },
        close: async () => store.close(),
      };
    },
  };
  return storage;
}
