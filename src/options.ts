import type { LogLevel } from './util/log-level.ts';
import type { Platform, TransportName } from './platform/ports.ts';
import type { BackoffPolicy } from './util/backoff.ts';

/** What `flooim(config)` and `createClient(options)` take. Fields in their deployed spelling first; unknown ones are ignored. */
export interface ClientOptions {
  /** Application id. Default `'welovemaxim'`. An empty one throws. */
  appid?: string;
  /** `true`: the raw transport, as in mini-programs. Default: the platform's. `transport` wins over it. */
  ws?: boolean;
  /** Resume the stored session without a password. Default true. */
  autoLogin?: boolean;
  /** Full URL to ask for the app's servers. Default: the built-in list, which is also used for the vendor's own domains. */
  dnsServer?: string | undefined;
  /** Default `'warn'` (deployed: `'debug'`, which logged passwords). */
  logLevel?: LogLevel;
  /** URL that says what an invitation link means, where DNS names none. Default `'https://lanyinglink.com/info'`. */
  linkServer?: string;
  /** With `ws: true` these mean a Node bot, which speaks socket.io all the same. */
  forceNode?: boolean;
  transports?: readonly string[];

  /** How frames travel. Default: socket.io on web and Node, raw in mini-programs. */
  transport?: TransportName;
  /** Engine.IO protocol of the socket.io transport. Default 3, the deployed one. */
  engine?: 3 | 4;
  /** Reload the page at `logout()`. Default: `flooim()` in a browser does, as deployed apps expect; `createClient()` does not. */
  reloadOnLogout?: boolean;
  /** What `logout()` does without its own `wipe`. Default false: the messages stay for the next login of this user. */
  wipeOnLogout?: boolean;
  /** REST and DNS requests give up after this. Default 20000. */
  requestTimeoutMs?: number;
  /** From opening a socket to its first usable moment. Default 10000. */
  connectTimeoutMs?: number;
  /** From a frame that wants an answer to that answer; then the socket is left for a new one. Default 20000. */
  answerTimeoutMs?: number;
  /** A message that had no connection for this long fails (`ServerTimeOut`). Default 86400000, a day. */
  sendExpiryMs?: number;
  /** Messages kept of each conversation when the storage is full and the oldest must go. Default 1000; never under 100. */
  keepMessages?: number;
  /**
   * Node only: the directory where this client stores everything, made when it is not there; relative to where the process was
   * started. One client at a time can have it: a login in another one fails with `DbOperationFailed`. `flooim()` stays
   * with the first one it is given. Default: nothing is stored, a restart begins anew.
   */
  dataDir?: string;
  /** Delay before a lost connection is made again: uniform in [0, min(capMs, baseMs · 2^failures)). Default 500 and 30000. */
  backoff?: BackoffPolicy;
}

/** Every option with its value in effect. */
export interface ResolvedOptions {
  appId: string;
  autoLogin: boolean;
  dnsServer: string | undefined;
  logLevel: LogLevel;
  linkServer: string;
  transport: TransportName;
  engine: 3 | 4;
  reloadOnLogout: boolean;
  wipeOnLogout: boolean;
  requestTimeoutMs: number;
  connectTimeoutMs: number;
  answerTimeoutMs: number;
  sendExpiryMs: number;
  keepMessages: number;
  backoff: BackoffPolicy;
}

/**
 * Fills in every option that the app left out; each default is written here and nowhere else.
 *
 * @param dropIn - the client is the page-wide one of deployed apps
 * @throws Error for an empty app id, as the deployed SDK does
 */
export function resolveOptions(options: ClientOptions, platform: Platform, dropIn: boolean): ResolvedOptions {
  const appId = options.appid ?? 'welovemaxim';
  if (!appId) throw new Error('Invalid appid ...');
  return {
    appId,
    autoLogin: options.autoLogin ?? true,
    dnsServer: options.dnsServer ?? undefined,
    logLevel: options.logLevel ?? 'warn',
    linkServer: options.linkServer ?? 'https://lanyinglink.com/info',
    transport: options.transport ?? deployedTransport(options, platform),
    engine: options.engine ?? 3,
    reloadOnLogout: options.reloadOnLogout ?? (dropIn && platform.lifecycle.reload !== undefined),
    wipeOnLogout: options.wipeOnLogout ?? false,
    requestTimeoutMs: options.requestTimeoutMs ?? 20_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
    answerTimeoutMs: options.answerTimeoutMs ?? 20_000,
    sendExpiryMs: options.sendExpiryMs ?? 86_400_000,
    keepMessages: options.keepMessages ?? 1000,
    backoff: options.backoff ?? { baseMs: 500, capMs: 30_000 },
  };
}

/** The transport that the deployed SDK would use with these options. */
function deployedTransport({ ws, forceNode, transports }: ClientOptions, platform: Platform): TransportName {
  if (ws === undefined) return platform.transport;
  return ws && !forceNode && !transports ? 'raw' : 'socket.io';
}
