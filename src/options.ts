import type { CallsPlugin } from './call-port.ts';
import { FlooError } from './errors.ts';
import type { OneOf } from './model/one-of.ts';
import type { Platform, TransportName } from './platform/ports.ts';
import type { BackoffPolicy } from './util/backoff.ts';
import { isLogLevel } from './util/log-level.ts';
import type { LogLevel } from './util/log-level.ts';

/** Options of `flooim(config)` and `createClient(options)`. Deployed names come first. Unknown fields are ignored. */
export interface ClientOptions {
  /**
   * Application id. An empty one throws.
   * @default 'welovemaxim'
   */
  appid?: string;
  /** `true`: the raw transport, as in mini-programs. `false`: socket.io. Absent: the platform's. `transport` wins over it. */
  ws?: boolean;
  /**
   * Whether the client resumes the stored session at its start, without a password.
   * @default true
   */
  autoLogin?: boolean;
  /**
   * Full URL that answers with the app's servers. A URL of the vendor's own domains counts as absent.
   * @default the vendor's DNS servers
   */
  dnsServer?: string | undefined;
  /**
   * The least severe level that is logged. No level logs tokens, passwords or message texts.
   * @default 'warn'
   */
  logLevel?: LogLevel;
  /**
   * URL of a server that resolves invitation links. It is used where DNS names no link server.
   * @default 'https://lanyinglink.com/info'
   */
  linkServer?: string;
  /** With `ws: true`: keep the socket.io transport, as deployed Node bots configure it. */
  forceNode?: boolean;
  /** With `ws: true`: keep the socket.io transport, as deployed Node bots configure it. Its items have no effect. */
  transports?: readonly string[];

  /**
   * How frames travel.
   * @default 'socket.io' in browsers and Node, 'raw' in mini-programs
   */
  transport?: TransportName;
  /**
   * Engine.IO protocol of the socket.io transport. The deployed servers speak 3.
   * @default 3
   */
  engine?: 3 | 4;
  /**
   * Whether `logout()` reloads the page.
   * @default true for `flooim()` in a page, as deployed apps expect; false for `createClient()`
   */
  reloadOnLogout?: boolean;
  /**
   * Whether `logout()` removes everything stored of the user. `logout({ wipe })` wins over it.
   * @default false
   */
  wipeOnLogout?: boolean;
  /**
   * Time limit of a REST or DNS request, in ms.
   * @default 20000
   */
  requestTimeoutMs?: number;
  /**
   * Time limit for opening a socket, in ms.
   * @default 10000
   */
  connectTimeoutMs?: number;
  /**
   * Time limit for the answer to a frame, in ms. When it has passed the client opens a new socket.
   * @default 20000
   */
  answerTimeoutMs?: number;
  /**
   * How long a message may wait for a connection, in ms. After that it fails with `ServerTimeOut`. A message that may have left
   * the device never fails that way. While the client runs it is time that passes, whatever the clock says.
   * @default 86400000
   */
  sendExpiryMs?: number;
  /**
   * Most bytes of a message or an edit that the server takes, counted in the frame that carries it: text, `ext`, `config`,
   * `attachment` and some 100 bytes of its own. A bigger one is not made: the call throws `MessageInvalid`. Without it a message
   * fails when the server closes the socket because of its size.
   * @default no limit
   */
  maxMessageBytes?: number;
  /**
   * Messages to keep of each conversation when the storage is full and the oldest have to go. It never goes below 100.
   * @default 1000
   */
  keepMessages?: number;
  /**
   * Browsers only: whether a film that is sent is loaded for its size, length and preview. The page's Content Security Policy must
   * allow `blob:` in `media-src`, or the browser reports each film. Pictures and sounds need no permission.
   * @default false
   */
  filmDetails?: boolean;
  /**
   * Browsers only: whether all tabs, windows and workers of one user are one client: one of them has the socket and the database,
   * and the others follow it. It needs Web Locks and BroadcastChannel, and so a page that came over https. Without them, and when
   * it is false, the later tab of a user takes the session over from the earlier one.
   * @default true
   */
  shareTabs?: boolean;
  /**
   * Node only: directory where this client stores everything. It is created when it is missing, and is relative to the working
   * directory. One client at a time can use it: a login in a second one fails with `DbOperationFailed`. `flooim()` keeps the
   * first one that it gets. Without it nothing is stored.
   */
  dataDir?: string;
  /**
   * Limits of the delay before a lost connection is made again. The first delay is random, below `baseMs`. Each failure doubles
   * the limit, up to `capMs`, and these delays are at least half of it. A server that cannot be reached is tried every 5 s at the
   * longest in its first minute, and later after a twelfth of its absence. One that answers and then drops sessions gets delays
   * below 12 s. Also the limits of the delays of uploads and downloads, which are random below them.
   * @default { baseMs: 500, capMs: 30000 }
   */
  backoff?: BackoffPolicy;
  /**
   * Calls: what `calls()` of `flooim/rtc` returns. Without it the client has none, and `rtcManage` refuses to make any.
   */
  rtc?: CallsPlugin<unknown>;
  /**
   * Parts of the platform to use in the place of its own: sockets, HTTP, storage, the clock and so on. Each part must keep what its
   * interface promises. `flooim()` keeps those of its first call. It is how `flooim/testing` gives a client its server in memory.
   * @default the platform's own
   */
  platform?: PlatformParts;
}

/** Some parts of a {@link Platform}. */
export type PlatformParts = { [Part in keyof Platform]?: Platform[Part] | undefined };

/** Options whose log level is in a variable. Deployed apps write them so. */
export interface UntypedOptions<Level extends string> extends Omit<ClientOptions, 'logLevel'> {
  /** The least severe level that is logged, one of {@link LogLevel}. */
  logLevel?: OneOf<never, Level>;
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
  maxMessageBytes: number;
  keepMessages: number;
  filmDetails: boolean;
  shareTabs: boolean;
  rtc: CallsPlugin<unknown> | undefined;
  backoff: BackoffPolicy;
}

/**
 * Fills in every option that the app left out; each default is written here and nowhere else.
 *
 * @param dropIn - the client is the page-wide one of deployed apps
 * @throws FlooError InvalidParam that names the option whose value is wrong
 */
export function resolveOptions(given: ClientOptions, platform: Platform, dropIn: boolean): ResolvedOptions {
  const options = mustOptions(given);
  return {
    appId: options.appid ?? 'welovemaxim',
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
    maxMessageBytes: options.maxMessageBytes ?? Infinity,
    keepMessages: options.keepMessages ?? 1000,
    filmDetails: options.filmDetails ?? false,
    shareTabs: options.shareTabs ?? true,
    rtc: options.rtc ?? undefined,
    backoff: { ...(options.backoff ?? { baseMs: 500, capMs: 30_000 }) },
  };
}

/** The longest time that a timer of the platforms can wait, in ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const isText = (value: unknown): boolean => typeof value === 'string';
const isTimeout = (value: unknown): boolean => Number(value) > 0 && Number(value) <= LONGEST_TIMER_MS;

/** What an option may be. Any value of the others means something: they are switches, or are not read. */
const OPTION_CHECKS: { readonly [Name in keyof ClientOptions]?: (value: unknown) => boolean } = {
  // A deployed app may have a number.
  appid: (value) => (isText(value) || Number.isFinite(value)) && value !== '',
  dnsServer: isText,
  linkServer: isText,
  logLevel: isLogLevel,
  platform: (value) => typeof value === 'object',
  rtc: (value) => typeof (value as Partial<CallsPlugin<unknown>>).create === 'function',
  transport: (value) => value === 'socket.io' || value === 'raw',
  engine: (value) => value === 3 || value === 4,
  requestTimeoutMs: isTimeout,
  connectTimeoutMs: isTimeout,
  answerTimeoutMs: isTimeout,
  sendExpiryMs: (value) => Number(value) >= 0,
  maxMessageBytes: (value) => Number(value) > 0,
  keepMessages: (value) => Number(value) >= 0,
  backoff: (value) => {
    const { baseMs, capMs } = value as Partial<BackoffPolicy>;
    return isTimeout(baseMs) && isTimeout(capMs);
  },
};

/** @throws FlooError InvalidParam that names the option whose value is wrong */
export function mustOptions(given: unknown): ClientOptions {
  if (typeof given !== 'object' || given === null) throw new FlooError('InvalidParam', 'the options are no object');
  const options: Readonly<Record<string, unknown>> = { ...given };
  for (const [name, isRight] of Object.entries(OPTION_CHECKS)) {
    const value = options[name];
    // The words are those of the deployed SDK for a wrong appid.
    if (value !== undefined && value !== null && !isRight(value))
      throw new FlooError('InvalidParam', `Invalid ${name} ...`);
  }
  const { appid } = options;
  return { ...options, ...(typeof appid === 'number' && { appid: String(appid) }) };
}

/** The transport that the deployed SDK would use with these options. */
function deployedTransport({ ws, forceNode, transports }: ClientOptions, platform: Platform): TransportName {
  if (ws === undefined) return platform.transport;
  return ws && !forceNode && !transports ? 'raw' : 'socket.io';
}
