import type { Accounts, AccountListener } from './account/account.ts';
import { createAccounts } from './account/local-account.ts';
import type { AccountSession } from './account/account-session.ts';
import type { AccountSessionDeps } from './account/session-deps.ts';
import type { Chronicle } from './chronicle/chronicle.ts';
import type { ClientEvents } from './client-events.ts';
import type { Upload } from './files/uploads.ts';
import type { RestClient } from './http/rest-client.ts';
import type { Id } from './model/ids.ts';
import type { ResolvedOptions } from './options.ts';
import { createMemoryKvProvider } from './platform/memory/index.ts';
import type { Platform } from './platform/ports.ts';
import type { Connection, ConnectionListener } from './session/connection.ts';
import { EarlierNames } from './session/device-names.ts';
import type { IdentityStore } from './session/identity.ts';
import { ClientMids } from './sync/client-mid.ts';
import { SessionPeers } from './tabs/session-peers.ts';
import { createSharing } from './tabs/sharing.ts';
import type { Emitter } from './util/emitter.ts';

interface UserDataDeps {
  options: ResolvedOptions;
  platform: Platform;
  rest: RestClient;
  upload: Upload;
  connection: Connection;
  identities: IdentityStore;
  chronicle: Chronicle;
  listener: AccountListener;
  /** The connection has another state: this client's own, or that of all tabs. */
  onState: ConnectionListener['onState'];
}

/** The data of users and the connection of their sessions: of this client alone, or of all tabs. */
export interface UserData {
  readonly accounts: Accounts;
  readonly connection: AccountSessionDeps['connection'];
  /** The socket of this client has another state. */
  readonly onSocket: ConnectionListener['onState'];
}

export function createUserData({ onState, options, platform, identities, listener, ...deps }: UserDataDeps): UserData {
  const { kv, clock, random, lifecycle, files, media, preferences } = platform;
  const { appId, answerTimeoutMs, sendExpiryMs, maxMessageBytes, keepMessages, filmDetails } = options;
  const accountDeps = {
    appId,
    kv,
    // One for all accounts of this core: the data in it outlives a logout.
    fallbackKv: createMemoryKvProvider(),
    clock,
    random,
    lifecycle,
    fileTransfer: files,
    factsOf: media && (async (file: Parameters<typeof media.read>[0]) => media.read(file, { films: filmDetails })),
    ...deps,
    deployed: identities.deployed,
    earlierNames: new EarlierNames({ preferences, random, appId }),
    mids: new ClientMids({ clock, random }),
    answerTimeoutMs,
    sendExpiryMs,
    maxMessageBytes,
    keepMessages,
    listener,
  };
  const tabs = options.shareTabs ? platform.tabs : undefined;
  if (tabs) return createSharing({ ...accountDeps, tabs, onState });
  if (options.shareTabs && 'tabs' in platform)
    deps.chronicle.write('tabsNotShared', { reason: 'no Web Locks or no BroadcastChannel' });
  return { accounts: createAccounts(accountDeps), connection: deps.connection, onSocket: onState };
}

interface PeersDeps {
  options: ResolvedOptions;
  platform: Platform;
  slot: number;
  session(): AccountSession;
  emitter: Emitter<ClientEvents>;
  onProblem(error: unknown): void;
}

/** The tabs of one origin that resume the same session: who logs in or out in one does so in all. Undefined where there are none. */
export function followPeers({
  options,
  platform,
  slot,
  session,
  emitter,
  onProblem,
}: PeersDeps): SessionPeers | undefined {
  const tabs = options.shareTabs ? platform.tabs : undefined;
  const leave = async (uid: Id): Promise<void> => {
    if (!(await session().leave(uid))) return;
    emitter.emit('logout', undefined);
    if (options.reloadOnLogout) platform.lifecycle.reload?.();
  };
  return (
    tabs &&
    new SessionPeers({
      tabs,
      name: `flooim.${options.appId}.session ${slot} ${options.dnsServer ?? ''}`,
      onLogin: () => {
        if (options.autoLogin) session().follow().catch(onProblem);
      },
      onLogout: (uid) => void leave(uid),
    })
  );
}
