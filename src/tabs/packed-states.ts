import type { ConnectionState } from '../session/connection-state.ts';
import type { PackedState } from './messages.ts';
import { packError, unpackError } from './packed-errors.ts';

export function packState(state: ConnectionState): PackedState {
  return 'cause' in state ? { ...state, cause: packError(state.cause) } : state;
}

export function unpackState(state: PackedState): ConnectionState {
  return 'cause' in state ? { ...state, cause: unpackError(state.cause) } : state;
}
