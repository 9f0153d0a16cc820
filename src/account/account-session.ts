import type { Hosts } from '../bootstrap/hosts.ts';
import { FlooError, sessionEnd } from '../errors.ts';
import { TOKEN_BY_ID, TOKEN_BY_NAME } from '../http/endpoints.ts';
import type { RestClient } from '../http/rest-client.ts';
import { parseId } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { Connection } from '../session/connection.ts';
import { isOver } from '../session/connection-state.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Identity, IdentityStore } from '../session/identity.ts';
import { createDeferred } from '../util/deferred.ts';
import type { Deferred } from '../util/deferred.ts';
import type { Account, Accounts } from './account.ts';

/** How a user proves who they are. */
export type Credentials =
  | { by: 'user'; name?: string; mobile?: string; password: string }
  | { by: 'id'; user_id: Id; password: string }
  | { by: 'token'; user_id: Id; token: string };

interface AccountSessionDeps {
  hosts: Hosts;
  rest: RestClient;
  identities: IdentityStore;
  connection: Connection;
  accounts: Accounts;
  listener: AccountSessionListener;
}

export interface AccountSessionListener {
  /** The getters answer from what an earlier run stored; no request was sent yet. */
  onCacheOpen(): void;
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

/** Holds the account of the user who is logged in, and begins and ends sessions. */
export class AccountSession {
  private readonly deps: AccountSessionDeps;
  private currentAccount: Account | undefined;
  /** The login whose outcome the app waits for. */
  private pendingLogin: Deferred | undefined;
  /** Counts logins, resumptions and ends. A later one cancels an earlier one, wherever that waits. */
  private attempt = 0;
  /** The fetch of friends and groups for this session. */
  private lists: Promise<void> = Promise.resolve();
  /** The last account being opened; never rejects. */
  private opening: Promise<void> = Promise.resolve();

  constructor(deps: AccountSessionDeps) {
    this.deps = deps;
  }

  get account(): Account | undefined {
    return this.currentAccount;
  }

  /** Whether a session is kept, online or waiting to be. */
  get isActive(): boolean {
    return this.currentAccount !== undefined && !isOver(this.deps.connection.state);
  }

  /** The app waits for the outcome of a login. */
  get isLoggingIn(): boolean {
    return this.pendingLogin !== undefined;
  }

  /**
   * Logs in. The next login cancels one that is still running.
   *
   * @returns a promise of the outcome, which events report too
   */
  async login(credentials: Credentials): Promise<void> {
    this.settleLogin(new FlooError('SignInCancelled', 'another login took its place'));
    const login = createDeferred();
    this.pendingLogin = login;
    const isCancelled = this.supersede();
    this.deps.connection.stop();
    this.signIn(credentials, login, isCancelled).catch((error: unknown) => {
      this.fail(login, FlooError.from(error, 'SignInFailed'), 'socket_failure');
    });
    return login.promise;
  }

  /** Resumes the session of an earlier run. Its data is readable when this resolves, whatever the network does. */
  async resume(identity: Identity): Promise<void> {
    const isCancelled = this.supersede();
    await this.open(identity.uid, isCancelled);
    if (isCancelled()) return;
    this.deps.listener.onCacheOpen();
    this.lists = this.refreshLists();
    this.deps.connection.start(identity, false);
  }

  /**
   * Ends the session on this device and forgets its token; with `wipe`, forgets everything of this user.
   *
   * @throws FlooError DbOperationFailed when the data could not be removed; the session has ended all the same
   */
  async logout(wipe: boolean): Promise<void> {
    const { identities, accounts } = this.deps;
    const account = this.currentAccount;
    // While another user logs in, the stored identity is not the one to log out.
    const uid = account?.uid ?? (this.pendingLogin ? undefined : identities.load()?.uid);
    this.disconnect();
    this.use(undefined);
    if (uid) identities.forget(uid);
    await account?.close();
    if (!uid || !wipe) return;
    // An account that is still being opened closes by itself.
    await this.opening;
    identities.wipe(uid);
    await accounts.drop(uid);
  }

  /** Closes the socket. The data stays readable and the token is kept. */
  disconnect(): void {
    this.supersede();
    this.settleLogin(new FlooError('SignInCancelled', 'disconnected'));
    this.deps.connection.stop();
  }

  /** Closes the socket and the data; nothing is forgotten. */
  async close(): Promise<void> {
    this.disconnect();
    await this.currentAccount?.close();
  }

  handleState(state: ConnectionState, previous: ConnectionState): void {
    const { listener } = this.deps;
    if (previous.name === 'online' && state.name !== 'online') {
      this.currentAccount?.sync.offline();
      this.currentAccount?.files.offline();
    }
    switch (state.name) {
      case 'connecting':
        return listener.onLoginMessage('socket connecting...');
      case 'authenticating':
        listener.onLoginMessage('socket connect success...');
        return listener.onLoginMessage('logining socket service...');
      case 'online':
        if (previous.name !== 'online') this.online();
        return;
      case 'waiting':
        if (previous.name === 'online') void this.lost(state.cause);
        return;
      case 'rejected':
        if (previous.name === 'authenticating') listener.onLoginMessage('login socket failure ......');
        return this.rejected(state.cause);
      case 'idle':
      case 'resolving':
      case 'closed':
        return;
      default:
        return state satisfies never;
    }
  }

  /** Reports a lost socket when it is certain that the session goes on: a kick arrives just before its socket ends. */
  private async lost(cause: FlooError): Promise<void> {
    await this.currentAccount?.sync.settled();
    if (this.isActive) this.deps.listener.onLost(cause);
  }

  private async signIn(credentials: Credentials, login: Deferred, isCancelled: () => boolean): Promise<void> {
    const { hosts, rest, listener, identities, connection } = this.deps;
    let identity: Identity;
    try {
      await hosts.ready();
      if (isCancelled()) return;
      if (credentials.by === 'user') listener.onLoginMessage('getting token...');
      identity = await fetchIdentity(rest, credentials);
    } catch (error) {
      const failure = FlooError.from(error, 'SignInFailed');
      this.fail(login, failure, `token failure:${failure.rawMessage || failure.reason}`);
      return;
    }
    if (isCancelled()) return;
    await this.open(identity.uid, isCancelled);
    if (isCancelled()) return;
    identities.save(identity);
    listener.onLoginMessage(
      credentials.by === 'id' ? 'token success, getting roster lists..' : 'token sucecc, getting roster lists..',
    );
    this.lists = this.refreshLists();
    connection.start(identity, true);
  }

  /** Cancels every earlier attempt. @returns whether a later attempt has cancelled this one */
  private supersede(): () => boolean {
    const attempt = ++this.attempt;
    return () => attempt !== this.attempt;
  }

  /** Opens this user's data in the place of another user's. */
  private async open(uid: Id, isCancelled: () => boolean): Promise<void> {
    if (this.currentAccount?.uid === uid) return;
    const old = this.currentAccount;
    this.use(undefined);
    await old?.close();
    const opening = this.deps.accounts.open(uid).then(async (account) => {
      if (isCancelled()) await account.close();
      else this.use(account);
    });
    this.opening = opening.catch(() => undefined);
    await opening;
  }

  /** Frames of the socket go to the sync of the current account. */
  private use(account: Account | undefined): void {
    this.currentAccount = account;
    this.deps.connection.attach(account);
  }

  private async refreshLists(): Promise<void> {
    const account = this.currentAccount!;
    try {
      await account.directory.refresh();
    } catch (error) {
      if (!account.isOpen) return;
      // The stored lists still serve, and the session goes on.
      this.deps.listener.onLoginMessage(
        `get roster list failure:${FlooError.from(error, 'ServerUnknownError').rawMessage}`,
      );
    }
  }

  private online(): void {
    const account = this.currentAccount!;
    this.deps.listener.onLoginMessage('login socket success.....');
    account.sync.online();
    account.files.online();
    void this.lists.then(() => {
      if (this.currentAccount !== account || this.deps.connection.state.name !== 'online') return;
      this.deps.listener.onOnline();
      this.settleLogin();
    });
  }

  private rejected(cause: FlooError): void {
    const { identities, listener } = this.deps;
    const end = sessionEnd(cause);
    const uid = this.currentAccount?.uid;
    const action = end === 'stop' ? undefined : end;
    if (action && uid) identities.forgetToken(uid);
    if (this.pendingLogin) this.fail(this.pendingLogin, cause, 'socket_failure');
    else listener.onProblem(cause);
    if (action) listener.onAction(action);
  }

  private fail(login: Deferred, error: FlooError, desc: string): void {
    if (this.pendingLogin !== login) return;
    this.deps.listener.onProblem(error);
    this.deps.listener.onLoginFail(desc);
    this.settleLogin(error);
  }

  private settleLogin(error?: FlooError): void {
    const login = this.pendingLogin;
    this.pendingLogin = undefined;
    if (error) login?.reject(error);
    else login?.resolve();
  }
}

/** The user's id and token. The server gives them, unless the credentials are a token. */
async function fetchIdentity(rest: RestClient, credentials: Credentials): Promise<Identity> {
  if (credentials.by === 'token') return { uid: credentials.user_id, token: credentials.token };
  const { by, ...params } = credentials;
  const { data } = await rest.call<{ user_id?: unknown; token?: unknown } | null>(
    by === 'id' ? TOKEN_BY_ID : TOKEN_BY_NAME,
    params,
  );
  const uid = parseId(data?.user_id);
  if (!uid || !data?.token || typeof data.token !== 'string')
    throw new FlooError('ServerResponseInvalid', 'no token in the answer');
  return { uid, token: data.token };
}
