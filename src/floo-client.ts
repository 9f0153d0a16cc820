import type { Explanation } from './chronicle/explanation.ts';
import type { ClientEvents } from './client-events.ts';
import type { GroupManage } from './managers/group-manage.ts';
import type { RosterManage } from './managers/roster-manage.ts';
import type { RtcManage } from './managers/rtc-manage.ts';
import type { SysManage } from './managers/sys-manage.ts';
import type { UserManage } from './managers/user-manage.ts';
import type { IdInput } from './model/ids.ts';
import type { OneOf } from './model/one-of.ts';
import type { LoginInfo } from './model/user-access.ts';
import type { LogLevel } from './util/log-level.ts';

/** Name of an event. */
export type EventName = keyof ClientEvents;
/**
 * Handler of an event. It may be asynchronous. What it throws, or rejects with, is logged and harms no other handler.
 *
 * @param payload - the event's payload. It is a copy that belongs to the app: the handler may keep it and write into it.
 *   All handlers of one emission get the same copy.
 */
export type EventHandler<K extends EventName> = (payload: ClientEvents[K]) => unknown;
/** Names that deployed apps bind although no event has them. */
export type NeverEmitted =
  'auth' | 'login' | 'loginMessage' | 'loginerror' | 'message' | 'onDisconnect' | 'onGroupRTCMessage' | 'refresh_retal';
/**
 * Handler of an event that is not emitted, or whose name is in a variable.
 *
 * @param payload - the event's payload
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- which event it is, the compiler does not know
export type NeverEmittedHandler = (payload: any) => unknown;
/** Handlers by event name. Values that are no functions are ignored, because deployed apps pass `''`. */
export type EventHandlers = { readonly [K in EventName]?: EventHandler<K> | '' | null | undefined } & {
  readonly [Name in NeverEmitted]?: NeverEmittedHandler | '' | null | undefined;
};

/** Options of `logout()`. */
export interface LogoutOptions {
  /**
   * Log out the user's other web sessions first. The logout goes on when that fails.
   * @default false
   */
  quitAllWeb?: boolean;
  /**
   * Do not reload the page.
   * @default false
   */
  linkLogin?: boolean;
  /**
   * Do not reload the page, because the account was deleted.
   * @default false
   */
  deleteUser?: boolean;
  /**
   * Remove everything stored of this user: messages, conversations, drafts and the device's names, also what the deployed SDK
   * stored. Data of other users of this device stays.
   * @default the option `wipeOnLogout`
   */
  wipe?: boolean;
}

/** The im object that `flooim(config)` and `createClient(options)` return. Its functions need no `this`. */
export interface FlooClient {
  /**
   * Logs in with a user name or mobile number and a password. It waits until the app's servers are known.
   *
   * @param credentials.name - user name
   * @param credentials.mobile - mobile number, instead of `name`
   * @param credentials.password - password
   * @returns a promise that resolves with the event `loginSuccess`
   * @throws FlooError `InvalidParam` when the password, or both `name` and `mobile`, are missing
   * @throws FlooError `UserAuthFailed` when name or password are wrong
   * @throws FlooError `SignInCancelled` when another login, `logout()` or `disConnect()` came before its end
   * @throws FlooError the reason of `loginFail` in all other cases, e.g. `ServerNotReachable`
   * @example
   * im.on('onRosterMessage', (message) => console.log(message.from, message.content));
   * await im.login({ name: 'alice', password: 'demo1234' });
   */
  login(credentials: { name?: string; mobile?: string; password: string }): Promise<void>;
  /**
   * Logs in with a user id and a password. Resolves and rejects as {@link FlooClient.login} does.
   *
   * @param credentials.user_id - user id
   * @param credentials.password - password
   */
  idLogin(credentials: { user_id: IdInput; password: string } | LoginInfo): Promise<void>;
  /** Logs in with the user id and password of a scanned code, as {@link FlooClient.idLogin} does. */
  qrlogin: FlooClient['idLogin'];
  /**
   * Logs in with a token that the app has. Resolves and rejects as {@link FlooClient.login} does.
   *
   * @param userId - user id
   * @param token - token of `userManage.getToken()` or `asyncTokenUser()`
   * @param public_key - not used; deployed apps pass it
   * @example
   * const { user_id, token } = await im.userManage.asyncTokenUser({ name: 'alice', password: 'demo1234' });
   * await im.tokenLogin(user_id, token);
   */
  tokenLogin(userId: IdInput, token: string, public_key?: string): Promise<void>;
  /**
   * Logs in with a token that the app has, given as one object.
   *
   * @param credentials.user_id - user id
   * @param credentials.token - token
   */
  tokenLogin(credentials: { user_id: IdInput; token: string }): Promise<void>;
  /**
   * Ends the session and forgets its token. When the promise resolves the token cannot come back, even if the browser is killed.
   * Messages stay for the next login of this user, unless `wipe` or the option `wipeOnLogout` is true.
   *
   * @throws FlooError `DbOperationFailed` when stored data could not be removed; the session has ended all the same
   * @example
   * await im.logout({ wipe: true });
   */
  logout(options?: LogoutOptions): Promise<void>;
  /** Closes the socket and stays offline until the next login. Stored data and the token stay. */
  disConnect(): void;
  /**
   * Whether somebody is logged in, whatever the socket does: also after `disConnect()`, and while the client connects. False after
   * `logout()`, and when the server ended the session or refused its token. Until `isReady()`, the data of a stored session is
   * being opened: lists are empty, calls that return a promise wait for it, and sends throw `UserNotLogin`.
   */
  isLogin(): boolean;
  /**
   * Whether an id is that of the user who is logged in. It takes every form of an id: ids are decimal text in messages and numbers
   * elsewhere. False when nobody is logged in, and for a value that is no id.
   *
   * @param id - a user id
   * @example
   * const others = im.groupManage.getGroupMembers(6597478514689).filter(({ user_id }) => !im.isSelf(user_id));
   * console.log(others.length);
   */
  isSelf(id: IdInput | null | undefined): boolean;
  /** Whether the app's servers are known, and a stored session counts: `isLogin()` is right from then on. */
  isReady(): boolean;
  /** Whether the state of the app is known, see `sysManage.getAppStatus`. */
  isAppInfoReady(): boolean;
  /** @deprecated It does nothing, as in the deployed SDK. Use `sysManage.asyncWxlogin` for a login by WeChat. */
  wxlogin(): void;
  /**
   * Ends the session and removes everything stored of the user, as `logout({ wipe: true })` does. It does not emit `logout` and
   * does not reload the page.
   *
   * @throws FlooError `DbOperationFailed` when stored data could not be removed
   */
  cleanup(): Promise<void>;
  /**
   * Logs out the user's other web sessions, calls {@link FlooClient.cleanup}, and reloads the page if the option
   * `reloadOnLogout` is on.
   *
   * @throws FlooError when the devices could not be listed; nothing has happened then
   */
  kickAllWeb(): Promise<void>;
  /**
   * Changes the log level. It holds until `flooim(config)` is called again.
   *
   * @param level - the least severe level to log
   * @throws FlooError `InvalidParam` when there is no such level
   */
  setLogLevel<Level extends string>(level: OneOf<LogLevel, Level>): void;
  /**
   * Adds a handler for an event. It replaces the same handler when that was added before.
   *
   * Under `flooim()` two handlers are the same when their source text is the same, as deployed apps need it. Under
   * `createClient()` they are the same when they are the same function.
   *
   * @param event - name of the event
   * @param handler - is called with the event's payload
   * @returns a function that removes the handler
   * @example
   * const off = im.on('onUnreadChange', (id) => console.log('unread changed in', id));
   * off();
   */
  on<K extends EventName>(event: K, handler: EventHandler<K>): () => void;
  /**
   * Adds a handler for an event whose name is in a variable. A name that no event has is taken and never emitted.
   *
   * @param event - name of the event
   * @param handler - is called with the event's payload
   * @returns a function that removes the handler
   */
  on<Name extends string>(event: OneOf<NeverEmitted, Name>, handler: NeverEmittedHandler): () => void;
  /**
   * Adds handlers for several events.
   *
   * @param handlers - handlers by event name
   * @returns a function that removes them
   * @example
   * im.on({
   *   loginSuccess: () => console.log('online'),
   *   onGroupMessage: (message) => console.log(message.to, message.content),
   * });
   */
  on(handlers: EventHandlers): () => void;
  /** Adds handlers: another name of {@link FlooClient.on}. */
  listen: FlooClient['on'];
  /**
   * Removes a handler. A value that is no function is ignored.
   *
   * @param event - name of the event
   * @param handler - the handler that was added
   */
  off<K extends EventName>(event: K, handler: EventHandler<K> | '' | null | undefined): void;
  /**
   * Removes a handler of an event whose name is in a variable.
   *
   * @param event - name of the event
   * @param handler - the handler that was added
   */
  off<Name extends string>(event: OneOf<NeverEmitted, Name>, handler: unknown): void;
  /**
   * Removes handlers of several events.
   *
   * @param handlers - the handlers that were added, by event name
   */
  off(handlers: EventHandlers): void;
  /**
   * Explains the connection: its state, the newest steps that led to it, what waits and why, the clock, the storage and the servers.
   * It contains no token, password or message, so that an app can add it to a report. `flooim/error-texts` has sentences for its
   * codes.
   *
   * @returns a promise of the explanation; it never rejects while the client lives
   * @throws FlooError `UserNotLogin` after `dispose()`
   * @example
   * import { explanationText } from 'flooim/error-texts';
   *
   * console.log(explanationText(await im.explain(), 'en'));
   */
  explain(): Promise<Explanation>;
  /** The REST host in use, `protocol://host`. Undefined before the app's servers are known. */
  readonly baseUrl: string | undefined;
  /** The user's own account, and the conversation list. */
  readonly userManage: UserManage;
  /** Friends, and chats with one user. */
  readonly rosterManage: RosterManage;
  /** Groups, and group chats. */
  readonly groupManage: GroupManage;
  /** Sending, history, search, files, and the app's servers. */
  readonly sysManage: SysManage;
  /** Calls as the deployed SDK has them. They need the option `rtc`. */
  readonly rtcManage: RtcManage;
  /**
   * Calls: `Calls` of `flooim/rtc`, whose type `createClient` knows. Undefined without the option `rtc`.
   */
  readonly calls?: unknown;
  /** Ends the client: it closes sockets, timers and databases. Stored data and the token stay. */
  dispose(): Promise<void>;
}
