import { databaseOf, openAccount } from './account/account.ts';
import type { Account } from './account/account.ts';
import { AccountSession } from './account/account-session.ts';
import { Announcer } from './announcing/announcer.ts';
import { connectionTold } from './announcing/connection.ts';
import { tell } from './announcing/telling.ts';
import { followAppStatus } from './app-status.ts';
import { askDns } from './bootstrap/dns.ts';
import { Hosts } from './bootstrap/hosts.ts';
import type { ClientEvents } from './client-events.ts';
import { FlooError, isFlooError } from './errors.ts';
import { createDownload } from './files/downloads.ts';
import type { Download } from './files/downloads.ts';
import { createUpload } from './files/uploads.ts';
import type { Upload } from './files/uploads.ts';
import { currentUrl, isOwnUrl } from './http/own-hosts.ts';
import { createRestClient } from './http/rest-client.ts';
import type { RestClient } from './http/rest-client.ts';
import { idNumber } from './model/ids.ts';
import type { AppStatus } from './managers/app-source.ts';
import type { ResolvedOptions } from './options.ts';
import { createMemoryKvProvider } from './platform/memory/index.ts';
import type { Logger, Platform } from './platform/ports.ts';
import { Connection } from './session/connection.ts';
import { IdentityStore } from './session/identity.ts';
import { ClientMids } from './sync/client-mid.ts';
import type { Emitter } from './util/emitter.ts';

const HEARTBEAT_MS = 50000;
const PROBE_TIMEOUT_MS = 5000;
/** Bytes that a slow line has in hand are told as sent; the answer comes when they are through. */
const TRANSFER_PATIENCE = 3;

/** Everything behind one configuration. The facade keeps its listeners and puts a new core in the place of the old one. */
export interface ClientCore {
  readonly options: ResolvedOptions;
  readonly session: AccountSession;
  readonly rest: RestClient;
  readonly upload: Upload;
  readonly download: Download;
  readonly hosts: Hosts;
  readonly identities: IdentityStore;
  readonly connection: Connection;
  readonly status: AppStatus;
  /** Ends everything without forgetting anything. */
  dispose(): Promise<void>;
}

/** Builds the rooms and connects them; starts asking DNS and, with `autoLogin`, resumes the stored session. */
export function createCore(
  options: ResolvedOptions,
  platform: Platform,
  emitter: Emitter<ClientEvents>,
  logger: Logger,
): ClientCore {
  const { appId, requestTimeoutMs, answerTimeoutMs } = options;
  const identities = new IdentityStore({ ...platform, appId });
  const mids = new ClientMids(platform);
  const announcer = new Announcer(emitter, logger);
  // Here and not in the account: what it holds is there for the next login too.
  const fallbackKv = createMemoryKvProvider();

  const hosts = new Hosts({
    ...platform,
    ask: async (knownServers) => {
      try {
        return await askDns({ ...platform, timeoutMs: requestTimeoutMs }, { ...options, knownServers });
      } catch (error) {
        const { reason, rawMessage, restCode } = FlooError.from(error, 'ServerDNSFailed');
        throw new FlooError(restCode === undefined ? 'ServerDNSFailed' : reason, rawMessage, {
          cause: error,
          details: { stage: 'dns' },
          ...(restCode !== undefined && { restCode }),
        });
      }
    },
    // By server, too: one configured anew must not be answered for by another.
    cacheKey: `flooim.${appId}.dns${options.dnsServer ? `.${options.dnsServer}` : ''}`,
  });
  const rest = createRestClient({
    ...platform,
    host: async () => {
      await hosts.ready();
      return hosts.current('ratel')!;
    },
    onHostFailed: (host) => hosts.failed('ratel', host),
    onHostAnswered: () => hosts.worked('ratel'),
    credentials: () => ({ appId, token: identities.load()?.token }),
    onTokenRefused: (refused) => session.tokenRefused(refused),
    timeoutMs: requestTimeoutMs,
  });
  const transfers = { ...platform, ...options, silenceMs: TRANSFER_PATIENCE * requestTimeoutMs };
  const upload = createUpload({
    ...transfers,
    rest,
    currentUrl: (url) => currentUrl(url, hosts),
    credentials: (url) => {
      const token = identities.load()?.token;
      return isOwnUrl(url, hosts) ? { app_id: appId, ...(token && { 'access-token': token }) } : {};
    },
  });
  const connection = new Connection(
    {
      ...platform,
      hosts,
      identities,
      settings: {
        ...platform,
        ...options,
        provisionTimeoutMs: answerTimeoutMs,
        heartbeatMs: HEARTBEAT_MS,
        silenceTimeoutMs: answerTimeoutMs,
        probeTimeoutMs: PROBE_TIMEOUT_MS,
      },
    },
    {
      onState: (state, previous) => {
        if (state.name !== previous.name) logger.info(`connection: ${previous.name} → ${state.name}`);
        for (const telling of connectionTold(state, previous)) tell(emitter, telling);
        session.handleState(state, previous);
      },
      onFrame: (frame) => session.handleFrame(frame),
      onProblem: (error) => announcer.problem(error),
      settled: async () => session.settled(),
    },
  );
  const open = async (uid: string): Promise<Account> => {
    const account: Account = await openAccount(uid, {
      ...options,
      platform,
      rest,
      connection,
      identities,
      mids,
      upload,
      fallbackKv,
      onStorageDegraded: (error) => {
        logger.warn(error.message);
        emitter.emit('storageDegraded', error);
      },
      onSync: (events) => {
        announcer.announce(events, account);
        for (const event of events) session.handleSync(event);
      },
      onFriends: () => emitter.emit('onRosterListUpdate', undefined),
      onGroups: () => emitter.emit('onGroupListUpdate', undefined),
      onUsers: (ids) => emitter.emit('onRosterInfoUpdate', ids.map(idNumber)),
    });
    return account;
  };
  const session: AccountSession = new AccountSession({
    hosts,
    rest,
    identities,
    connection,
    open,
    drop: async (uid) => {
      const name = databaseOf(appId, uid);
      await fallbackKv.drop(name);
      await Promise.all([platform.kv.drop(name), platform.kv.drop(`${name}.files`)]).catch((error: unknown) => {
        throw FlooError.from(error, 'DbOperationFailed');
      });
    },
    listener: {
      onCacheOpen: () => {
        emitter.emit('recentlistUpdate', undefined);
        emitter.emit('onRosterListUpdate', undefined);
        emitter.emit('onGroupListUpdate', undefined);
      },
      onLoginMessage: (desc) => emitter.emit('flooNotice', { category: 'loginMessage', desc }),
      onOnline: () => announcer.online(),
      onLoginFail: (desc) => emitter.emit('loginFail', desc),
      onLost: (cause) => emitter.emit('reconnect', { reason: cause.rawMessage }),
      onProblem: (error) => announcer.problem(error),
      onAction: (desc) => emitter.emit('flooNotice', { category: 'action', desc }),
    },
  });

  let disposed = false;
  const reportUnlessLoggingIn = (error: unknown): void => {
    // A waiting login tells it as its own outcome.
    if (!disposed && !session.isLoggingIn) announcer.problem(FlooError.from(error, 'ServerDNSFailed'));
  };
  const cached = hosts.answer !== undefined;
  hosts.refresh().catch((error: unknown) => {
    if (!cached || isFlooError(error, 'ServerAppFrozen')) reportUnlessLoggingIn(error);
    else logger.info('the DNS answer could not be refreshed; the cached one serves', error);
  });
  const stored = options.autoLogin ? identities.load() : undefined;
  if (stored) session.resume(stored).catch(reportUnlessLoggingIn);

  return {
    options,
    session,
    rest,
    upload,
    download: createDownload(transfers),
    hosts,
    identities,
    connection,
    status: followAppStatus(hosts, rest, platform.preferences, appId),
    dispose: async () => {
      disposed = true;
      connection.dispose();
      await session.close();
    },
  };
}
