import { FlooError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { CloseKind, CloseReason } from '../transport/transport.ts';
import type { SkippedMeta } from '../wire/frame-types.ts';
import type { ConnectionState } from './connection-state.ts';
import type { WireError } from '../wire/wire-error.ts';

/** The error of a frame that could not be read. */
export function badFrame(error: WireError): FlooError {
  const reason = error.reason === 'encrypted' ? 'ServerEncryptMethodUnsupported' : 'ServerResponseInvalid';
  return new FlooError(reason, error.message, { cause: error });
}

/** The error of a page with items that could not be read: one for all of them. */
export function skippedItems(skipped: readonly SkippedMeta[]): FlooError {
  const details = { ...skipped[0], skipped };
  return new FlooError('ServerResponseInvalid', 'an item could not be read', { details });
}

/** The error of a socket that ended. */
export const closeError = ({ kind, detail }: CloseReason): FlooError =>
  new FlooError(CLOSE_ERRORS[kind], `${kind}: ${detail}`);

/** Why a try or a session failed: how its socket ended, or that it was left. */
export type Loss = CloseKind | 'no-answer' | 'refused';

/** The step of a loss: a socket that looked open, and on which nothing came any more, was half open. */
export const lossStep = ({ name }: ConnectionState, how: Loss): 'halfOpen' | 'lost' =>
  name === 'online' && ['silent', 'ping-timeout', 'no-answer'].includes(how) ? 'halfOpen' : 'lost';

/** Whether a session ended because the server does not take frames of this size: WebSocket code 1009. */
export const isTooBig = (state: ConnectionState): boolean =>
  state.name === 'waiting' && /^[a-z-]+: 1009\b/.test(state.cause.rawMessage);

const CLOSE_ERRORS: { readonly [kind in CloseKind]: FlooErrorCode } = {
  'connect-failed': 'ServerConnectFailed',
  'connect-timeout': 'ServerConnectFailed',
  'ping-timeout': 'ServerTimeOut',
  silent: 'ServerTimeOut',
  // The server is there and ended this socket.
  'server-close': 'ServerNeedReconnected',
  'socket-closed': 'ServerNeedReconnected',
  'protocol-error': 'ServerNeedReconnected',
  'client-close': 'ServerNeedReconnected',
};
