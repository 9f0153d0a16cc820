import { copyData } from '../util/copy-data.ts';
import type { AppSource } from './app-source.ts';

/** The switches of an app, as its server sends them. */
export interface AppConfig {
  /** Whether members of groups cannot see each other's details. */
  hide_member_info?: boolean | number;
  /** To how many users a message may be forwarded at once. */
  message_forward_max_user_num?: number;
  /** How many messages may be forwarded at once. */
  message_forward_max_message_num?: number;
  /** Whatever else the server sends. */
  readonly [name: string]: unknown;
}

/** The app and its servers, as the last DNS answer describes them. The argument `appid` has no effect. */
export interface AppInfo {
  /**
   * Returns the URLs of the servers in use. Empty before the servers are known.
   *
   * @param appid - no effect; deployed apps pass it
   */
  getServers(appid?: string): {
    /** The REST host. */
    ratel?: string;
    /** The socket host. */
    fireplace?: string;
    /** The media server for calls, where the app has one. */
    rtc?: string;
  };
  /**
   * Returns the address of the first REST host, to show it. `''` when it is not known.
   *
   * @param appid - no effect; deployed apps pass it
   */
  getServerIp(appid?: string): string;
  /**
   * Returns the switches of the app. Undefined until the server has sent them.
   *
   * @param appid - no effect; deployed apps pass it
   */
  getAppConfig(appid?: string): AppConfig | undefined;
  /**
   * Returns the state of the app: `'banned'`, `'frozen'` or `'revoked'`; something else when it is healthy; `''` when
   * it is not known.
   *
   * @param appid - no effect; deployed apps pass it
   */
  getAppStatus(appid?: string): string;
  /**
   * Returns facts about the owner of the app: `type`, `status`, `name`. Empty when they are not known.
   *
   * @param appid - no effect; deployed apps pass it
   */
  getAccountVerification(appid?: string): Record<string, unknown>;
  /** Returns the option `linkServer`. */
  getLinkServer(): string;
}

export function createAppInfo(app: () => AppSource | undefined): AppInfo {
  const answer = (): AppSource['hosts']['answer'] => app()?.hosts.answer;
  return {
    getServers: () => {
      const { hosts, options } = app() ?? {};
      const ratel = hosts?.current('ratel');
      const fireplace = hosts?.current('fireplace');
      if (!ratel || !fireplace) return {};
      const rtc = hosts?.mediaServer;
      return {
        ratel,
        fireplace: options?.transport === 'raw' ? fireplace.replace(/^http/, 'ws') : fireplace,
        ...(rtc && { rtc }),
      };
    },
    getServerIp: () => answer()?.serverIp ?? '',
    getAppConfig: () => copyData(app()?.status.config),
    getAppStatus: () => app()?.status.refusedAs || (answer()?.appStatus ?? ''),
    getAccountVerification: () => copyData(answer()?.accountVerification ?? {}),
    getLinkServer: () => app()?.options.linkServer ?? '',
  };
}
