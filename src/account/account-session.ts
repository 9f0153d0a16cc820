import type { Hosts } from '../bootstrap/hosts.ts';
import { FlooError, sessionEnd, userNoticeError } from '../errors.ts';
import type { RestClient } from '../http/rest-client.ts';
import type { Id } from '../model/ids.ts';
import type { Connection } from '../session/connection.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import type { Identity, IdentityStore } from '../session/identity.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { createDeferred } from '../util/deferred.ts';
import type { Deferred } from '../util/deferred.ts';
import type { DownFrame } from '../wire/frame-types.ts';
import { UserNoticeType } from '../wire/enums.ts';
import type { Account } from './account.ts';
import { identify } from './credentials.ts';
import type { Credentials } from './credentials.ts';

export interface AccountSessionDeps {
  hosts: Hosts;
  rest: RestClient;
  identities: IdentityStore;
  connection: Connection;
  open(uid: Id): Promise<Account>;
  /** Removes a user's data, which is closed. */
  drop(uid: Id): Promise<void>;
  listener: AccountSessionListener;
}

export interface AccountSessionListener {
  /** The getters answer from what an earlier run stored; nothing was asked of the network yet. */
  onCacheOpen(): void;
  /** Progress in the deployed words. */
  onLoginMessage(desc: string): void;
  /** The server accepted the session, first or again. */
  onOnline(): void;
  onLoginFail(desc: string): void;
  onLost(cause: FlooError): void;
  onProblem(error: FlooError): void;
  onAction(action: 'relogin' | 'relogin_manually'): void;
}

/** Who is logged in, and everything that begins or ends it. */
export class AccountSession {
  private readonly deps: AccountSessionDeps;
  private currentAccount: Account | undefined;
  /** The login the app waits for. */
  private pendingLogin: Deferred | undefined;
  /** Counts logins, resumptions and ends: the later one wins, wherever the earlier one waits. */
  private attempt = 0;
  /** Friends and groups being fetched for the session. */
  private lists: Promise<void> = Promise.resolve();
  /** The last account being opened; never rejects. */
  private opening: Promise<void> = Promise.resolve();

  constructor(deps: AccountSessionDeps) {
    this.deps = deps;
  }

  get account(): Account | undefined {
    return this.currentAccount;
  }

  /** Logged in, as far as this device knows: a session is kept, online or waiting to be. */
  get isActive(): boolean {
    return this.currentAccount !== undefined && !/^(idle|rejected|closed)$/.test(this.deps.connection.state.name);
  }

  /** The app waits for the outcome of a login. */
  get isLoggingIn(): boolean {
    return this.pendingLogin !== undefined;
  }

  /**
   * Log in. A login still running is cancelled by the next one.
   *
   * @returns a promise of the outcome, which is also told by events.
   */
  async login(credentials: Credentials): Promise<void> {
    this.settle(new FlooError('SignInCancelled', 'another login took its place'));
    const login = createDeferred();
    this.pendingLogin = login;
    const cancelled = this.supersede();
    this.deps.connection.stop();
    this.signIn(credentials, login, cancelled).catch((error: unknown) => {
      this.fail(login, FlooError.from(error, 'SignInFailed'), 'socket_failure');
    });
    return login.promise;
  }

  /** Go on with the identity of an earlier run: its data is readable as soon as this resolves, whatever the network does. */
  async resume(identity: Identity): Promise<void> {
    const cancelled = this.supersede();
    await this.use(identity.uid, cancelled);
    if (cancelled()) return;
    this.deps.listener.onCacheOpen();
    this.lists = this.refreshLists();
    this.deps.connection.start(identity, false);
  }

  /**
   * Ends the session for good on this device: the token is forgotten; with `wipe` everything of this user.
   *
   * @throws FlooError DbOperationFailed when the data could not be removed; the session has ended all the same.
   */
  async logout(wipe: boolean): Promise<void> {
    const { identities, drop } = this.deps;
    const account = this.currentAccount;
    // While another user logs in, nobody else is concerned.
    const uid = account?.uid ?? (this.pendingLogin ? undefined : identities.load()?.uid);
    this.disconnect();
    this.currentAccount = undefined;
    if (uid) identities.forget(uid);
    await account?.close();
    if (!uid || !wipe) return;
    // One that was still being opened closes by itself.
    await this.opening;
    identities.wipe(uid);
    await drop(uid);
  }

  /** Closes the socket; the data stays readable and the token is kept. */
  disconnect(): void {
    this.supersede();
    this.settle(new FlooError('SignInCancelled', 'disconnected'));
    this.deps.connection.stop();
  }

  /** Closes the socket and the data, and forgets nothing. */
  async close(): Promise<void> {
    this.disconnect();
    await this.currentAccount?.close();
  }

  /** A REST answer said that the token is no longer good. */
  tokenRefused(token: string): void {
    if (this.deps.identities.load()?.token !== token) return;
    this.deps.connection.end(new FlooError('InvalidToken', 'the server no longer takes this token'));
  }

  handleFrame(frame: DownFrame): void {
    this.currentAccount?.sync.handleFrame(frame);
  }

  /** Resolves when every frame that came so far is stored and told. */
  async settled(): Promise<void> {
    await this.currentAccount?.sync.settled();
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

  /** What a sync brought that concerns the session itself. */
  handleSync(event: SyncEvent): void {
    if (event.type === 'problem' && sessionEnd(event.error)) this.deps.connection.end(event.error);
    if (event.type === 'user-notice') this.handleUserNotice(event.meta.payload?.type ?? UserNoticeType.UNKNOWN);
  }

  /** Told only once it is sure that the session goes on: a kick comes just before the end of its socket. */
  private async lost(cause: FlooError): Promise<void> {
    await this.settled();
    if (this.isActive) this.deps.listener.onLost(cause);
  }

  private handleUserNotice(type: number): void {
    if (type === UserNoticeType.CLUSTER_CHANGED || type === UserNoticeType.DNS_UPDATE)
      return this.deps.connection.restart();
    const error = userNoticeError(type);
    const uid = this.currentAccount?.uid;
    if (!error || !uid) return;
    if (sessionEnd(error) === 'relogin_manually') this.deps.identities.forgetDeviceSerial(uid);
    this.deps.connection.end(error);
  }

  private async signIn(credentials: Credentials, login: Deferred, cancelled: () => boolean): Promise<void> {
    const { hosts, rest, listener, identities, connection } = this.deps;
    let identity: Identity;
    try {
      await hosts.ready();
      if (cancelled()) return;
      if (credentials.by === 'user') listener.onLoginMessage('getting token...');
      identity = await identify(rest, credentials);
    } catch (error) {
      const failure = FlooError.from(error, 'SignInFailed');
      this.fail(login, failure, `token failure:${failure.rawMessage || failure.reason}`);
      return;
    }
    if (cancelled()) return;
    await this.use(identity.uid, cancelled);
    if (cancelled()) return;
    identities.save(identity);
    listener.onLoginMessage(
      credentials.by === 'id' ? 'token success, getting roster lists..' : 'token sucecc, getting roster lists..',
    );
    this.lists = this.refreshLists();
    connection.start(identity, true);
  }

  /** @returns whether something else has taken the place of what starts now. */
  private supersede(): () => boolean {
    const attempt = ++this.attempt;
    return () => attempt !== this.attempt;
  }

  /** Opens this user's data in the place of another's. */
  private async use(uid: Id, cancelled: () => boolean): Promise<void> {
    if (this.currentAccount?.uid === uid) return;
    const old = this.currentAccount;
    this.currentAccount = undefined;
    await old?.close();
    const opening = this.deps.open(uid).then(async (account) => {
      if (cancelled()) await account.close();
      else this.currentAccount = account;
    });
    this.opening = opening.catch(() => undefined);
    await opening;
  }

  private async refreshLists(): Promise<void> {
    const account = this.currentAccount!;
    try {
      await account.directory.refresh();
    } catch (error) {
      if (!account.isOpen) return;
      // What is stored still serves, and the session goes on.
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
      this.settle();
    });
  }

  private rejected(cause: FlooError): void {
    const { identities, listener } = this.deps;
    const end = sessionEnd(cause);
    const uid = this.currentAccount?.uid;
    if (end?.startsWith('relogin') && uid) identities.forgetToken(uid);
    if (this.pendingLogin) this.fail(this.pendingLogin, cause, 'socket_failure');
    else listener.onProblem(cause);
    if (end && end !== 'stop') listener.onAction(end);
  }

  private fail(login: Deferred, error: FlooError, desc: string): void {
    if (this.pendingLogin !== login) return;
    this.deps.listener.onProblem(error);
    this.deps.listener.onLoginFail(desc);
    this.settle(error);
  }

  private settle(error?: FlooError): void {
    const login = this.pendingLogin;
    this.pendingLogin = undefined;
    if (error) login?.reject(error);
    else login?.resolve();
  }
}
