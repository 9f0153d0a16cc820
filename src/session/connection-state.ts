import type { FlooError } from '../errors.ts';

/**
 * The life of a connection, as a pure function. `connection.ts` does the work of each state.
 *
 * ```
 *             start            resolved          opened             accepted
 *   idle ──────────▶ resolving ────────▶ connecting ──────▶ authenticating ──────▶ online
 *                     ▲     │              │    ▲               │      │              │
 *                     │     │ failed       │    │ failed,       │      │ refused      │ lost
 *                     │     ▼              ▼    │ another host  │      ▼              ▼
 *                     └── waiting ◀─────────────┴───────────────┘   rejected       waiting
 *                    retry
 *
 *   connecting, authenticating ── network ──▶ resolving      not eager ── freeze ──▶ waiting
 *   any ── stop ──▶ closed      any ── end(cause) ──▶ rejected      closed, rejected ── start ──▶ resolving
 * ```
 *
 * A login that the app asked for (`eager`) does not wait: when every host was tried once it is `rejected` with the cause, and
 * the app may try again. A session that was online, or is resumed from a stored token, waits and retries for ever.
 */
export type ConnectionState =
  | { name: 'idle' }
  | ({ name: 'resolving' } & Trying)
  | ({ name: 'connecting' } & Trying)
  | ({ name: 'authenticating' } & Trying)
  /**
   * `attempt` is kept until the server has proved itself: retries slow down for one that accepts and then drops sockets.
   * `isCaughtUp`: what the server held when the session began is here.
   */
  | { name: 'online'; attempt: number; isCaughtUp?: true }
  /** `retryAt`: when the next try comes, in ms since 1970. */
  | { name: 'waiting'; attempt: number; cause: FlooError; retryAt?: number }
  /** Over until the app logs in. */
  | { name: 'rejected'; cause: FlooError }
  | { name: 'closed' };

interface Trying {
  /** Failures since the server last proved itself. */
  attempt: number;
  /** The app waits for the outcome of this login. */
  eager: boolean;
}

export type ConnectionEvent =
  | { type: 'start'; eager: boolean }
  /** The hosts are known. */
  | { type: 'resolved' }
  /** The transport carries frames. */
  | { type: 'opened' }
  /** The server accepted the provision. */
  | { type: 'accepted' }
  /** No hosts, no socket, or the socket died. `anotherHost`: a host is left that was not tried yet. */
  | { type: 'failed'; cause: FlooError; anotherHost: boolean }
  /** The server goes on after it accepted: it is not at fault when the socket is cut. */
  | { type: 'proved' }
  /** What the server held when the session began is here. */
  | { type: 'caughtUp' }
  /** The retry timer, or the network or the page came back. */
  | { type: 'retry' }
  /** The device has a network again: a try that is under way may be on the one before, where nothing answers. */
  | { type: 'network' }
  /** Nothing runs from now on. A login that the app waits for goes on when it can. */
  | { type: 'freeze'; cause: FlooError }
  /** Refused, kicked or frozen: no retry. */
  | { type: 'end'; cause: FlooError }
  | { type: 'stop' };

/** Tries at one socket host before the next host is used (observed). */
export const TRIES_PER_HOST = 5;

/** @returns the next state; the same object when the event changes nothing */
export function step(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.type) {
    case 'start':
      return { name: 'resolving', attempt: 0, eager: event.eager };
    case 'resolved':
      return state.name === 'resolving' ? { ...state, name: 'connecting' } : state;
    case 'opened':
      return state.name === 'connecting' ? { ...state, name: 'authenticating' } : state;
    case 'accepted':
      return state.name === 'authenticating' ? { name: 'online', attempt: state.attempt } : state;
    case 'failed':
      return failed(state, event.cause, event.anotherHost);
    case 'proved':
      return state.name === 'online' && state.attempt > 0 ? { ...state, attempt: 0 } : state;
    case 'caughtUp':
      return state.name === 'online' && !state.isCaughtUp ? { ...state, isCaughtUp: true } : state;
    case 'retry':
      return state.name === 'waiting' ? { name: 'resolving', attempt: state.attempt, eager: false } : state;
    case 'network':
      return state.name === 'connecting' || state.name === 'authenticating' ? { ...state, name: 'resolving' } : state;
    case 'freeze':
      return 'attempt' in state && !isEager(state) && state.name !== 'waiting'
        ? { name: 'waiting', attempt: state.attempt, cause: event.cause }
        : state;
    case 'end':
      return { name: 'rejected', cause: event.cause };
    case 'stop':
      return { name: 'closed' };
    default:
      return event satisfies never;
  }
}

function failed(state: ConnectionState, cause: FlooError, anotherHost: boolean): ConnectionState {
  if (!('attempt' in state) || state.name === 'waiting') return state;
  if (!isEager(state)) return { name: 'waiting', attempt: state.attempt + 1, cause };
  return anotherHost ? { ...state, name: 'connecting' } : { name: 'rejected', cause };
}

/** Whether the connection neither runs nor waits for a retry. Only a start changes that. */
export function isOver(state: ConnectionState): boolean {
  switch (state.name) {
    case 'idle':
    case 'rejected':
    case 'closed':
      return true;
    case 'resolving':
    case 'connecting':
    case 'authenticating':
    case 'online':
    case 'waiting':
      return false;
    default:
      return state satisfies never;
  }
}

/** Whether the app waits for the outcome. */
export const isEager = (state: ConnectionState): state is ConnectionState & Trying => 'eager' in state && state.eager;
