import type { Hosts } from '../bootstrap/hosts.ts';
import type { FlooError } from '../errors.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { Id } from '../model/ids.ts';
import type { Clock } from '../platform/ports.ts';
import type { Connection } from '../session/connection.ts';
import type { IdentityStore } from '../session/identity.ts';
import type { Accounts } from './account.ts';

/** The connection of one client: one of its own, or its view of that of all tabs. */
export type SessionConnection = Pick<Connection, 'state' | 'prepare' | 'unprepare' | 'start' | 'stop' | 'end'>;

/** What a session depends on. */
export interface AccountSessionDeps {
  hosts: Hosts;
  rest: RestClient;
  identities: IdentityStore;
  connection: SessionConnection;
  accounts: Accounts;
  clock: Clock;
  /** Other tabs, which hear of logins and logouts here. */
  peers?: { loggedIn(): void; loggedOut(uid: Id): void } | undefined;
  listener: AccountSessionListener;
}

export interface AccountSessionListener {
  /** The getters answer from what an earlier run stored; no request was sent yet. */
  onCacheOpen(): void;
  /** Another user's data is open, or nobody's. */
  onAccount(): void;
  /** Progress of a login, in the deployed SDK's words. */
  onLoginMessage(desc: string): void;
  /** The server accepted the session, for the first time or again. */
  onOnline(): void;
  onLoginFail(desc: string): void;
  /** The socket was lost and the session goes on. */
  onLost(cause: FlooError): void;
  onProblem(error: FlooError): void;
  onAction(action: 'relogin' | 'relogin_manually'): void;
}
