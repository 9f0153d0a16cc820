import type { FlooError } from '../errors.ts';

/**
 * The life of a connection, as a pure function.
 *
 * ```
 *             start            resolved          opened             accepted
 *   idle ──────────▶ resolving ────────▶ connecting ──────▶ authenticating ──────▶ online
 *                     ▲     │              │    ▲               │      │              │
 *                     │     │ failed       │    │ failed,       │      │ refused      │ lost
 *                     │     ▼              ▼    │ another host  │      ▼              ▼
 *                     └── waiting ◀─────────────┴───────────────┘   rejected       waiting
 *                 retry / wake
 *
 *   any ── stop ──▶ closed      any ── end(cause) ──▶ rejected      closed, rejected ── start ──▶ resolving
 * ```
 *
 * A login the app asked for (`eager`) does not wait: when every host was tried once it is `rejected` with the cause, and
 * the app may try again. A session that was online, or is resumed from a stored token, waits and tries for ever.
 */
export type ConnectionState =
  | { name: 'idle' }
  | ({ name: 'resolving' } & Trying)
  | ({ name: 'connecting' } & Trying)
  | ({ name: 'authenticating' } & Trying)
  /** `attempt` is kept until the client has caught up, so that a server that drops us at once is not hammered. */
  | { name: 'online'; attempt: number }
  | { name: 'waiting'; attempt: number; cause: FlooError }
  /** Not tried again until the app logs in. */
  | { name: 'rejected'; cause: FlooError }
  | { name: 'closed' };

interface Trying {
  /** Failures since the client last caught up. */
  attempt: number;
  /** The app asked for this login and waits for its outcome. */
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
  /** No hosts, no socket, or the socket died. `anotherHost`: there is one that was not tried yet. */
  | { type: 'failed'; cause: FlooError; anotherHost: boolean }
  /** Everything the server held was synced. */
  | { type: 'caught-up' }
  /** The retry timer. */
  | { type: 'retry' }
  /** The network or the page came back. */
  | { type: 'wake' }
  /** Refused, kicked, frozen: not to be tried again. */
  | { type: 'end'; cause: FlooError }
  | { type: 'stop' };

export type ConnectionEffect =
  | { type: 'resolve' }
  | { type: 'connect' }
  | { type: 'provision' }
  | { type: 'disconnect' }
  | { type: 'schedule-retry'; attempt: number }
  | { type: 'cancel-retry' }
  /** Ask the socket for a sign of life. */
  | { type: 'probe' };

export interface Transition {
  state: ConnectionState;
  effects: readonly ConnectionEffect[];
}

/** Tries at one socket host before the next one is used (observed). */
export const TRIES_PER_HOST = 5;

const stay = (state: ConnectionState): Transition => ({ state, effects: [] });

export function step(state: ConnectionState, event: ConnectionEvent): Transition {
  switch (event.type) {
    case 'start':
      return start(state, event.eager);
    case 'resolved':
      return state.name === 'resolving'
        ? { state: { ...state, name: 'connecting' }, effects: [{ type: 'connect' }] }
        : stay(state);
    case 'opened':
      return state.name === 'connecting'
        ? { state: { ...state, name: 'authenticating' }, effects: [{ type: 'provision' }] }
        : stay(state);
    case 'accepted':
      return state.name === 'authenticating' ? stay({ name: 'online', attempt: state.attempt }) : stay(state);
    case 'failed':
      return failed(state, event.cause, event.anotherHost);
    case 'caught-up':
      return state.name === 'online' ? stay({ name: 'online', attempt: 0 }) : stay(state);
    case 'retry':
    case 'wake':
      return awake(state, event.type);
    case 'end':
      return ended(state, { name: 'rejected', cause: event.cause });
    case 'stop':
      return ended(state, { name: 'closed' });
    default:
      return event satisfies never;
  }
}

function start(state: ConnectionState, eager: boolean): Transition {
  const trying: ConnectionState = { name: 'resolving', attempt: 0, eager };
  switch (state.name) {
    case 'idle':
    case 'rejected':
    case 'closed':
      return { state: trying, effects: [{ type: 'resolve' }] };
    case 'waiting':
      return { state: trying, effects: [{ type: 'cancel-retry' }, { type: 'resolve' }] };
    case 'resolving':
    case 'connecting':
    case 'authenticating':
    case 'online':
      // Another user or another token: a new socket, whatever the old one was about.
      return { state: trying, effects: [{ type: 'disconnect' }, { type: 'resolve' }] };
    default:
      return state satisfies never;
  }
}

function failed(state: ConnectionState, cause: FlooError, anotherHost: boolean): Transition {
  switch (state.name) {
    case 'resolving':
    case 'connecting':
    case 'authenticating':
      if (state.eager && anotherHost)
        return { state: { ...state, name: 'connecting' }, effects: [{ type: 'connect' }] };
      if (state.eager) return stay({ name: 'rejected', cause });
      return wait(state.attempt, cause);
    case 'online':
      return wait(state.attempt, cause);
    case 'idle':
    case 'waiting':
    case 'rejected':
    case 'closed':
      return stay(state);
    default:
      return state satisfies never;
  }
}

function wait(attempt: number, cause: FlooError): Transition {
  return { state: { name: 'waiting', attempt: attempt + 1, cause }, effects: [{ type: 'schedule-retry', attempt }] };
}

function awake(state: ConnectionState, why: 'retry' | 'wake'): Transition {
  if (state.name === 'waiting') {
    const effects: ConnectionEffect[] =
      why === 'wake' ? [{ type: 'cancel-retry' }, { type: 'resolve' }] : [{ type: 'resolve' }];
    return { state: { name: 'resolving', attempt: state.attempt, eager: false }, effects };
  }
  // A socket that slept may be half open: it looks fine and is dead.
  return state.name === 'online' && why === 'wake' ? { state, effects: [{ type: 'probe' }] } : stay(state);
}

function ended(state: ConnectionState, to: ConnectionState): Transition {
  switch (state.name) {
    case 'waiting':
      return { state: to, effects: [{ type: 'cancel-retry' }] };
    case 'resolving':
    case 'connecting':
    case 'authenticating':
    case 'online':
      return { state: to, effects: [{ type: 'disconnect' }] };
    case 'idle':
    case 'rejected':
    case 'closed':
      return stay(to);
    default:
      return state satisfies never;
  }
}
