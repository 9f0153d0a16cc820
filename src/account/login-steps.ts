import type { ConnectionState } from '../session/connection-state.ts';

/** The steps of a login that a change of the connection is, in the deployed SDK's words. */
export function loginSteps(state: ConnectionState, previous: ConnectionState): readonly string[] {
  switch (state.name) {
    case 'connecting':
      return ['socket connecting...'];
    case 'authenticating':
      return ['socket connect success...', 'logining socket service...'];
    case 'online':
      return previous.name === 'online' ? [] : ['login socket success.....'];
    case 'rejected':
      return previous.name === 'authenticating' ? ['login socket failure ......'] : [];
    case 'idle':
    case 'resolving':
    case 'waiting':
    case 'closed':
      return [];
    default:
      return state satisfies never;
  }
}

/** The step after the token of a login came. Its spelling depends on the kind of the login. */
export const listsStep = (by: 'user' | 'id' | 'token'): string =>
  by === 'id' ? 'token success, getting roster lists..' : 'token sucecc, getting roster lists..';

export const TOKEN_STEP = 'getting token...';

export const listsFailedStep = (message: string): string => `get roster list failure:${message}`;
