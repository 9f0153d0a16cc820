import type { AppSource } from './app-source.ts';

/** The app and its servers, as DNS said last (api-surface 2.4). The app id that deployed apps pass is that of this client. */
export interface AppInfo {
  /** URLs of the servers in use; without `rtc` where there are no calls, and empty before the servers are known. */
  getServers(appid?: string): { ratel?: string; fireplace?: string; rtc?: string };
  /** Address of the first REST host, to show; `''` when unknown. */
  getServerIp(appid?: string): string;
  /** Switches of the app, e.g. `hide_member_info`; undefined until the server told them. */
  getAppConfig(appid?: string): Record<string, unknown> | undefined;
  /** `'banned'`, `'frozen'`, `'revoked'`, anything else when healthy, `''` when unknown. */
  getAppStatus(appid?: string): string;
  /** Who stands behind the app: `type`, `status`, `name`; empty when unknown. */
  getAccountVerification(appid?: string): Record<string, unknown>;
  /** The option `linkServer`. */
  getLinkServer(): string;
}

export function createAppInfo(app: () => AppSource | undefined): AppInfo {
  const answer = (): AppSource['hosts']['answer'] => app()?.hosts.answer;
  return {
    getServers: () => {
      const { hosts, options } = app() ?? {};
      const [ratel, fireplace] = [hosts?.current('ratel'), hosts?.current('fireplace')];
      if (!ratel || !fireplace) return {};
      const rtc = answer()?.clusters.find((cluster) => cluster.ratel.includes(ratel))?.rtc[0];
      return {
        ratel,
        fireplace: options?.transport === 'raw' ? toSocket(fireplace) : fireplace,
        ...(rtc && { rtc: toSocket(rtc) }),
      };
    },
    getServerIp: () => answer()?.serverIp ?? '',
    getAppConfig: () => app()?.status.config,
    getAppStatus: () => app()?.status.refusedAs || (answer()?.appStatus ?? ''),
    getAccountVerification: () => answer()?.accountVerification ?? {},
    getLinkServer: () => app()?.options.linkServer ?? '',
  };
}

const toSocket = (url: string): string => url.replace(/^http/, 'ws');
