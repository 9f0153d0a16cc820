import { FlooError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { SyncEvent } from '../sync/sync-events.ts';

/** An error in a form that can be cloned: a clone is no FlooError any more, and its cause may be anything. */
export interface PackedError {
  readonly reason: FlooErrorCode;
  readonly message: string;
  readonly url?: string | undefined;
  readonly restCode?: number | undefined;
  readonly statusCode?: number | undefined;
  /** As JSON. */
  readonly details?: string | undefined;
}

export function packError({ reason, rawMessage: message, url, restCode, statusCode, details }: FlooError): PackedError {
  return { reason, message, url, restCode, statusCode, details: details && JSON.stringify(details) };
}

export function unpackError({ reason, message, url, restCode, statusCode, details }: PackedError): FlooError {
  return new FlooError(reason, message, {
    ...(url !== undefined && { url }),
    ...(restCode !== undefined && { restCode }),
    ...(statusCode !== undefined && { statusCode }),
    ...(details !== undefined && { details: JSON.parse(details) as Readonly<Record<string, unknown>> }),
  });
}

type WithError = Extract<SyncEvent, { error: FlooError }>;

/** An event of sync in a form that can be cloned. */
export type PackedEvent =
  Exclude<SyncEvent, WithError> | { readonly failing: Omit<WithError, 'error'>; readonly error: PackedError };

export const packEvents = (events: readonly SyncEvent[]): PackedEvent[] =>
  events.map((event) => {
    if (!('error' in event)) return event;
    const { error, ...failing } = event;
    return { failing, error: packError(error) };
  });

export const unpackEvents = (events: readonly PackedEvent[]): SyncEvent[] =>
  events.map((event) =>
    'failing' in event ? ({ ...event.failing, error: unpackError(event.error) } as WithError) : event,
  );

/** The state of the connection, as `ConnectionState`. */
export type PackedState =
  | { readonly name: 'resolving' | 'connecting' | 'authenticating'; readonly attempt: number; readonly eager: boolean }
  | { readonly name: 'online'; readonly attempt: number; readonly isCaughtUp?: true }
  | { readonly name: 'waiting'; readonly attempt: number; readonly cause: PackedError; readonly retryAt?: number }
  | { readonly name: 'rejected'; readonly cause: PackedError }
  | { readonly name: 'idle' | 'closed' };

export function packState(state: ConnectionState): PackedState {
  return 'cause' in state ? { ...state, cause: packError(state.cause) } : state;
}

export function unpackState(state: PackedState): ConnectionState {
  return 'cause' in state ? { ...state, cause: unpackError(state.cause) } : state;
}
