import { AccountSession } from './account/account-session.ts';
import type { AccountListener } from './account/account.ts';
import { createCallLink } from './call-link.ts';
import type { CallLink } from './call-link.ts';
import type { CallsEngine } from './call-port.ts';
import { createHosts } from './bootstrap/hosts.ts';
import type { Hosts } from './bootstrap/hosts.ts';
import type { WriteStep } from './chronicle/chronicle.ts';
import type { ClientEvents } from './client-events.ts';
import { createStory } from './client-story.ts';
import type { ClientStory } from './client-story.ts';
import { FlooError } from './errors.ts';
import { createDownload } from './files/downloads.ts';
import type { Download } from './files/downloads.ts';
import { createUpload } from './files/uploads.ts';
import type { Upload } from './files/uploads.ts';
import { currentUrl } from './http/urls.ts';
import { createRestClient } from './http/rest-client.ts';
import type { RestClient } from './http/rest-client.ts';
import type { AppStatus } from './managers/app-source.ts';
import type { ResolvedOptions } from './options.ts';
import type { Logger, Platform } from './platform/ports.ts';
import { accountListener, sessionListener } from './public-events/account-events.ts';
import { PublicEvents } from './public-events/public-events.ts';
import { Connection } from './session/connection.ts';
import type { ConnectionListener } from './session/connection.ts';
import { HEARTBEAT_MS, PROBE_TIMEOUT_MS } from './session/connection-settings.ts';
import { IdentityStore } from './session/identity.ts';
import { startUp } from './startup.ts';
import { createUserData, followPeers } from './user-data.ts';
import type { Emitter } from './util/emitter.ts';

/**
 * A transfer is silent for this many request timeouts before it is given up: the platform counts bytes as sent that a slow
 * line still holds, and the answer comes only when they are through.
 */
const SILENT_REQUEST_TIMEOUTS = 3;

/** Everything behind one configuration. The facade keeps its listeners and replaces the core when it is configured again. */
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
  readonly story: ClientStory;
  /** Undefined without the option `rtc`. */
  readonly calls: CallsEngine<unknown> | undefined;
  /** The app's servers are known, and a stored session counts. */
  readonly isReady: boolean;
  /** Resolves when a stored session counts, or there is none, or it failed. */
  readonly resumed: Promise<void>;
  /** Ends everything; nothing is forgotten. */
  dispose(): Promise<void>;
}

interface CoreDeps {
  options: ResolvedOptions;
  platform: Platform;
  /** Number of this client among the living ones of the app. */
  slot: number;
  emitter: Emitter<ClientEvents>;
  logger: Logger;
}

/**
 * Builds each room once, from the rooms it depends on, and starts the client.
 *
 * One cycle is closed by a listener: the connection reports its states to the session, and the session starts and stops the
 * connection.
 */
export function createCore({ options, platform, slot, emitter, logger }: CoreDeps): ClientCore {
  const { appId, autoLogin, dnsServer } = options;
  const { clock, preferences, vault } = platform;
  const story = createStory({ platform, options, emitter, parts: () => ({ userData, connection, hosts, session }) });
  const { write } = story.chronicle;
  const publicEvents = new PublicEvents(emitter, logger, clock);
  const identities = new IdentityStore({ preferences, vault, appId, slot, dnsServer });
  const onClearHost = (host: string): void => {
    logger.warn(`credentials go to ${host} without TLS`);
    emitter.emit('insecureHost', { host });
  };
  const hosts = createAppHosts({ options, platform, write, onClearHost });
  const connection = createConnection({
    options,
    platform,
    hosts,
    write,
    listener: {
      onState: (state, previous) => userData.onSocket(state, previous),
      onProblem: (error) => {
        if (error.reason !== 'DbOperationFailed') story.noteProblem(error);
        publicEvents.emitProblem(error);
      },
    },
  });
  const rest = createRest({
    ...{ options, platform, hosts, identities, connection },
    onTokenRefused: (cause) => userData.connection.end(cause),
  });
  const { upload, download } = createTransfers({ options, platform, rest, hosts });
  const userData = createUserData({
    ...{ options, platform, rest, upload, connection, identities },
    chronicle: story.chronicle,
    listener: withCalls(accountListener(emitter, publicEvents, logger), () => callLink),
    onState: (state, previous) => {
      if (state.name !== previous.name) logger.info(`connection: ${previous.name} → ${state.name}`);
      publicEvents.emitConnection(state, previous);
      session.handleState(state, previous);
      update();
    },
  });
  const peers = followPeers({
    ...{ options, platform, slot, emitter },
    session: () => session,
    onProblem: (error) => onProblem(error),
  });
  const { accounts } = userData;
  const session: AccountSession = new AccountSession({
    ...{ hosts, rest, identities, accounts, clock, peers },
    connection: userData.connection,
    listener: sessionListener(emitter, publicEvents, () => update()),
  });
  const callLink =
    options.rtc &&
    createCallLink(options.rtc, {
      ...{ clock, logger, appId, tabs: options.shareTabs ? platform.tabs : undefined },
      account: () => (session.isLoggedIn ? session.account : undefined),
      isOnline: () => userData.connection.state.name === 'online',
      mediaServer: () => hosts.mediaServer,
      onProblem: (error) => publicEvents.emitError(error),
    });

  const update = (): void => {
    story.update();
    callLink?.update();
  };

  let isDisposed = false;
  const onProblem = (error: unknown): void => {
    // A login that is waiting reports the failure as its own outcome.
    if (!isDisposed && !session.isLoggingIn) publicEvents.emitError(FlooError.from(error, 'ServerDNSFailed'));
  };
  const startup = startUp({
    ...{ appId, autoLogin, dnsServer, hosts, rest, session, identities, preferences, logger, onProblem },
    isOver: () => isDisposed,
  });

  return {
    ...{ options, session, rest, upload, download, hosts, identities, connection },
    status: startup.status,
    story,
    calls: callLink?.engine,
    resumed: startup.done,
    get isReady() {
      return startup.isDone && hosts.answer !== undefined;
    },
    dispose: async () => {
      isDisposed = true;
      story.close();
      callLink?.close();
      peers?.close();
      await session.close();
      connection.dispose();
      publicEvents.close();
    },
  };
}

/** The calls get what happens in the account after the app. */
const withCalls = (listener: AccountListener, link: () => CallLink | undefined): AccountListener => ({
  ...listener,
  onSync: (events, account, isOfBatch) => {
    listener.onSync(events, account, isOfBatch);
    link()?.handleEvents(events, account);
  },
});

type Configuration = Pick<CoreDeps, 'options' | 'platform'>;

function createAppHosts({
  options,
  platform,
  write,
  onClearHost,
}: Configuration & { write: WriteStep; onClearHost(host: string): void }): Hosts {
  const { appId, dnsServer, requestTimeoutMs } = options;
  const { http, clock, preferences, requiresTls = false } = platform;
  return createHosts({
    ...{ appId, dnsServer, requestTimeoutMs },
    ...{ http, clock, preferences, requiresTls, write, onClearHost },
  });
}

function createConnection({
  options,
  platform,
  hosts,
  write,
  listener,
}: Configuration & { hosts: Hosts; write: WriteStep; listener: ConnectionListener }): Connection {
  const { sockets, clock, random, lifecycle, deviceInfo } = platform;
  const { transport, engine, connectTimeoutMs, answerTimeoutMs, backoff } = options;
  const settings = {
    transport,
    engine,
    deviceInfo,
    connectTimeoutMs,
    provisionTimeoutMs: answerTimeoutMs,
    heartbeatMs: HEARTBEAT_MS,
    silenceTimeoutMs: answerTimeoutMs,
    probeTimeoutMs: PROBE_TIMEOUT_MS,
    backoff,
  };
  return new Connection({ hosts, sockets, clock, random, lifecycle, settings, write }, listener);
}

function createRest({
  options,
  platform,
  hosts,
  identities,
  connection,
  onTokenRefused,
}: Configuration & {
  hosts: Hosts;
  identities: IdentityStore;
  connection: Connection;
  onTokenRefused(cause: FlooError): void;
}): RestClient {
  return createRestClient({
    http: platform.http,
    timeoutMs: options.requestTimeoutMs,
    host: async () => {
      await hosts.ready();
      return hosts.current('ratel')!;
    },
    onHostFailed: (host) => hosts.failed('ratel', host),
    onStrange: (host) => hosts.strange(host),
    onHostAnswered: () => {
      if (hosts.worked('ratel')) connection.wake('answer');
    },
    credentials: () => ({ appId: options.appId, token: identities.load()?.token }),
    onTokenRefused: (token) => {
      // The answer may be to a request of an earlier login.
      if (identities.load()?.token !== token) return;
      onTokenRefused(new FlooError('InvalidToken', 'the server no longer takes this token'));
    },
  });
}

function createTransfers({ options, platform, rest, hosts }: Configuration & { rest: RestClient; hosts: Hosts }): {
  upload: Upload;
  download: Download;
} {
  const { clock, random, files, media } = platform;
  const { backoff, requestTimeoutMs } = options;
  const silenceMs = SILENT_REQUEST_TIMEOUTS * requestTimeoutMs;
  const upload = createUpload({
    clock,
    random,
    backoff,
    silenceMs,
    rest,
    files,
    media,
    currentUrl: (url) => currentUrl(url, hosts),
    requiresTls: platform.requiresTls ?? false,
  });
  return { upload, download: createDownload({ clock, random, backoff, silenceMs, files }) };
}
