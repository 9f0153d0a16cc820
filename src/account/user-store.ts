import type { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, KvProvider, Random } from '../platform/ports.ts';
import type { DeployedStorage } from '../session/deployed-storage.ts';
import { newDevice } from '../session/device-names.ts';
import type { EarlierNames } from '../session/device-names.ts';
import { openEnduringKv } from '../store/enduring-kv.ts';
import type { EnduringKv } from '../store/enduring-kv.ts';
import { noteUnreadable } from '../store/lost-records.ts';
import { noteRemoved } from '../store/make-room.ts';
import { KEYS } from '../store/schema.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { createDeferred } from '../util/deferred.ts';
import { importDeployed } from './import-deployed.ts';
import { UserDevice } from './user-device.ts';

interface UserStoreDeps {
  kv: KvProvider;
  /** Where the data goes when `kv` cannot be opened or read. */
  fallbackKv: KvProvider;
  keepMessages: number;
  clock: Clock;
  random: Random;
  deployed: DeployedStorage;
  earlierNames: EarlierNames;
}

/** Called when nothing can be stored any more. @param isOnDisk whether the next run finds the row of a mid */
type UnstoredListener = (isOnDisk: (mid: Id) => boolean) => void;

/** The data of a user on this device, and the names under which the server knows it. */
export class UserStore {
  readonly store: Store;
  readonly device: UserDevice;
  private readonly disk: Disk;

  constructor(store: Store, device: UserDevice, disk: Disk) {
    this.store = store;
    this.device = device;
    this.disk = disk;
    disk.store = store;
  }

  /** Calls the listener when nothing can be stored any more; at once when that is so already. */
  whenUnstored(listener: UnstoredListener): void {
    if (this.disk.isUnstored) listener(this.disk.isOnDisk);
    else this.disk.onUnstored = listener;
  }
}

/**
 * Opens the data of a user: on the disk, or in memory where that fails.
 *
 * @throws FlooError DbOperationFailed when another client has it open, or a newer release wrote it
 */
export async function openUserStore(
  uid: Id,
  name: string,
  deps: UserStoreDeps,
  onDegraded: (error: FlooError) => void,
): Promise<UserStore> {
  const { clock, random, fallbackKv, keepMessages } = deps;
  const disk = new Disk();
  const enduring = await openEnduringKv(deps.kv, name, {
    fallback: fallbackKv,
    keepMessages,
    onDegraded: (error) => {
      onDegraded(error);
      disk.fail();
    },
    // The update fails only when the account closes. The database has these records already.
    onRemoved: (removed) => void disk.store?.update((tx) => noteRemoved(tx, removed)).catch(() => undefined),
    onUnreadable: () => disk.noteUnreadable(),
  });
  disk.kv = enduring;
  const options = {
    first: {
      seed: () => importDeployed(deps.deployed, uid),
      // In memory, the device of earlier runs would acknowledge what is gone with this run.
      earlierNames: (isNew: boolean) => (disk.hasFailed ? undefined : deps.earlierNames.of(uid, isNew)),
      newNames: () => newDevice(uid, random),
    },
    clock,
    onUnreadable: async () => disk.noted.promise,
  };
  let isOnDisk = enduring.isReal;
  const store = await openStore(enduring, options).catch(async (error: unknown) => {
    if (!disk.hasFailed) throw error;
    isOnDisk = false;
    // It failed before; its end changes nothing.
    await enduring.close().catch(() => undefined);
    return openStore(await fallbackKv.open(name), options);
  });
  const device = new UserDevice({ store, uid, random });
  const data = new UserStore(store, device, disk);
  // The disk failed while the store opened: the rows that were on it wait for the next run.
  if (disk.hasFailed && isOnDisk) {
    device.becomeTemporary();
    disk.fail();
  }
  return data;
}

/** Knows what is on the disk after it failed. */
class Disk {
  kv: EnduringKv | undefined;
  store: Store | undefined;
  hasFailed = false;
  /** The open store is one of the disk, and its changes are in memory only. */
  isUnstored = false;
  onUnstored: UnstoredListener | undefined;
  /** Resolves when everything that can no longer be read is noted as missing. */
  readonly noted = createDeferred<undefined>();
  private rows: ReadonlySet<Id> = new Set();

  fail(): void {
    this.hasFailed = true;
    if (!this.store) return;
    this.isUnstored = true;
    this.rows = this.store.outboxMids();
    this.onUnstored?.(this.isOnDisk);
  }

  readonly isOnDisk = (mid: Id): boolean => this.rows.has(mid) || this.kv?.hasStored(KEYS.outbox(mid)) === true;

  noteUnreadable(): void {
    const { store, kv } = this;
    // While the store opens, the reads that reject end that.
    if (!store || !kv) return;
    const noting = store.update((tx) => noteUnreadable(tx, store.reader)).then(() => kv.forgetDisk());
    // It fails only when the account closes.
    noting.then(() => this.noted.resolve(undefined), this.noted.reject);
    this.noted.promise.catch(() => undefined);
  }
}
