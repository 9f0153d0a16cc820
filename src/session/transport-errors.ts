import { FlooError } from '../errors.ts';
import type { CloseReason } from '../transport/transport.ts';
import type { WireError } from '../wire/wire-error.ts';

/** A frame that could not be read; the session goes on. */
export function badFrame(error: WireError): FlooError {
  const reason = error.reason === 'encrypted' ? 'ServerEncryptMethodUnsupported' : 'ServerResponseInvalid';
  return new FlooError(reason, error.message, { cause: error });
}

/** Why a socket ended, as the cause of trying again. */
export function closeError({ kind, detail }: CloseReason): FlooError {
  switch (kind) {
    case 'connect-failed':
    case 'connect-timeout':
      return new FlooError('ServerConnectFailed', `${kind}: ${detail}`);
    case 'ping-timeout':
    case 'silent':
      return new FlooError('ServerTimeOut', `${kind}: ${detail}`);
    case 'server-close':
    case 'socket-closed':
    case 'protocol-error':
    case 'client-close':
      return new FlooError('ServerNeedReconnected', `${kind}: ${detail}`);
    default:
      return kind satisfies never;
  }
}
