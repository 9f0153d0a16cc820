/**
 * What a platform gives the core when a client is built. The core never looks for `window`, `wx` or `process`.
 *
 * An adapter for another platform implements these interfaces and is passed to `buildClient`.
 */

import type { FileTransfer, Media } from './ports/files.ts';
import type { HttpClient, SocketFactory } from './ports/network.ts';
import type { KvProvider, Preferences, Vault } from './ports/storage.ts';
import type { Tabs } from './ports/tabs.ts';

export type {
  DownloadFailure,
  DownloadRequest,
  FileBody,
  FileShelf,
  FileTransfer,
  Media,
  MediaFacts,
  OnTransferred,
  PlatformFile,
  Transfer,
  UploadRequest,
} from './ports/files.ts';
export type {
  HttpClient,
  HttpFailure,
  HttpRequest,
  HttpResponse,
  Socket,
  SocketFactory,
  SocketListener,
} from './ports/network.ts';
export type { TabChannel, TabLock, Tabs } from './ports/tabs.ts';
export type {
  KvEntry,
  KvProvider,
  KvRange,
  KvReader,
  KvStore,
  KvValue,
  KvWrite,
  Preferences,
  Vault,
} from './ports/storage.ts';

/** A timer that {@link Clock.setTimeout} started. Its content is the platform's. */
export type Timer = number | object;

/** The time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Calls a function once.
   *
   * @param run - the function
   * @param delayMs - milliseconds from now
   */
  setTimeout(run: () => void, delayMs: number): Timer;
  /**
   * Stops a timer. Does nothing when it has run.
   *
   * @param timer - what `setTimeout` returned
   */
  clearTimeout(timer: Timer): void;
}

/** A random number, at least 0 and below 1, all equally likely. */
export type Random = () => number;

/**
 * What happens to the page, app or process:
 *
 * - `online`: the network came, or another one took its place; `offline`: it went.
 * - `show`, `hide`: the page or app came to the foreground or left it.
 * - `freeze`: nothing runs from now on. It comes after `hide`, where the platform says so beforehand.
 * - `resume`: it runs again after it stood still. It comes before `show`, and also where no `freeze` was possible, as for a
 *   process that was stopped.
 */
export type LifecycleEvent = 'online' | 'offline' | 'show' | 'hide' | 'freeze' | 'resume';

/** Events of the page or app. A platform that has no such events emits none. */
export interface Lifecycle {
  /**
   * Adds a listener. `show` and `hide` alternate, and `freeze` never comes twice without a `resume`.
   *
   * @param listener - is called with each event
   * @returns a function that removes the listener
   */
  subscribe(listener: (event: LifecycleEvent) => void): () => void;
  /** Reloads the page. Absent where there is none. */
  reload?(): void;
}

/**
 * Where log lines go. The message describes what happened. The details must contain no token, password or message body.
 */
export interface Logger {
  /**
   * Logs what only helps to find errors.
   *
   * @param message - what happened
   * @param details - more about it, without secrets
   */
  debug(message: string, details?: unknown): void;
  /**
   * Logs what happens in normal use.
   *
   * @param message - what happened
   * @param details - more about it, without secrets
   */
  info(message: string, details?: unknown): void;
  /**
   * Logs a problem that the client copes with.
   *
   * @param message - what happened
   * @param details - more about it, without secrets
   */
  warn(message: string, details?: unknown): void;
  /**
   * Logs a problem that somebody must look at.
   *
   * @param message - what happened
   * @param details - more about it, without secrets
   */
  error(message: string, details?: unknown): void;
}

/** How frames travel over a socket: in Socket.IO packets, or as they are. */
export type TransportName = 'socket.io' | 'raw';

/** Numbers the clients that live on the same preferences, so that each has a session of its own. */
export interface ClientSlots {
  /**
   * Takes the lowest number that no living client of the app has.
   *
   * @param appId - app id of the client
   * @returns 1 for the first client
   */
  take(appId: string): number;
  /**
   * Gives a number back, because its client ends.
   *
   * @param appId - app id of the client
   * @param slot - what `take` returned
   */
  free(appId: string, slot: number): void;
}

/** What a platform says about the storage of the app: all databases together. */
export interface StorageEstimate {
  /** Bytes in use. */
  usedBytes: number;
  /** Bytes that may be used. */
  quotaBytes: number;
}

/** Everything that a client needs from its platform. */
export interface Platform {
  /** Opens WebSockets. */
  sockets: SocketFactory;
  /** Sends HTTP requests. */
  http: HttpClient;
  /** Reads, uploads and downloads files. */
  files: FileTransfer;
  /** Looks into media files. Absent where the platform cannot. */
  media?: Media;
  /** Opens databases. */
  kv: KvProvider;
  /** How much storage is used. Resolves with undefined, or is absent, where the platform does not say. */
  estimateStorage?(): Promise<StorageEstimate | undefined>;
  /** Stores the session and other short strings. */
  preferences: Preferences;
  /** Stores the session where the preferences may lose it. Absent where they do not. */
  vault?: Vault;
  /** How tabs know of each other. Absent where there are none, or where they cannot: then the later one takes over. */
  tabs?: Tabs | undefined;
  /** Numbers the clients on these preferences. Absent where each client has preferences of its own. */
  slots?: ClientSlots;
  /**
   * Whether this runs in a page or worker that came over https: no credential may leave it without TLS.
   *
   * @default false
   */
  requiresTls?: boolean;
  /** The time. */
  clock: Clock;
  /** Random numbers, for client message ids and the waits between connection attempts. */
  random: Random;
  /** Network and foreground. */
  lifecycle: Lifecycle;
  /** Where log lines go. The client's option `logLevel` decides which. */
  logger: Logger;
  /** The transport that the server expects from this platform (observed in the deployed SDK). */
  transport: TransportName;
  /** The platform's name for the server, as the deployed SDK sends it: `Web` or `Uniapp`. */
  deviceInfo: string;
}
