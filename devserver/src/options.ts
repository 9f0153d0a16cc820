import { MAX_FRAME_BYTES } from 'flooim/wire';

export const SEEDS = ['demo', 'showcase', 'server-api'] as const;
export type Seed = (typeof SEEDS)[number];

/** Settings of {@link createDevServer}; each has a default. */
export interface DevServerOptions {
  /** Port of REST and sockets. Default 0: any free one. */
  port?: number;
  /** Port of the admin API. Default 0: any free one. */
  adminPort?: number;
  /**
   * The data at start, unless `dataDir` has some, and again after `reset()`. `demo`: three users and a group; `showcase`: people, groups and a week of
   * messages; `server-api`: what the documented
   * cURL examples of the server API need. Default: nothing.
   */
  seed?: Seed;
  /** Whether the users that are chatbots answer, as the assistant of the seed `showcase` does. Default true. */
  bot?: boolean;
  /** Engine.IO ping interval in ms, sent to clients in the handshake. Default 25000. */
  pingIntervalMs?: number;
  /** Engine.IO ping timeout in ms, sent to clients in the handshake. Default 5000. */
  pingTimeoutMs?: number;
  /** Most items of one sync page. Default 100. */
  pageSize?: number;
  /** A page whose frame has more bytes than this is sent zlib compressed. Default: none is. */
  compressPagesOver?: number;
  /**
   * Id of the first message or notice, a decimal uint64. Default 9007199254741000, which no JS number holds exactly.
   */
  firstItemId?: string;
  /** The REST token that may do everything. Default `admin-token`. */
  adminToken?: string;
  /** Delay of answers on the socket in ms. Default 0; `admin.setDelay()` changes it. */
  delayMs?: number;
  /** Most bytes of one WebSocket message of a client; a longer one closes the socket with code 1009. Default 16 MiB. */
  maxFrameBytes?: number;
  /** Most bytes of one uploaded file. Default 100 MiB. */
  maxFileBytes?: number;
  /**
   * Keeps everything in this folder, over a restart and over the end of the process in any way. Default: all data is in
   * memory. One server at a time can use a folder.
   */
  dataDir?: string;
  /** The hosts, as `host:port`, that DNS answers name instead of this server: proxies that stand before it. */
  dnsHosts?: readonly string[];
  /** What the URLs of uploads and downloads begin with. Default: this server's URL. */
  publicUrl?: string;
  /**
   * URL of the WebSocket transport of a Janus server, which relays calls. Default: none, and a client gets `rtc not open`.
   */
  janus?: string;
  /** How long calls wait for a client whose socket was lost, in ms. Default 60000. */
  rtcGraceMs?: number;
  /** How many received frames and requests are kept for assertions. Default 1000. */
  keepReceived?: number;
  /** Print one line for each REST request and each frame. Default false. */
  requestLog?: boolean;
}

/** {@link DevServerOptions} with every default filled in. */
export type ResolvedOptions = Required<Omit<DevServerOptions, Unset>> & Pick<DevServerOptions, Unset>;

type Unset = 'seed' | 'dataDir' | 'dnsHosts' | 'publicUrl' | 'janus';

export function resolveOptions(options: DevServerOptions): ResolvedOptions {
  return {
    port: 0,
    adminPort: 0,
    bot: true,
    pingIntervalMs: 25_000,
    pingTimeoutMs: 5_000,
    pageSize: 100,
    compressPagesOver: Number.POSITIVE_INFINITY,
    firstItemId: '9007199254741000',
    adminToken: 'admin-token',
    delayMs: 0,
    maxFrameBytes: MAX_FRAME_BYTES,
    maxFileBytes: 100 * 1024 * 1024,
    rtcGraceMs: 60_000,
    keepReceived: 1000,
    requestLog: false,
    ...options,
  };
}
