import type { AccountSession } from './account/account-session.ts';
import type { Hosts } from './bootstrap/hosts.ts';
import { FlooError, isFlooError } from './errors.ts';
import { APP_CONFIG } from './http/endpoints.ts';
import type { RestClient } from './http/rest-client.ts';
import type { AppStatus } from './managers/app-source.ts';
import { PLATFORM_WEB } from './model/device.ts';
import type { Logger, Preferences } from './platform/ports.ts';
import type { IdentityStore } from './session/identity.ts';
import { parseJsonObject } from './util/lossless-json.ts';

interface StartupDeps {
  appId: string;
  autoLogin: boolean;
  hosts: Hosts;
  rest: RestClient;
  session: AccountSession;
  identities: IdentityStore;
  preferences: Preferences;
  logger: Logger;
  /** Called when DNS or the resumed session fails in a way that the app must know. */
  onProblem(error: unknown): void;
}

/** Starts what a new core does by itself: it asks DNS, resumes the stored session and asks for the app's configuration. */
export function startUp(deps: StartupDeps): AppStatus {
  refreshHosts(deps);
  const stored = deps.autoLogin ? deps.identities.load() : undefined;
  if (stored) deps.session.resume(stored).catch(deps.onProblem);
  return followAppStatus(deps);
}

function refreshHosts({ hosts, logger, onProblem }: StartupDeps): void {
  const isCached = hosts.answer !== undefined;
  hosts.refresh().catch((error: unknown) => {
    if (!isCached || isFlooError(error, 'ServerAppFrozen')) onProblem(error);
    else logger.info('the DNS answer could not be refreshed; the cached one serves', error);
  });
}

/** Asks for the app's configuration when DNS has answered. Until then, and without an answer, the last one serves. */
function followAppStatus({ appId, hosts, rest, preferences }: StartupDeps): AppStatus {
  const key = `flooim.${appId}.config`;
  const status = { config: parseJsonObject(preferences.get(key) ?? ''), refusedAs: '' };
  hosts
    .refresh()
    .then(async () => {
      const { data } = await rest.call<Record<string, unknown>>(APP_CONFIG, { platform: PLATFORM_WEB });
      status.config = data;
      preferences.set(key, JSON.stringify(data));
    })
    .catch((error: unknown) => {
      // `refreshHosts` reports a failure of DNS.
      status.refusedAs = String(FlooError.from(error, 'ServerDNSFailed').details?.['appStatus'] ?? '');
    });
  return status;
}
