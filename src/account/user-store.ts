import type { Chronicle } from '../chronicle/chronicle.ts';
import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { Clock, KvProvider, Random } from '../platform/ports.ts';
import type { Connection } from '../session/connection.ts';
import type { DeployedStorage } from '../session/deployed-storage.ts';
import { newDevice } from '../session/device-names.ts';
import type { EarlierNames } from '../session/device-names.ts';
import { openEnduringKv } from '../store/enduring-kv.ts';
import type { EnduringKv } from '../store/enduring-kv.ts';
import { noteUnreadable } from '../store/lost-records.ts';
import type { Removed } from '../store/make-room.ts';
import { KEYS } from '../store/schema.ts';
import type { OutboxEntry } from '../store/schema.ts';
import type { StoreFollower } from '../store/store-follower.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import { Durability } from '../sync/durability.ts';
import { createDeferred } from '../util/deferred.ts';
import { noted } from './account-steps.ts';
import type { StorageListener } from './account-steps.ts';
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
  connection: Connection;
  answerTimeoutMs: number;
  chronicle: Pick<Chronicle, 'write'>;
  follower?: StoreFollower;
}

/** The data of a user on this device, and the names under which the server knows it. */
interface UserStore {
  store: Store;
  device: UserDevice;
  durability: Durability;
  /** Whether it is stored on the disk, and not only in memory. */
  isOnDisk(): boolean;
  /** Nothing is stored any more: the data belongs to another client from now on. */
  stop(reason: FlooError): void;
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
  given: StorageListener,
): Promise<UserStore> {
  const { clock, random, fallbackKv, keepMessages } = deps;
  const { write } = deps.chronicle;
  const listener = noted(given, write);
  const begunAt = clock.now();
  const disk = new FailingDisk();
  const enduring = await openEnduringKv(deps.kv, name, {
    fallback: fallbackKv,
    keepMessages,
    onDegraded: (error, isGone) => {
      listener.onDegraded(error);
      disk.fail(isGone);
    },
    onMakingRoom: async (removal) => {
      const removed = await disk.noteRemoval(removal);
      if (removed.size > 0) listener.onTrimmed([...removed.keys()]);
    },
    onUnreadable: () => disk.noteUnreadable(),
  });
  disk.kv = enduring;
  const options = {
    first: {
      seed: () => importDeployed(deps.deployed, uid),
      // In memory, the device of earlier runs would acknowledge what is gone with this run.
      earlierNames: (isNew: boolean) => (disk.hasFailed ? undefined : deps.earlierNames.of(uid, isNew)),
      newNames: () => newDevice(uid, random),
      onUpgraded: (from: number, to: number) => write('storageUpgraded', { from, to }),
    },
    clock,
    onDamaged: (records: readonly string[]) => {
      const what = `${records.length} stored records were damaged`;
      listener.onDamaged(new FlooError('DbOperationFailed', what, { details: { records } }));
    },
    isLost: () => disk.hasFailed,
    onUnreadable: async () => disk.noted.promise,
    follower: deps.follower,
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
  const durability = new Durability({
    clock,
    answerTimeoutMs: deps.answerTimeoutMs,
    changeDevice: () => {
      device.becomeTemporary();
      deps.connection.changeDevice();
    },
  });
  if (isOnDisk) {
    disk.open({ store, durability });
    if (disk.hasFailed) {
      device.becomeTemporary();
      disk.leave();
    }
  }
  write('storageOpened', { isOnDisk: isOnDisk && !disk.hasFailed, ms: Math.max(0, clock.now() - begunAt) });
  const stop = (reason: FlooError): void => {
    enduring.stop(reason);
    store.stop(reason);
  };
  return { store, device, durability, isOnDisk: () => isOnDisk && !disk.hasFailed, stop };
}

/** What is known of a disk that may fail. */
class FailingDisk {
  kv: EnduringKv | undefined;
  /** Set when a store is open on this disk. */
  opened: Pick<UserStore, 'store' | 'durability'> | undefined;
  /** Room that is made while the store opens is noted when it is open. */
  private readonly opening = createDeferred<Store>();
  hasFailed = false;
  /** It could not be read before a store was open on it: what the store had not read yet is noted then. */
  private isUnreadable = false;
  /** The rows of earlier runs, as they were when the store opened. */
  private readonly found = new Map<Id, OutboxEntry>();
  /** Resolves when everything that can no longer be read is noted as missing. */
  readonly noted = createDeferred<undefined>();

  open(opened: Pick<UserStore, 'store' | 'durability'>): void {
    this.opened = opened;
    for (const row of opened.store.storedRows()) this.found.set(row.mid, row);
    this.opening.resolve(opened.store);
    if (this.isUnreadable) this.noteUnreadable();
  }

  async noteRemoval(removal: Promise<Removed>): Promise<Removed> {
    const store = this.opened?.store ?? (await this.opening.promise);
    return store.noteRemoval(removal);
  }

  /** @param isGone the database was deleted: no later run has the names of this device, so it goes on under them */
  fail(isGone: boolean): void {
    this.hasFailed = true;
    if (this.opened && !isGone) this.lose(true);
  }

  /** It failed before the session knew the names on the disk. */
  leave(): void {
    this.lose(false);
  }

  private lose(isStoredDevice: boolean): void {
    const { store, durability } = this.opened!;
    const rowOf = (mid: Id): OutboxEntry | undefined =>
      (this.kv?.storedRow(KEYS.outbox(mid)) as OutboxEntry | undefined) ?? this.found.get(mid);
    const isWaiting = (): boolean =>
      store.reader.outbox().some(({ mid, state }) => state === 'queued' && rowOf(mid)?.tried === true);
    durability.lost({ rowOf, isWaiting }, isStoredDevice);
  }

  noteUnreadable(): void {
    const { opened, kv, noted } = this;
    // While the store opens, the reads that reject end that. It may be open already when one of its later reads rejects.
    this.isUnreadable = true;
    if (!opened || !kv) return;
    const { store } = opened;
    const noting = store.update((tx) => noteUnreadable(tx, store.reader)).then(() => kv.forgetDisk());
    // It fails only when the account closes, as do the reads that wait for it.
    noting.then(() => noted.resolve(undefined), noted.reject);
    noted.promise.catch(() => undefined);
  }
}
