import { TRIES_PER_HOST } from '../session/connection-state.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Telling } from './telling.ts';

/** What a step of the connection is to the app. */
export function connectionTold(state: ConnectionState, previous: ConnectionState): Telling[] {
  const told: Telling[] = [];
  if (state.name === previous.name) return told;
  if (previous.name === 'online')
    told.push(['disconnected', { reason: ('cause' in state && state.cause.rawMessage) || '' }]);
  if (state.name === 'online') told.push(['connected', undefined]);
  else if (state.name === 'connecting' && state.attempt > 0) told.push(['reconnecting', { attempt: state.attempt }]);
  else if (state.name === 'waiting' && state.attempt % TRIES_PER_HOST === 0) told.push(['fireplaceError', undefined]);
  return told;
}
