import type { Chronicle } from '../chronicle/chronicle.ts';
import { Directory } from '../directory/directory.ts';
import { GroupMembers } from '../directory/group-members.ts';
import { FlooError } from '../errors.ts';
import { FileMessages } from '../files/file-messages.ts';
import { KeptFiles } from '../files/kept-files.ts';
import type { Upload } from '../files/uploads.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { Id } from '../model/ids.ts';
import type {
  Clock,
  FileBody,
  FileShelf,
  FileTransfer,
  KvProvider,
  Lifecycle,
  MediaFacts,
  Random,
} from '../platform/ports.ts';
import type { Connection } from '../session/connection.ts';
import type { DeployedStorage } from '../session/deployed-storage.ts';
import type { EarlierNames } from '../session/device-names.ts';
import type { Store } from '../store/store.ts';
import type { StoreFollower } from '../store/store-follower.ts';
import { createTimelyKvProvider } from '../store/timely-kv.ts';
import type { ClientMids } from '../sync/client-mid.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { SyncEngine } from '../sync/sync-engine.ts';
import { flatMap } from '../util/es2019.ts';
import { Timers } from '../util/timers.ts';
import type { Account, AccountListener, Accounts } from './account.ts';
import { noteFailures } from './account-steps.ts';
import { explainAccount } from './explain-account.ts';
import { handleSessionEvent, takeoverBy } from './session-ends.ts';
import type { UserDevice } from './user-device.ts';
import { openUserStore } from './user-store.ts';

/** An account whose data and traffic are those of this client itself. */
export interface LocalAccount extends Account {
  readonly store: Store;
  readonly device: UserDevice;
  readonly sync: SyncEngine;
  readonly directory: Directory;
  readonly files: FileMessages;
}

export interface LocalAccountDeps {
  appId: string;
  kv: KvProvider;
  /** The same for the user's data, when only one of several tabs may write it. Files are kept in `kv`. */
  dataKv?: KvProvider;
  /** Where the data goes when `kv` cannot be opened. */
  fallbackKv: KvProvider;
  clock: Clock;
  random: Random;
  lifecycle: Lifecycle;
  fileTransfer: FileTransfer;
  /** Reads the facts of a file, on platforms that can. */
  factsOf: ((file: FileBody) => Promise<MediaFacts>) | undefined;
  rest: RestClient;
  connection: Connection;
  deployed: DeployedStorage;
  earlierNames: EarlierNames;
  mids: ClientMids;
  upload: Upload;
  answerTimeoutMs: number;
  sendExpiryMs: number;
  maxMessageBytes: number;
  keepMessages: number;
  listener: AccountListener;
  /** Gets the steps of the storage, the sync and the outbox. */
  chronicle: Chronicle;
  /** Those who follow the data in other tabs. */
  follower?: StoreFollower;
}

/** Pause between two reports of changes that are refused after a takeover: a handler of the report may make another change. */
const REFUSALS_PAUSE_MS = 1000;

export function createAccounts(given: LocalAccountDeps): Accounts {
  const deps = { ...given, kv: createTimelyKvProvider(given.kv, given.clock) };
  return {
    open: async (uid) => openLocalAccount(uid, deps),
    drop: async (uid) => {
      const name = databaseOf(deps.appId, uid);
      await deps.fallbackKv.drop(name);
      await Promise.all([deps.kv.drop(name), deps.kv.drop(filesOf(name))]).catch((error: unknown) => {
        throw FlooError.from(error, 'DbOperationFailed');
      });
    },
  };
}

/** The name of a user's database. */
export const databaseOf = (appId: string, uid: Id): string => `flooim.${appId}.${uid}`;

/** The database of the files that are being sent. */
const filesOf = (database: string): string => `${database}.files`;

export async function openLocalAccount(uid: Id, deps: LocalAccountDeps): Promise<LocalAccount> {
  const { clock, connection, rest, listener, chronicle } = deps;
  let isOpen = true;
  let isTakenOver = false;
  const whileOpen = (emit: () => void): void => {
    if (isOpen) emit();
  };
  const name = databaseOf(deps.appId, uid);
  const dataDeps = { ...deps, kv: deps.dataKv ?? deps.kv };
  const data = await openUserStore(uid, name, dataDeps, {
    onDegraded: (error) => whileOpen(() => listener.onStorageDegraded(error)),
    onTrimmed: (conversations) => whileOpen(() => listener.onStorageTrimmed(conversations)),
    onDamaged: (error) => whileOpen(() => listener.onProblem(error)),
  });
  const { store, device } = data;
  const unsubscribe = storeWhenHidden(store, deps.lifecycle);
  const giveUpIfTakenOver = (events: readonly SyncEvent[]): void => {
    const [reason] = flatMap(events, (event) => takeoverBy(event) ?? []);
    if (reason) account.giveUp(reason);
  };
  let isSettled = false;
  const emit = (events: readonly SyncEvent[], isOfBatch = false): void => {
    if (isSettled) return;
    // Before a handler of the app changes something.
    giveUpIfTakenOver(events);
    noteFailures(events, chronicle.write);
    listener.onSync(events, account, isOfBatch);
    if (isOpen)
      for (const event of events) handleSessionEvent(event, account, { connection, onRefused: reportRefusal });
  };
  const timers = new Timers<'refusal'>(clock);
  const reportRefusal = (error: FlooError): void => {
    if (timers.has('refusal')) return;
    timers.set('refusal', REFUSALS_PAUSE_MS, () => undefined);
    listener.onProblem(error);
  };
  const sync = new SyncEngine({
    session: connection,
    store,
    clock,
    mids: deps.mids,
    self: uid,
    deviceSN: () => device.names.serial,
    durability: data.durability,
    emit,
    emitHere: (events) => emit(events, true),
    beforeStored: giveUpIfTakenOver,
    ...{ answerTimeoutMs: deps.answerTimeoutMs, sendExpiryMs: deps.sendExpiryMs, write: chronicle.write },
    maxMessageBytes: deps.maxMessageBytes,
  });
  const files = new FileMessages({
    store,
    clock,
    outbox: sync.outbox,
    commands: sync.commands,
    emit,
    emitHere: (events) => emit(events, true),
    upload: deps.upload,
    factsOf: deps.factsOf,
    kept: openShelf(name, store, deps),
    expiryMs: deps.sendExpiryMs,
  });
  const directory = new Directory({
    rest,
    store,
    self: uid,
    listener: {
      onFriends: () => whileOpen(() => listener.onFriends()),
      onGroups: () => whileOpen(() => listener.onGroups()),
      onUsers: (ids) => whileOpen(() => listener.onUsers(ids)),
    },
  });
  const account: LocalAccount = {
    uid,
    store,
    device,
    sync,
    directory,
    members: new GroupMembers({ rest, store, directory, self: uid }),
    files,
    resend: (mid) => files.resend(mid) ?? sync.outbox.resend(mid),
    discard: async (mid) => files.discard(mid) ?? sync.outbox.discard(mid),
    get isOpen() {
      return isOpen;
    },
    get isTakenOver() {
      return isTakenOver;
    },
    giveUp: (reason) => {
      if (isTakenOver) return;
      isTakenOver = true;
      data.stop(reason);
      sync.close();
      // It never rejects.
      void files.close();
    },
    explain: async () => {
      const { name: state } = connection.state;
      return explainAccount({ store, sync, chronicle, isOnDisk: data.isOnDisk(), isOnline: state === 'online' });
    },
    online: () => {
      sync.online();
      files.online();
    },
    offline: (isTooBig) => {
      sync.offline(isTooBig);
      files.offline();
    },
    settled: async () => sync.settled(),
    close: async () => {
      isOpen = false;
      connection.attach(undefined);
      timers.clear('refusal');
      unsubscribe();
      data.durability.close();
      sync.close();
      // What is stored by now is not new to the next session, so its events come from this one or never.
      await sync.settled();
      isSettled = true;
      await files.close();
      await store.close();
    },
  };
  // The frames of the socket go to its sync.
  connection.attach(account);
  if (!store.isLoaded)
    void store.loaded.then(() => {
      // Apps read again what they show: until now getters knew some of it.
      emit([{ type: 'list' }]);
      whileOpen(() => {
        listener.onFriends();
        listener.onGroups();
      });
    });
  return account;
}

/** Stores pending changes when the page or app is hidden, because it may never come back. @returns the unsubscriber */
function storeWhenHidden(store: Store, lifecycle: Lifecycle): () => void {
  return lifecycle.subscribe((event) => {
    // Fails only when the account closes.
    if (event === 'hide') store.update(() => undefined).catch(() => undefined);
  });
}

/** The shelf of the files that are being sent: the platform's own, or a database. */
function openShelf(name: string, store: Store, { kv, fileTransfer }: LocalAccountDeps): FileShelf {
  const known = (): Id[] =>
    store.reader
      .outbox()
      .filter(({ file }) => file)
      .map(({ mid }) => mid);
  return fileTransfer.shelf?.(filesOf(name), known) ?? new KeptFiles(kv, filesOf(name), fileTransfer, known);
}
