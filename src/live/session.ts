import type { ConnectionStatus, FlooClient, FlooError, IdInput, LogoutOptions } from '../index.ts';
import type { Hub } from './hub.ts';
import { createLive } from './live.ts';
import type { Live } from './live.ts';

/** How to log in: by a name, a mobile number or an id with the password, or by a token that the app has. */
export type Credentials =
  | {
      /** User name. */
      name: string;
      /** Password. */
      password: string;
    }
  | {
      /** Mobile number. */
      mobile: string;
      /** Password. */
      password: string;
    }
  | {
      /** User id. */
      user_id: IdInput;
      /** Password. */
      password: string;
    }
  | {
      /** User id. */
      user_id: IdInput;
      /** Token of `userManage.getToken()` or `asyncTokenUser()`. */
      token: string;
    };

/** Who is logged in. */
export interface SessionState {
  /** Whether somebody is logged in, online or not. */
  readonly isLoggedIn: boolean;
  /** User id of who is logged in. */
  readonly uid: number | undefined;
  /** Whether a login of {@link SessionActions.login} is under way. */
  readonly isLoggingIn: boolean;
  /** Why the last login of {@link SessionActions.login} failed. Undefined when it did not. */
  readonly error: FlooError | undefined;
}

/** What changes who is logged in. */
export interface SessionActions {
  /**
   * Logs in. It never rejects for a login that fails: the state has the error.
   *
   * @param credentials - how to log in
   * @returns whether it worked
   */
  login(credentials: Credentials): Promise<boolean>;
  /**
   * Logs out, as `im.logout()` does.
   *
   * @param options - what else to do
   * @throws FlooError `DbOperationFailed` when stored data could not be removed; the session has ended all the same
   */
  logout(options?: LogoutOptions): Promise<void>;
}

/** Who is logged in, and how to change that. */
export function liveSession(hub: Hub): Live<SessionState> & SessionActions {
  let error: FlooError | undefined;
  let isLoggingIn = false;
  const live = createLive<SessionState>(hub, {
    topics: ['list'],
    empty: { isLoggedIn: false, uid: undefined, isLoggingIn, error },
    read: (client) => {
      const isLoggedIn = client.isLogin();
      return { isLoggedIn, uid: isLoggedIn ? client.userManage.getUid() : undefined, isLoggingIn, error };
    },
  });
  const settle = (isUnderWay: boolean, reason?: FlooError): boolean => {
    isLoggingIn = isUnderWay;
    error = reason;
    live.update();
    return !error;
  };
  return {
    ...live,
    login: async (credentials) => {
      const login = logIn(hub.must(), credentials);
      settle(true);
      return login.then(
        () => settle(false),
        // Every login rejects with a FlooError.
        (reason: unknown) => settle(false, reason as FlooError),
      );
    },
    logout: async (options) => hub.must().logout(options),
  };
}

async function logIn(client: FlooClient, credentials: Credentials): Promise<void> {
  if ('token' in credentials) return client.tokenLogin(credentials);
  return 'user_id' in credentials ? client.idLogin(credentials) : client.login(credentials);
}

/** The state of the connection. */
export function liveConnection(hub: Hub): Live<ConnectionStatus> {
  const empty: ConnectionStatus = { state: 'offline', reason: 'notLoggedIn', since: 0 };
  let status = empty;
  const live = createLive(hub, {
    empty,
    read: () => status,
    onEvent: (event, payload) => {
      if (event === 'connectionState') status = payload as ConnectionStatus;
      if (event !== 'open') return;
      status = empty;
      const show = ({ state }: { readonly state: ConnectionStatus }): void => {
        if (status === empty) status = state;
        live.update();
      };
      // What was emitted before is asked for. It fails for a client that ends meanwhile.
      hub
        .must()
        .explain()
        .then(show, () => undefined);
    },
  });
  return live;
}

/** The client, when there is one. */
export const liveClient = (hub: Hub): Live<FlooClient | undefined> =>
  createLive<FlooClient | undefined>(hub, {
    empty: undefined,
    read: (client) => client,
    // It is no plain data.
    keep: (_before, next) => next,
  });
