import type { FlooErrorCode } from '../errors.ts';

/** What a status line shows. */
export type ConnectionStateName =
  /** No connection, and none will be made by itself. */
  | 'offline'
  /** A connection is being made. */
  | 'connecting'
  /** Connected. What the server held meanwhile is still coming. */
  | 'syncing'
  /** Connected, and everything that the server had is here. */
  | 'online'
  /** No connection, and the next try comes by itself. */
  | 'waiting';

/** Why the connection is in its state. `stateText` of `flooim/error-texts` has a sentence for each one. */
export type ConnectionReason =
  /** Offline: nobody is logged in. */
  | 'notLoggedIn'
  /** Offline: the app called `disConnect()`. */
  | 'disconnected'
  /** Offline: the login failed, or the server ended the session; `error` says why. The app has to log in again. */
  | 'ended'
  /** Connecting: a login, or the start with a stored session. */
  | 'starting'
  /** Connecting: a session was lost and is being made again. */
  | 'reconnecting'
  /** Syncing. */
  | 'catchingUp'
  /** Online. */
  | 'upToDate'
  /** Waiting: the device says that it has no network. */
  | 'noNetwork'
  /** Waiting: something else answers in the place of the servers; most likely the network wants a login of its own. */
  | 'portal'
  /** Waiting: no server could be reached; `error` says more. */
  | 'unreachable'
  /** Waiting: the connection was lost, or the server refused it for now; `error` says more. */
  | 'lost';

/** The state of the connection: payload of `connectionState`, and part of what `explain()` resolves with. */
export interface ConnectionStatus {
  /** What to show. */
  readonly state: ConnectionStateName;
  /** Why. */
  readonly reason: ConnectionReason;
  /** Since when the state is this one, in milliseconds since 1970 by the clock of this device. */
  readonly since: number;
  /** While waiting: when the next try comes, in milliseconds since 1970. It comes earlier when the network or the page comes back. */
  readonly retryAt?: number;
  /** Code of the error behind `ended`, `unreachable` and `lost`. `errorText` of `flooim/error-texts` has a sentence for it. */
  readonly error?: FlooErrorCode;
}
