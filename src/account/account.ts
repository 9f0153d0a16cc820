import { Directory } from '../directory/directory.ts';
import { GroupMembers } from '../directory/group-members.ts';
import { FlooError } from '../errors.ts';
import { FileMessages } from '../files/file-messages.ts';
import { KeptFiles } from '../files/kept-files.ts';
import type { Upload } from '../files/uploads.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { Id } from '../model/ids.ts';
import type { KvProvider, Platform } from '../platform/ports.ts';
import type { Connection } from '../session/connection.ts';
import type { IdentityStore } from '../session/identity.ts';
import { openEnduringKv } from '../store/enduring-kv.ts';
import { noteRemoved } from '../store/make-room.ts';
import { openStore } from '../store/store.ts';
import type { Store } from '../store/store.ts';
import type { ClientMids } from '../sync/client-mid.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { SyncEngine } from '../sync/sync-engine.ts';
import { importDeployed } from './import-deployed.ts';

/** One user's data and its traffic, from the moment the user is known until another one is. */
export interface Account {
  readonly uid: Id;
  readonly store: Store;
  readonly sync: SyncEngine;
  readonly directory: Directory;
  readonly members: GroupMembers;
  readonly files: FileMessages;
  /** False from the call of `close` on: what is still under way for it concerns nobody any more. */
  readonly isOpen: boolean;
  close(): Promise<void>;
}

export interface AccountDeps {
  platform: Platform;
  appId: string;
  rest: RestClient;
  connection: Connection;
  identities: IdentityStore;
  mids: ClientMids;
  upload: Upload;
  answerTimeoutMs: number;
  sendExpiryMs: number;
  /** Where the data is when the platform's storage cannot be opened. */
  fallbackKv: KvProvider;
  keepMessages: number;
  onStorageDegraded(error: FlooError): void;
  onSync(events: readonly SyncEvent[]): void;
  onFriends(): void;
  onGroups(): void;
  onUsers(ids: readonly Id[]): void;
}

/** The name of a user's database; that of the files being sent is `<name>.files`. */
export const databaseOf = (appId: string, uid: Id): string => `flooim.${appId}.${uid}`;

/** @throws FlooError DbOperationFailed when a newer release wrote the user's database. */
export async function openAccount(uid: Id, deps: AccountDeps): Promise<Account> {
  const { platform, connection, identities, rest } = deps;
  let isOpen = true;
  const whileOpen = (tell: () => void): void => {
    if (isOpen) tell();
  };
  let store: Store | undefined = undefined;
  const name = databaseOf(deps.appId, uid);
  const kv = await openEnduringKv(platform.kv, name, {
    fallback: deps.fallbackKv,
    keepMessages: deps.keepMessages,
    onDegraded: (error) => whileOpen(() => deps.onStorageDegraded(error)),
    // Fails only when the account closes; the records on the disk say it already.
    onRemoved: (removed) => void store?.update((tx) => noteRemoved(tx, removed)).catch(() => undefined),
  });
  store = await openStore(kv, { seed: () => importDeployed(identities.deployed, uid), clock: platform.clock });
  // What waits to be stored must not wait for a page that may never come back. Fails only when the account closes.
  const unsubscribe = platform.lifecycle.subscribe((event) => {
    if (event === 'hide') store.update(() => undefined).catch(() => undefined);
  });
  const sync = new SyncEngine({
    session: connection,
    store,
    clock: platform.clock,
    mids: deps.mids,
    self: uid,
    deviceSN: () => identities.deviceSerial(uid),
    emit: (events) => whileOpen(() => deps.onSync(events)),
    answerTimeoutMs: deps.answerTimeoutMs,
    sendExpiryMs: deps.sendExpiryMs,
  });
  const known = (): Id[] => [...store.working.outbox.values()].filter(({ file }) => file).map(({ mid }) => mid);
  const kept =
    platform.files.shelf?.(`${name}.files`, known) ??
    new KeptFiles(platform.kv, `${name}.files`, platform.files, known);
  const files = new FileMessages({
    store,
    clock: platform.clock,
    outbox: sync.outbox,
    commands: sync.commands,
    emit: (events) => whileOpen(() => deps.onSync(events)),
    upload: deps.upload,
    media: platform.media,
    kept,
    expiryMs: deps.sendExpiryMs,
  });
  const listener = {
    onFriends: () => whileOpen(() => deps.onFriends()),
    onGroups: () => whileOpen(() => deps.onGroups()),
    onUsers: (ids: readonly Id[]) => whileOpen(() => deps.onUsers(ids)),
  };
  const directory = new Directory({ rest, store, self: uid, listener });
  return {
    uid,
    store,
    sync,
    directory,
    members: new GroupMembers({ rest, store, directory, self: uid }),
    files,
    get isOpen() {
      return isOpen;
    },
    close: async () => {
      isOpen = false;
      unsubscribe();
      sync.close();
      await files.close();
      await store.close();
    },
  };
}

/** What managers ask for. */
export interface AccountSource {
  /** The user whose data is open, also before the network answers; undefined when nobody is logged in. */
  current(): Account | undefined;
}

/** @throws FlooError UserNotLogin. */
export function mustAccount(source: AccountSource): Account {
  const account = source.current();
  if (!account) throw new FlooError('UserNotLogin', 'log in first');
  return account;
}
