/**
 * What a platform hands to the core at the gate. The core never looks for `window`, `wx` or `process`: it has these.
 */

/** One WebSocket, already opening. */
export interface Socket {
  /** Text as a string, binary as bytes. A socket that is not open drops it. */
  send(data: string | Uint8Array): void;
  /** Idempotent. `onClose` still follows unless it already came. */
  close(): void;
}

export interface SocketListener {
  onOpen(): void;
  onMessage(data: string | Uint8Array): void;
  /** Exactly once, also when the socket never opened; nothing follows it. */
  onClose(detail: string): void;
}

/** Must not throw for an unreachable host: that is an `onClose`. */
export type SocketFactory = (url: string, listener: SocketListener) => Socket;

export interface HttpRequest {
  method: 'GET' | 'POST';
  url: string;
  headers: Readonly<Record<string, string>>;
  /** JSON text. */
  body?: string;
  timeoutMs: number;
}

export interface HttpResponse {
  status: number;
  body: string;
}

/** Why no HTTP answer came. */
export interface HttpFailure {
  kind: 'timeout' | 'unreachable';
  detail: string;
}

/** Resolves with any HTTP answer, whatever its status; rejects with an {@link HttpFailure} when none came. */
export type HttpClient = (request: HttpRequest) => Promise<HttpResponse>;

/** A file: what a `Blob` is on every platform that has one. */
export interface FileBody {
  /** Bytes. */
  readonly size: number;
  /** MIME type, `''` when it is not known. */
  readonly type: string;
  readonly name?: string;
  /** In a mini-program. */
  readonly path?: string;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/** A `Blob`, where the app's types know of one. */
// eslint-disable-next-line es-x/no-global-this -- a type, and no code
export type PlatformFile = typeof globalThis extends { Blob: { prototype: infer B } } ? B : FileBody;

export interface UploadRequest {
  url: string;
  /** `PUT`: the file is the body. `POST`: a form of the fields in their order, and last the file under the name `file`. */
  method: 'POST' | 'PUT';
  headers: Readonly<Record<string, string>>;
  fields: Readonly<Record<string, string>>;
  file: FileBody;
  name: string;
}

export interface DownloadRequest {
  url: string;
  /** Where to put the file, on a platform that has paths. */
  path?: string | undefined;
  /** What an earlier try left behind, see {@link DownloadFailure}: go on after it. */
  received?: unknown;
}

/** A platform that can go on with a download that broke off says with what. */
export interface DownloadFailure extends HttpFailure {
  received?: unknown;
}

/** @param total bytes; undefined when nobody said. */
export type OnTransferred = (loaded: number, total: number | undefined) => void;

/** A file on its way. */
export interface Transfer<T> {
  /** Resolves with any HTTP answer, whatever its status; rejects with an {@link HttpFailure} when none came. */
  readonly result: Promise<T>;
  /** Ends it: `result` rejects, unless it is settled. */
  cancel(): void;
}

/** Files that wait for their upload, over a restart. */
export interface FileShelf {
  /** Never rejects: what cannot be kept is gone with this run. */
  keep(key: string, file: FileBody): Promise<void>;
  /** @returns undefined when not all of it is there. */
  load(key: string, about: Pick<FileBody, 'size' | 'type'>): Promise<FileBody | undefined>;
  /** Never rejects: what stays goes another time. */
  drop(key: string): Promise<void>;
  /** Never rejects. */
  close(): Promise<void>;
}

/** No timeouts here: the caller cancels what stands still. No cookies, and no headers but those it is told. */
export interface FileTransfer {
  /** The file that an app named, a `Blob` or a path for one; undefined when it is none. Throws when it is not there. */
  open(input: unknown): FileBody | undefined;
  /** A file of parts: bytes, or slices where those are stored. Needed where there is no shelf. */
  join?(parts: readonly KvValue[], type: string): FileBody;
  /** The platform's databases take slices of files as they are, so that no byte of theirs comes here. */
  storesSlices?: true;
  /**
   * The shelf of a database, on a platform that copies files by itself. Absent: they are kept in pieces, in a `KvStore`.
   * `drop` of a `KvProvider` clears the shelf of that name. @param known the keys that are wanted; what else is there goes.
   */
  shelf?(name: string, known: () => Iterable<string>): FileShelf;
  upload(request: UploadRequest, onProgress: OnTransferred): Transfer<HttpResponse>;
  download(request: DownloadRequest, onProgress: OnTransferred): Transfer<{ status: number; file: PlatformFile }>;
}

/** What a picture, a sound or a film is. */
export interface MediaFacts {
  /** Pixels, as it is shown. */
  width?: number;
  height?: number;
  /** Whole seconds, at least 1. */
  duration?: number;
  /** A small picture of it, a data URL. */
  preview?: string;
}

/** Looks into files. Every answer comes within seconds; a file that cannot be read as what its type says rejects. */
export interface Media {
  /** Nothing of a file whose type is neither image, nor audio, nor video. */
  read(file: FileBody): Promise<MediaFacts>;
  /** An extended WebP, which may move, as a still PNG; undefined for every other file. */
  still(file: FileBody): Promise<FileBody | undefined>;
}

/** A value a store can keep: what JSON can say, and bytes. */
export type KvValue = unknown;

export interface KvEntry {
  key: string;
  value: KvValue;
}

export interface KvRange {
  /** First key, inclusive. */
  from: string;
  /** Last key, exclusive. */
  to: string;
  /** Newest key first. Default false. */
  reverse?: boolean;
  /** At most this many entries. Default: all. */
  limit?: number;
}

export type KvWrite =
  | { op: 'put'; key: string; value: KvValue }
  | { op: 'delete'; key: string }
  /** Every key in [from, to). */
  | { op: 'deleteRange'; from: string; to: string };

export interface KvReader {
  get(key: string): Promise<KvValue | undefined>;
  /** In key order. */
  range(range: KvRange): Promise<KvEntry[]>;
}

/**
 * One database: an ordered map from string keys (by UTF-16 code unit) to values.
 *
 * - `commit` applies a whole batch or nothing, in order; when it resolves, every later read sees it, also after a crash.
 * - Values are copied both ways: changing one you passed or got changes nothing stored.
 * - Commits take effect in the order of their calls.
 * - After `close` every call rejects. Any method rejects with the platform's own error; the caller translates it.
 */
export interface KvStore extends KvReader {
  commit(batch: readonly KvWrite[]): Promise<void>;
  close(): Promise<void>;
}

export interface KvProvider {
  /** Opens or creates; two opens of one name are two handles on the same data. Rejects with a FlooError when somebody else has it. */
  open(name: string): Promise<KvStore>;
  /** Removes a database; fine when there is none. Handles still open are on an empty one, or reject. */
  drop(name: string): Promise<void>;
}

/** A few small strings that must be readable at once, before any database is open. Never throws. */
export interface Preferences {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  remove(key: string): void;
}

export interface Timer {
  readonly timer: unique symbol;
}

export interface Clock {
  /** ms since 1970. */
  now(): number;
  setTimeout(run: () => void, delayMs: number): Timer;
  clearTimeout(timer: Timer): void;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/** `online`/`offline`: the network came or went. `show`/`hide`: the page or app came to or left the foreground. */
export type LifecycleEvent = 'online' | 'offline' | 'show' | 'hide';

export interface Lifecycle {
  subscribe(listener: (event: LifecycleEvent) => void): () => void;
  /** Reloads the page, where there is one. */
  reload?(): void;
}

/** Messages name what happened; details must hold no token, password or message body. */
export interface Logger {
  debug(message: string, details?: unknown): void;
  info(message: string, details?: unknown): void;
  warn(message: string, details?: unknown): void;
  error(message: string, details?: unknown): void;
}

export type TransportName = 'socket.io' | 'raw';

export interface Platform {
  sockets: SocketFactory;
  http: HttpClient;
  files: FileTransfer;
  /** Where pictures can be read. */
  media?: Media;
  kv: KvProvider;
  preferences: Preferences;
  clock: Clock;
  random: Random;
  lifecycle: Lifecycle;
  /** Where log lines go; the level is the client's option. */
  logger: Logger;
  /** What the deployed SDK uses on this platform. */
  transport: TransportName;
  /** Provision.device_info. */
  deviceInfo: string;
}
