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
import type { ConversationKey } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { createTimelyKvProvider } from '../store/timely-kv.ts';
import type { ClientMids } from '../sync/client-mid.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { SyncEngine } from '../sync/sync-engine.ts';
import { flatMap } from '../util/es2019.ts';
import { Timers } from '../util/timers.ts';
import { handleSessionEvent, takeoverBy } from './session-ends.ts';
import type { UserDevice } from './user-device.ts';
import { openUserStore } from './user-store.ts';

/** One user's data and its traffic, from the moment the user is known until another one is. */
export interface Account {
  readonly uid: Id;
  readonly store: Store;
  readonly device: UserDevice;
  readonly sync: SyncEngine;
  readonly directory: Directory;
  readonly members: GroupMembers;
  readonly files: FileMessages;
  /** False from the call of `close` on. Work that is still under way then emits nothing. */
  readonly isOpen: boolean;
  /** Another client of this device has taken over: the data is that client's. The next login reads it again. */
  readonly isTakenOver: boolean;
  /** Stores nothing and sends nothing any more, because another client of this device has taken over. */
  giveUp(reason: FlooError): void;
  close(): Promise<void>;
}

/** Receives what happens in an open account. */
export interface AccountListener {
  onSync(events: readonly SyncEvent[], account: Account): void;
  /** The list of friends was fetched, or more is known of them. */
  onFriends(): void;
  /** The list of groups was fetched, or more is known of them. */
  onGroups(): void;
  /** The details of these users were fetched. */
  onUsers(ids: readonly Id[]): void;
  onStorageDegraded(error: FlooError): void;
  /** Old messages of these conversations were removed from this device to make room. */
  onStorageTrimmed(conversations: readonly ConversationKey[]): void;
  onProblem(error: FlooError): void;
}

interface AccountDeps {
  appId: string;
  kv: KvProvider;
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
}

/** Pause between two reports of changes that are refused after a takeover: a handler of the report may make another change. */
const REFUSALS_PAUSE_MS = 1000;

/** Opens and removes the data of users; one account is open at a time. */
export interface Accounts {
  /** @throws FlooError DbOperationFailed when a newer release wrote the user's database */
  open(uid: Id): Promise<Account>;
  /**
   * Removes the data of a user whose account is closed.
   *
   * @throws FlooError DbOperationFailed
   */
  drop(uid: Id): Promise<void>;
}

export function createAccounts(given: AccountDeps): Accounts {
  const deps = { ...given, kv: createTimelyKvProvider(given.kv, given.clock) };
  return {
    open: async (uid) => openAccount(uid, deps),
    drop: async (uid) => {
      const name = databaseOf(deps.appId, uid);
      await deps.fallbackKv.drop(name);
      await Promise.all([deps.kv.drop(name), deps.kv.drop(filesOf(name))]).catch((error: unknown) => {
        throw FlooError.from(error, 'DbOperationFailed');
      });
    },
  };
}

const databaseOf = (appId: string, uid: Id): string => `flooim.${appId}.${uid}`;

/** The database of the files that are being sent. */
const filesOf = (database: string): string => `${database}.files`;

async function openAccount(uid: Id, deps: AccountDeps): Promise<Account> {
  const { clock, connection, rest, listener } = deps;
  let isOpen = true;
  let isTakenOver = false;
  const whileOpen = (emit: () => void): void => {
    if (isOpen) emit();
  };
  const name = databaseOf(deps.appId, uid);
  const data = await openUserStore(uid, name, deps, {
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
  const emit = (events: readonly SyncEvent[]): void =>
    whileOpen(() => {
      // Before a handler of the app changes something.
      giveUpIfTakenOver(events);
      listener.onSync(events, account);
      for (const event of events) handleSessionEvent(event, account, { connection, onRefused: reportRefusal });
    });
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
    beforeStored: giveUpIfTakenOver,
    answerTimeoutMs: deps.answerTimeoutMs,
    sendExpiryMs: deps.sendExpiryMs,
    maxMessageBytes: deps.maxMessageBytes,
  });
  const files = new FileMessages({
    store,
    clock,
    outbox: sync.outbox,
    commands: sync.commands,
    emit,
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
  const account: Account = {
    uid,
    store,
    device,
    sync,
    directory,
    members: new GroupMembers({ rest, store, directory, self: uid }),
    files,
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
    close: async () => {
      isOpen = false;
      timers.clear('refusal');
      unsubscribe();
      data.durability.close();
      sync.close();
      await files.close();
      await store.close();
    },
  };
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
function openShelf(name: string, store: Store, { kv, fileTransfer }: AccountDeps): FileShelf {
  const known = (): Id[] =>
    store.reader
      .outbox()
      .filter(({ file }) => file)
      .map(({ mid }) => mid);
  return fileTransfer.shelf?.(filesOf(name), known) ?? new KeptFiles(kv, filesOf(name), fileTransfer, known);
}

/** The account of the user who is logged in, as managers need it. */
export interface AccountSource {
  /** The user whose data is open, also before the network answers; undefined when nobody is logged in. */
  current(): Account | undefined;
  /** The same, when the stored session counts: its user is known before the data is open. */
  resumed(): Promise<Account | undefined>;
}

/** @throws FlooError UserNotLogin when nobody is logged in */
export function mustAccount(source: AccountSource): Account {
  return mustExist(source.current());
}

/**
 * For calls that may wait. Deployed apps make them as soon as `isLogin()` is true.
 *
 * @throws FlooError UserNotLogin when nobody is logged in
 */
export async function mustResumedAccount(source: AccountSource): Promise<Account> {
  return mustExist(source.current() ?? (await source.resumed()));
}

function mustExist(account: Account | undefined): Account {
  if (!account) throw new FlooError('UserNotLogin', 'log in first');
  return account;
}
