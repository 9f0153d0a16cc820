import type { AccountSource } from './account/account.ts';
import { createCore } from './client-core.ts';
import type { ClientCore } from './client-core.ts';
import type { ClientEvents } from './client-events.ts';
import { FlooError } from './errors.ts';
import type { EventHandler, EventHandlers, EventName, FlooClient } from './floo-client.ts';
import { visit } from './http/rest-client.ts';
import type { RestClient } from './http/rest-client.ts';
import { currentUser } from './managers/app-source.ts';
import { createGroupManage } from './managers/group-manage.ts';
import { PLATFORM_WEB } from './model/device.ts';
import { mustFields, mustId, mustText } from './managers/arguments.ts';
import { withReadableArguments } from './managers/readable-arguments.ts';
import { createRosterManage } from './managers/roster-manage.ts';
import { createRtcManage } from './managers/rtc-manage.ts';
import { createSysManage } from './managers/sys-manage.ts';
import { createUserManage } from './managers/user-manage.ts';
import { parseId } from './model/ids.ts';
import type { IdInput } from './model/ids.ts';
import { resolveOptions } from './options.ts';
import type { ClientOptions } from './options.ts';
import type { Platform } from './platform/ports.ts';
import { Emitter } from './util/emitter.ts';
import { isLogLevel, withLevel } from './util/log-level.ts';
import type { LogLevel } from './util/log-level.ts';
import type { UpFrame } from './wire/frame-types.ts';

/** A client that can be configured again and keeps its handlers. `flooim(config)` does that at every call. */
export interface ConfigurableClient extends FlooClient {
  /**
   * Ends what the client does now and starts again with these options.
   *
   * @param options - the new options
   * @throws FlooError `InvalidParam` when `appid` is empty, or another option has a value that it cannot have
   */
  configure(options: ClientOptions): void;
}

/** The input of {@link buildClient}. */
export interface ClientSetup {
  /** Sockets, HTTP, storage and the other things that a client needs from its platform. */
  platform: Platform;
  /** Whether the client follows the handler rules that deployed apps rely on, as `flooim()` does. */
  dropIn: boolean;
}

/**
 * Builds a client on a platform of one's own. Call `configure` before anything else.
 *
 * Apps use `flooim` or `createClient`, which bring the platform.
 */
export function buildClient({ platform, dropIn }: ClientSetup): ConfigurableClient {
  let logLevel: LogLevel;
  const logger = withLevel(platform.logger, () => logLevel);
  const emitter = new Emitter<ClientEvents>({
    bySourceText: dropIn,
    onHandlerError: (error, event) => logger.error(`a handler of ${event} failed`, error),
  });
  let core: ClientCore | undefined;
  /** Gives the slot of the core back. */
  let freeSlot = (): void => undefined;
  const takeSlot = (appId: string): number => {
    const slot = platform.slots?.take(appId) ?? 1;
    freeSlot = () => {
      platform.slots?.free(appId, slot);
      freeSlot = () => undefined;
    };
    return slot;
  };
  const mustCore = (): ClientCore => {
    if (!core) throw new FlooError('UserNotLogin', 'the client was disposed of');
    return core;
  };
  const accounts: AccountSource = {
    current: () => core?.session.account,
    resumed: async () => {
      await core?.resumed;
      return core?.session.account;
    },
  };
  const rest: RestClient = { call: async (endpoint, params) => mustCore().rest.call(endpoint, params) };
  const app = (): ClientCore | undefined => core;
  const on = (first: EventName | EventHandlers, handler?: unknown): (() => void) => {
    const unsubscribers = bindings(first, handler).map(([event, bound]) => emitter.on(event, bound));
    return () => unsubscribers.forEach((unsubscribe) => unsubscribe());
  };
  const idLogin: FlooClient['idLogin'] = (credentials) =>
    quiet(async () => {
      const { user_id, password } = mustFields(credentials, 'credentials');
      return mustCore().session.login({
        by: 'id',
        user_id: mustId(user_id, 'user_id'),
        password: mustText(password, 'password'),
      });
    });
  const userManage = createUserManage({ accounts, rest, app, emitter });
  const sysManage = createSysManage({
    accounts,
    rest,
    app,
    clock: platform.clock,
    visit: async (url, params) => visit(platform.http, url, params, mustCore().options.requestTimeoutMs),
    files: platform.files,
    upload: async (...upload) => mustCore().upload(...upload),
    download: async (...download) => mustCore().download(...download),
    onCallbackError: (error) => logger.error('a processCallback failed', error),
    // Experiments may pass anything. Encoding throws for an object that is no frame.
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

  const methods = withReadableArguments<ClientMethods>({
    configure: (options) => {
      const resolved = resolveOptions(options, platform, dropIn);
      logLevel = resolved.logLevel;
      freeSlot();
      void core?.dispose();
      core = createCore({ options: resolved, platform, slot: takeSlot(resolved.appId), emitter, logger });
    },
    login: (credentials) =>
      quiet(async () => {
        const { name, mobile, password } = mustFields(credentials ?? {}, 'credentials');
        if ((!name && !mobile) || !password)
          throw new FlooError('InvalidParam', 'login needs name or mobile, and password');
        const user = name ? { name: mustText(name, 'name') } : { mobile: mustText(mobile, 'mobile') };
        return mustCore().session.login({ by: 'user', ...user, password: mustText(password, 'password') });
      }),
    idLogin,
    qrlogin: idLogin,
    tokenLogin: (first: IdInput | { user_id: IdInput; token: string }, second?: string) =>
      quiet(async () => {
        const [userId, token] =
          typeof first === 'object' && first !== null && 'token' in first
            ? [first.user_id, first.token]
            : [first, second];
        if (!token) throw new FlooError('InvalidParam', 'tokenLogin needs a token');
        return mustCore().session.login({
          by: 'token',
          user_id: mustId(userId, 'user_id'),
          token: mustText(token, 'token'),
        });
      }),
    wxlogin: () => undefined,
    logout: async (options) => {
      const current = mustCore();
      const { quitAllWeb, wipe, linkLogin, deleteUser } = options ?? {};
      if (quitAllWeb)
        await kickOtherWebs().catch((error: unknown) => logger.warn('other web sessions were not kicked', error));
      // While there is a connection, so that the media server hears of it.
      current.calls?.handleSessionEnd();
      await current.session
        .logout(wipe ?? current.options.wipeOnLogout)
        .finally(() => emitter.emit('logout', undefined));
      if (!linkLogin && !deleteUser) reload();
    },
    cleanup: () => quiet(cleanup),
    kickAllWeb: () => quiet(async () => kickOtherWebs().then(cleanup).then(reload)),
    setLogLevel: (level) => {
      if (!isLogLevel(level)) throw new FlooError('InvalidParam', 'level is none');
      logLevel = level;
    },
    disConnect: () => core?.session.disconnect(),
    isLogin: () => !!core?.session.isLoggedIn,
    isSelf: (id) => {
      const uid = parseId(id);
      return uid !== undefined && uid === currentUser(accounts, app);
    },
    isReady: () => !!core?.isReady,
    isAppInfoReady: () => !!sysManage.getAppStatus(),
    explain: async () => mustCore().story.explain(),
    on,
    listen: on,
    off: (first: EventName | EventHandlers, handler?: unknown) => {
      for (const [event, bound] of bindings(first, handler)) emitter.off(event, bound);
    },
    dispose: async () => {
      const old = core;
      core = undefined;
      freeSlot();
      await old?.dispose();
    },
  });
  return {
    ...methods,
    get baseUrl() {
      return core?.hosts.current('ratel');
    },
    userManage: withReadableArguments(userManage),
    rosterManage: withReadableArguments(createRosterManage({ accounts, rest, emitter })),
    groupManage: withReadableArguments(createGroupManage({ accounts, rest, emitter })),
    sysManage: withReadableArguments(sysManage),
    rtcManage: withReadableArguments(createRtcManage(sysManage.sendRosterMessage, () => core?.calls?.rtcManage)),
    get calls() {
      return core?.calls?.calls;
    },
  };
}

type ClientMethods = Omit<ConfigurableClient, 'baseUrl' | `${string}Manage`>;

/** A promise whose rejection needs no handler: deployed apps ignore it, and an unhandled rejection would end a Node process. */
function quiet(run: () => Promise<void>): Promise<void> {
  const outcome = (async () => run())();
  outcome.catch(() => undefined);
  return outcome;
}

/** The event and handler pairs of a call of `on` or `off`, in either form; anything but a function is left out. */
function bindings(first: EventName | EventHandlers, handler: unknown): [EventName, EventHandler<EventName>][] {
  const pairs: [string, unknown][] = typeof first === 'string' ? [[first, handler]] : Object.entries(first ?? {});
  return pairs.filter((pair): pair is [EventName, EventHandler<EventName>] => typeof pair[1] === 'function');
}
