import { FlooError } from '../errors.ts';
import type { FlooErrorCode } from '../errors.ts';
import type { CloseKind, CloseReason } from '../transport/transport.ts';
import type { WireError } from '../wire/wire-error.ts';

/** A frame that could not be read; the session goes on. */
export function badFrame(error: WireError): FlooError {
  const reason = error.reason === 'encrypted' ? 'ServerEncryptMethodUnsupported' : 'ServerResponseInvalid';
  return new FlooError(reason, error.message, { cause: error });
}

/** Why a socket ended, as the cause of trying again. */
export const closeError = ({ kind, detail }: CloseReason): FlooError =>
  new FlooError(REASONS[kind] ?? 'ServerNeedReconnected', `${kind}: ${detail}`);

/** Of all others the server is there, and did not want this socket any more. */
const REASONS: { readonly [kind in CloseKind]?: FlooErrorCode } = {
  'connect-failed': 'ServerConnectFailed',
  'connect-timeout': 'ServerConnectFailed',
  'ping-timeout': 'ServerTimeOut',
  silent: 'ServerTimeOut',
};
