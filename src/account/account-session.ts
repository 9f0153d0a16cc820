import { FlooError, sessionEnd } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import { isOver } from '../session/connection-state.ts';
import type { ConnectionState } from '../session/connection-state.ts';
import { isTooBig } from '../session/socket-errors.ts';
import type { Identity } from '../session/identity.ts';
import { createDeferred } from '../util/deferred.ts';
import type { Deferred } from '../util/deferred.ts';
import { Pace } from '../util/pace.ts';
import type { Account } from './account.ts';
import { fetchIdentity } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { logOut } from './log-out.ts';
import { listsFailedStep, listsStep, loginSteps, TOKEN_STEP } from './login-steps.ts';
import type { AccountSessionDeps } from './session-deps.ts';
import { TAKEN_OVER } from './session-ends.ts';

/** Logins at once; more of them wait one interval each, so that an app which logs in again at every failure cannot flood. */
const LOGIN_BURST = 10;
const LOGIN_INTERVAL_MS = 1000;

/** Holds the account of the user who is logged in, and begins and ends sessions. */
export class AccountSession {
  private readonly deps: AccountSessionDeps;
  private currentAccount: Account | undefined;
  /** The user whose login or stored session counts, whatever the socket does. */
  private loggedIn: Id | undefined;
  /** The user whose session the server accepted, in this run or an earlier one. */
  private accepted: Id | undefined;
  /** The login whose outcome the app waits for. */
  private pendingLogin: Deferred | undefined;
  /** Counts logins, resumptions and ends. A later one cancels an earlier one, wherever that waits. */
  private attempt = 0;
  /** The fetch of friends and groups for this session. */
  private lists: Promise<void> = Promise.resolve();
  /** The identity of the last login is stored, if that is possible; never rejects. */
  private saved: Promise<void> = Promise.resolve();
  /** The last account being opened; never rejects. */
  private opening: Promise<void> = Promise.resolve();
  private readonly pace: Pace;

  constructor(deps: AccountSessionDeps) {
    this.deps = deps;
    this.pace = new Pace(deps.clock, LOGIN_BURST, LOGIN_INTERVAL_MS);
  }

  get account(): Account | undefined {
    return this.currentAccount;
  }

  /**
   * Whether somebody is logged in, online or not: a login or a stored session counts, and neither a logout nor the server has
   * ended it since.
   */
  get isLoggedIn(): boolean {
    return this.loggedIn !== undefined && this.deps.identities.load()?.uid === this.loggedIn;
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

  /**
   * Resumes the session of an earlier run, if there is one. Its data is readable when this resolves, whatever the network
   * does. The user of the mirror counts as logged in at once, until the vault says otherwise.
   *
   * @throws FlooError DbOperationFailed as {@link Accounts.open}
   */
  async resume(): Promise<void> {
    const { identities } = this.deps;
    // In a worker the app may have done something before this.
    if (this.attempt > 0) return identities.open();
    return this.resumeAs(async () => identities.open());
  }

  /** A user has logged in, in another tab. Whoever is logged in here stays. */
  async follow(): Promise<void> {
    if (this.isLoggedIn || this.isLoggingIn) return;
    await this.resumeAs(async () => this.deps.identities.adopt());
  }

  /** @param know learns who is logged in */
  private async resumeAs(know: () => Promise<void>): Promise<void> {
    const { identities } = this.deps;
    const isCancelled = this.supersede();
    this.loggedIn = identities.load()?.uid;
    await know();
    if (isCancelled()) return;
    const identity = identities.load();
    this.loggedIn = this.accepted = identity?.uid;
    if (!identity) return;
    await this.open(identity.uid, isCancelled).catch((error: unknown) => {
      if (!isCancelled()) this.loggedIn = undefined;
      throw error;
    });
    if (isCancelled()) return;
    this.deps.listener.onCacheOpen();
    this.lists = this.refreshLists();
    this.deps.connection.start(identity, false);
  }

  /**
   * Ends the session on this device and forgets its token; with `wipe`, forgets everything of this user. The token cannot come
   * back when this resolves, even if the process is killed at once.
   *
   * @throws FlooError DbOperationFailed when the token or the data could not be removed; the session has ended all the same
   */
  async logout(wipe: boolean): Promise<void> {
    const { identities, accounts, rest, clock } = this.deps;
    const account = this.currentAccount;
    const isLoggingIn = this.isLoggingIn;
    const { accepted } = this;
    this.disconnect();
    this.setAccount(undefined);
    this.loggedIn = this.accepted = undefined;
    // A worker knows its user only then.
    if (!account && !isLoggingIn) await identities.open();
    // While another user logs in, the stored identity is not the one to log out.
    const uid = account?.uid ?? (isLoggingIn ? undefined : identities.load()?.uid);
    if (!uid) return account?.close();
    this.deps.peers?.loggedOut(uid);
    const serial = accepted === uid ? account?.device.names.serial : undefined;
    return logOut({ identities, accounts, rest, clock }, { uid, account, opening: this.opening, serial, wipe });
  }

  /** A user has logged out, in another tab. @returns whether that is the user of this one */
  async leave(uid: Id): Promise<boolean> {
    const account = this.currentAccount;
    if (account?.uid !== uid) return false;
    this.disconnect();
    this.setAccount(undefined);
    this.loggedIn = this.accepted = undefined;
    this.deps.identities.forgetHere(uid);
    await account.close();
    return true;
  }

  private setAccount(account: Account | undefined): void {
    this.currentAccount = account;
    this.deps.listener.onAccount();
  }

  /** Closes the socket. The data stays readable and the token is kept. */
  disconnect(): void {
    this.supersede();
    this.pace.cancel();
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
      this.currentAccount?.offline(isTooBig(state));
    }
    for (const step of loginSteps(state, previous)) listener.onLoginMessage(step);
    if (state.name === 'online' && previous.name !== 'online') this.online();
    if (state.name === 'waiting' && previous.name === 'online') void this.lost(state.cause);
    if (state.name === 'rejected') this.rejected(state.cause);
  }

  /** Reports a lost socket when it is certain that the session goes on: a kick arrives just before its socket ends. */
  private async lost(cause: FlooError): Promise<void> {
    await this.currentAccount?.settled();
    if (!isOver(this.deps.connection.state)) this.deps.listener.onLost(cause);
  }

  private async signIn(credentials: Credentials, login: Deferred, isCancelled: () => boolean): Promise<void> {
    const { hosts, rest, listener, identities, connection } = this.deps;
    let identity: Identity;
    await new Promise<void>((resolve) => this.pace.run(resolve));
    try {
      await hosts.ready();
      if (isCancelled()) return;
      connection.prepare();
      if (credentials.by === 'user') listener.onLoginMessage(TOKEN_STEP);
      identity = await fetchIdentity(rest, credentials);
    } catch (error) {
      const failure = FlooError.from(error, 'SignInFailed');
      this.fail(login, failure, `token failure:${failure.rawMessage || failure.reason}`);
      // As deployed (observed): an app that waits for this tries again.
      if (failure.reason === 'UserAuthFailed' && !isCancelled()) listener.onAction('relogin');
      return;
    }
    if (isCancelled()) return;
    await this.open(identity.uid, isCancelled);
    if (isCancelled()) return;
    // A vault that fails leaves the mirror, which may be lost with a killed browser: the user logs in again then.
    this.saved = identities.save(identity).catch(() => undefined);
    this.loggedIn = identity.uid;
    listener.onLoginMessage(listsStep(credentials.by));
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
    const old = this.currentAccount;
    if (old?.uid === uid && !old.isTakenOver) return;
    this.setAccount(undefined);
    await old?.close();
    const opening = this.deps.accounts.open(uid).then(async (account) => {
      if (isCancelled()) await account.close();
      else this.setAccount(account);
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
      // The stored lists still serve, and the session goes on.
      const { rawMessage } = FlooError.from(error, 'ServerUnknownError');
      this.deps.listener.onLoginMessage(listsFailedStep(rawMessage));
    }
  }

  private online(): void {
    const account = this.currentAccount!;
    this.accepted = account.uid;
    account.online();
    void this.lists.then(() => {
      if (this.currentAccount !== account || this.deps.connection.state.name !== 'online') return;
      this.deps.listener.onOnline();
      if (this.isLoggingIn) void this.saved.then(() => this.deps.peers?.loggedIn());
      this.settleLogin();
    });
  }

  private rejected(cause: FlooError): void {
    const { identities, listener } = this.deps;
    const end = sessionEnd(cause);
    if (cause.reason === TAKEN_OVER) this.currentAccount?.giveUp(cause);
    const uid = this.currentAccount?.uid ?? identities.load()?.uid;
    const action = end === 'stop' ? undefined : end;
    if (end) this.loggedIn = undefined;
    // A login that found no server changes nothing for a user who was logged in before.
    else if (this.accepted !== uid) this.loggedIn = undefined;
    if (action && uid)
      identities.forgetToken(uid).catch((error: unknown) => {
        listener.onProblem(FlooError.from(error, 'DbOperationFailed'));
      });
    if (this.pendingLogin) this.fail(this.pendingLogin, cause, 'socket_failure');
    else listener.onProblem(cause);
    if (action) listener.onAction(action);
  }

  private fail(login: Deferred, error: FlooError, desc: string): void {
    if (this.pendingLogin !== login) return;
    this.deps.connection.unprepare();
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
