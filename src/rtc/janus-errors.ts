import type { CallPort } from '../call-port.ts';
import type { FlooError, FlooErrorCode } from '../errors.ts';

/** The session that Janus does not know any more, or a handle of it. */
export const NO_SESSION = 458;
export const NO_HANDLE = 459;
/** The room is gone. */
export const NO_ROOM = 426;
/** Somebody in the room has the id. */
export const ID_EXISTS = 436;

/** Errors of Janus and of its rooms, as documented there. */
const REASONS: { readonly [code: number]: FlooErrorCode | undefined } = {
  403: 'UserPermissionDenied',
  [NO_ROOM]: 'NotFound',
  428: 'NotFound',
  432: 'ServerBusy',
  433: 'UserPermissionDenied',
  [NO_SESSION]: 'ServerNeedReconnected',
  [NO_HANDLE]: 'ServerNeedReconnected',
  472: 'ServerBusy',
};

/** The code of a Janus error; undefined for another error. */
export function janusCode(error: unknown): number | undefined {
  const { details } = (error ?? {}) as Partial<FlooError>;
  return (details?.['janus'] as { code?: number } | undefined)?.code;
}

/** The error of a request that Janus refused. Its words are kept: they have no secret and no address in them. */
export function janusError(port: Pick<CallPort, 'createError'>, code: number, reason: string): FlooError {
  const name = REASONS[code] ?? 'ServerUnknownError';
  return port.createError(name, `the media server refused: ${code} ${reason}`, {
    details: { janus: { code, reason } },
  });
}
