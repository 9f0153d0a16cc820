import type { AccountSource } from './account/account.ts';
import { createCore } from './client-core.ts';
import type { ClientCore } from './client-core.ts';
import type { ClientEvents } from './client-events.ts';
import { FlooError } from './errors.ts';
import type { RestClient } from './http/rest-client.ts';
import { visit } from './http/visit.ts';
import { createGroupManage } from './managers/group-manage.ts';
import type { GroupManage } from './managers/group-manage.ts';
import { PLATFORM_WEB } from './model/device.ts';
import { mustId } from './managers/message-queries.ts';
import { createRosterManage } from './managers/roster-manage.ts';
import type { RosterManage } from './managers/roster-manage.ts';
import { createRtcManage } from './managers/rtc-manage.ts';
import type { RtcManage } from './managers/rtc-manage.ts';
import { createSysManage } from './managers/sys-manage.ts';
import type { SysManage } from './managers/sys-manage.ts';
import { createUserManage } from './managers/user-manage.ts';
import type { UserManage } from './managers/user-manage.ts';
import type { IdInput } from './model/ids.ts';
import { resolveOptions } from './options.ts';
import type { ClientOptions } from './options.ts';
import type { Platform } from './platform/ports.ts';
import { Emitter } from './util/emitter.ts';
import { withLevel } from './util/log-level.ts';
import type { LogLevel } from './util/log-level.ts';
import type { UpFrame } from './wire/frame-types.ts';

export type EventName = keyof ClientEvents;
export type EventHandler<K extends EventName> = (payload: ClientEvents[K]) => void;
/** Handlers by event name. Anything but a function is ignored, as deployed apps pass `''`. */
export type EventHandlers = { readonly [K in EventName]?: EventHandler<K> | '' | null | undefined };

export interface LogoutOptions {
  /** Log out the user's other web sessions first, see {@link FlooClient.kickAllWeb}; what fails of that stops no logout. */
  quitAllWeb?: boolean;
  /** Stay on the page, where a logout would reload it. */
  linkLogin?: boolean;
  /** The account was deleted: stay on the page. */
  deleteUser?: boolean;
  /**
   * Remove what is stored of this user: messages, conversations, drafts and the device's names, those of the deployed SDK
   * included. What other users of this device have stays. Default: the option `wipeOnLogout`.
   */
  wipe?: boolean;
}

/** The im object: what `flooim(config)` and `createClient(options)` return. Its functions need no `this`. */
export interface FlooClient {
  /**
   * Log in with name (or mobile) and password. Before the servers are known it waits for them.
   *
   * @returns a promise that resolves with `loginSuccess` and rejects with the FlooError behind `loginFail`.
   */
  login(credentials: { name?: string; mobile?: string; password: string }): Promise<void>;
  /** The same with the user id. */
  idLogin(credentials: { user_id: IdInput; password: string }): Promise<void>;
  /** The same as {@link FlooClient.idLogin}, with what a scanned code gave. */
  qrlogin: FlooClient['idLogin'];
  /** The same with a token that the app has; also as one object `{user_id, token}`. The third argument is not needed. */
  tokenLogin(userId: IdInput, token: string, public_key?: string): Promise<void>;
  tokenLogin(credentials: { user_id: IdInput; token: string }): Promise<void>;
  /**
   * Closes the session and forgets its token. The messages stay for the next login of this user, unless `wipe` or the
   * option `wipeOnLogout` says otherwise.
   *
   * @returns a promise that rejects with DbOperationFailed when what is stored could not be removed; logged out it is.
   */
  logout(options?: LogoutOptions): Promise<void>;
  /** Closes the socket and stays offline until the next login; everything stored is kept. */
  disConnect(): void;
  /** Whether a session is kept, online or on its way back. */
  isLogin(): boolean;
  /** Whether the servers are known. */
  isReady(): boolean;
  /** Whether DNS said how the app stands, see `sysManage.getAppStatus`. */
  isAppInfoReady(): boolean;
  /** @deprecated does nothing, as deployed. `sysManage.asyncWxlogin` asks for a login by WeChat. */
  wxlogin(): void;
  /** Ends the session and removes everything of the user from this device, as `logout({wipe: true})`, but tells no `logout` and reloads nothing. */
  cleanup(): Promise<void>;
  /**
   * Logs out the user's other web sessions, then this one with {@link FlooClient.cleanup}, and reloads the page where the
   * option `reloadOnLogout` says so. @throws FlooError when the devices could not be had; nothing was done then.
   */
  kickAllWeb(): Promise<void>;
  /** From now on; until the next configuration. */
  setLogLevel(level: LogLevel): void;
  /** Binds a handler, in the place of the same one bound before. @returns an idempotent unsubscriber. */
  on<K extends EventName>(event: K, handler: EventHandler<K>): () => void;
  on(handlers: EventHandlers): () => void;
  /** The same as {@link FlooClient.on}. */
  listen: FlooClient['on'];
  /** Unbinds a handler; anything but a function is ignored. */
  off<K extends EventName>(event: K, handler: EventHandler<K> | '' | null | undefined): void;
  off(handlers: EventHandlers): void;
  /** The REST host in use, `protocol://host`; undefined before the servers are known. */
  readonly baseUrl: string | undefined;
  readonly userManage: UserManage;
  readonly rosterManage: RosterManage;
  readonly groupManage: GroupManage;
  readonly sysManage: SysManage;
  readonly rtcManage: RtcManage;
  /** Ends everything: no socket, timer or database is left. Nothing is forgotten. */
  dispose(): Promise<void>;
}

/** A client that can be configured again, keeping its listeners: what `flooim(config)` does at every call. */
export interface ConfigurableClient extends FlooClient {
  configure(options: ClientOptions): void;
}

export interface ClientSetup {
  platform: Platform;
  /** The page-wide object of deployed apps, with the listener rules they rely on. */
  dropIn: boolean;
}

export function buildClient({ platform, dropIn }: ClientSetup): ConfigurableClient {
  let logLevel: LogLevel;
  const logger = withLevel(platform.logger, () => logLevel);
  const emitter = new Emitter<ClientEvents>({
    bySourceText: dropIn,
    onHandlerError: (error, event) => logger.error(`a handler of ${event} threw`, error),
  });
  let core: ClientCore | undefined;
  const mustCore = (): ClientCore => {
    if (!core) throw new FlooError('UserNotLogin', 'the client was disposed of');
    return core;
  };
  const accounts: AccountSource = { current: () => core?.session.account };
  const rest: RestClient = { call: async (endpoint, params) => mustCore().rest.call(endpoint, params) };
  const app = (): ClientCore | undefined => core;
  const on = (first: EventName | EventHandlers, handler?: unknown): (() => void) => {
    const unsubscribers = bindings(first, handler).map(([event, bound]) => emitter.on(event, bound));
    return () => unsubscribers.forEach((unsubscribe) => unsubscribe());
  };
  const idLogin: FlooClient['idLogin'] = ({ user_id, password }) =>
    quiet(async () => mustCore().session.login({ by: 'id', user_id: mustId(user_id, 'user_id'), password }));
  const userManage = createUserManage({ accounts, rest, app });
  const sysManage = createSysManage({
    accounts,
    rest,
    app,
    clock: platform.clock,
    visit: async (url, params) => visit(platform.http, url, params, mustCore().options.requestTimeoutMs),
    files: platform.files,
    upload: async (...upload) => mustCore().upload(...upload),
    download: async (...download) => mustCore().download(...download),
    sendFrame: (frame) => core?.connection.send(frame as UpFrame),
  });
  const kickOtherWebs = async (): Promise<void> => {
    const self = userManage.getDeviceSN();
    const others = (await userManage.asyncGetDeviceList()).filter(
      ({ platform: kind, device_sn }) => kind === PLATFORM_WEB && device_sn !== self,
    );
    await Promise.all(
      others.map(async ({ device_sn }) =>
        userManage
          .asyncKickDevice({ device_sn })
          .catch((error: unknown) => logger.warn('a device was not kicked', error)),
      ),
    );
  };
  const reload = (): void => {
    if (core?.options.reloadOnLogout) platform.lifecycle.reload?.();
  };
  const cleanup = async (): Promise<void> => mustCore().session.logout(true);

  return {
    configure: (options) => {
      const resolved = resolveOptions(options, platform, dropIn);
      logLevel = resolved.logLevel;
      void core?.dispose();
      core = createCore(resolved, platform, emitter, logger);
    },
    login: (credentials) =>
      quiet(async () => {
        const { name, mobile, password } = credentials ?? {};
        if ((!name && !mobile) || !password)
          throw new FlooError('InvalidParam', 'login needs name or mobile, and password');
        return mustCore().session.login({ by: 'user', ...(name ? { name } : { mobile: mobile! }), password });
      }),
    idLogin,
    qrlogin: idLogin,
    tokenLogin: (first: IdInput | { user_id: IdInput; token: string }, second?: string) =>
      quiet(async () => {
        const [userId, token] =
          typeof first === 'object' && 'token' in first ? [first.user_id, first.token] : [first, second];
        if (!token) throw new FlooError('InvalidParam', 'tokenLogin needs a token');
        return mustCore().session.login({ by: 'token', user_id: mustId(userId, 'user_id'), token });
      }),
    wxlogin: () => undefined,
    logout: async (options) => {
      const current = mustCore();
      if (options?.quitAllWeb)
        await kickOtherWebs().catch((error: unknown) => logger.warn('other web sessions were not kicked', error));
      await current.session
        .logout(options?.wipe ?? current.options.wipeOnLogout)
        .finally(() => emitter.emit('logout', undefined));
      if (!options?.linkLogin && !options?.deleteUser) reload();
    },
    cleanup: () => quiet(cleanup),
    kickAllWeb: () => quiet(async () => kickOtherWebs().then(cleanup).then(reload)),
    setLogLevel: (level) => {
      logLevel = level;
    },
    disConnect: () => core?.session.disconnect(),
    isLogin: () => !!core?.session.isActive,
    isReady: () => !!core?.hosts.answer,
    isAppInfoReady: () => !!sysManage.getAppStatus(),
    on,
    listen: on,
    off: (first: EventName | EventHandlers, handler?: unknown) => {
      for (const [event, bound] of bindings(first, handler)) emitter.off(event, bound);
    },
    get baseUrl() {
      return core?.hosts.current('ratel');
    },
    userManage,
    rosterManage: createRosterManage({ accounts, rest, emitter }),
    groupManage: createGroupManage({ accounts, rest, emitter }),
    sysManage,
    rtcManage: createRtcManage(sysManage.sendRosterMessage),
    dispose: async () => {
      const old = core;
      core = undefined;
      await old?.dispose();
    },
  };
}

/** Deployed apps ignore what these return: an unhandled rejection would end a Node process. */
function quiet(run: () => Promise<void>): Promise<void> {
  const outcome = (async () => run())();
  outcome.catch(() => undefined);
  return outcome;
}

/** Both call forms of on and off as pairs, without what is no function. */
function bindings(first: EventName | EventHandlers, handler: unknown): [EventName, EventHandler<EventName>][] {
  const pairs: [string, unknown][] = typeof first === 'string' ? [[first, handler]] : Object.entries(first ?? {});
  return pairs.filter((pair): pair is [EventName, EventHandler<EventName>] => typeof pair[1] === 'function');
}
