import type { AccountSession } from './account/account-session.ts';
import { dnsOwner } from './bootstrap/dns.ts';
import type { Hosts } from './bootstrap/hosts.ts';
import { FlooError, isFlooError } from './errors.ts';
import { APP_CONFIG } from './http/endpoints.ts';
import type { RestClient } from './http/rest-client.ts';
import type { AppStatus } from './managers/app-source.ts';
import { PLATFORM_WEB } from './model/device.ts';
import type { Logger, Preferences } from './platform/ports.ts';
import type { IdentityStore } from './session/identity.ts';
import { parseJsonObject } from './util/lossless-json.ts';

/** Characters of an app's configuration that are kept for the next start. It is a handful of switches. */
const MAX_KEPT_CONFIG = 20_000;

interface StartupDeps {
  appId: string;
  autoLogin: boolean;
  dnsServer: string | undefined;
  hosts: Hosts;
  rest: RestClient;
  session: AccountSession;
  identities: IdentityStore;
  preferences: Preferences;
  logger: Logger;
  /** Called when DNS or the resumed session fails in a way that the app must know. */
  onProblem(error: unknown): void;
  /** The core was disposed of. */
  isOver(): boolean;
}

type WritableStatus = { -readonly [Field in keyof AppStatus]: AppStatus[Field] };

interface Startup {
  readonly status: AppStatus;
  /** The stored session counts, or there is none, or it failed. */
  readonly isDone: boolean;
  /** Resolves when it is done. */
  readonly done: Promise<void>;
}

/** Starts what a new core does by itself: it asks DNS, resumes the stored session and asks for the app's configuration. */
export function startUp(deps: StartupDeps): Startup {
  const status: WritableStatus = { config: undefined, refusedAs: '' };
  let isDone = false;
  const begin = async (): Promise<void> => {
    refreshHosts(deps);
    const resumed = resumeStored(deps);
    followAppStatus(deps, status);
    await resumed;
    isDone = true;
  };
  // A page knows its user and its hosts at once, a worker has to load them first.
  const loading = deps.preferences.load?.();
  const begun = loading ? undefined : begin();
  // Later in any case: the app adds its handlers after this call.
  const done = Promise.resolve(loading).then(async () => {
    if (deps.isOver()) return;
    deps.hosts.open();
    await (begun ?? begin());
  });
  return {
    status,
    done,
    get isDone() {
      return isDone;
    },
  };
}

/** Never rejects. */
async function resumeStored({ autoLogin, session, identities, onProblem }: StartupDeps): Promise<void> {
  await (autoLogin ? session.resume() : identities.open()).catch(onProblem);
}

function refreshHosts({ hosts, logger, onProblem }: StartupDeps): void {
  const isCached = hosts.answer !== undefined;
  hosts.refresh().catch((error: unknown) => {
    if (!isCached || isFlooError(error, 'ServerAppFrozen')) onProblem(error);
    else logger.info('the DNS answer could not be refreshed; the cached one serves', error);
  });
}

/** Asks for the app's configuration when DNS has answered. Until then, and without an answer, the last one serves. */
function followAppStatus({ appId, dnsServer, hosts, rest, preferences }: StartupDeps, status: WritableStatus): void {
  const key = configKey(appId, dnsServer);
  status.config = parseJsonObject(preferences.get(key) ?? '');
  hosts
    .refresh()
    .then(async () => {
      const { data } = await rest.call<unknown>(APP_CONFIG, { platform: PLATFORM_WEB });
      const text = JSON.stringify(data ?? null);
      const config = parseJsonObject(text);
      if (!config) return;
      status.config = config;
      // The preferences have the login, too, and a browser gives them some megabytes.
      if (text.length <= MAX_KEPT_CONFIG) preferences.set(key, text);
    })
    .catch((error: unknown) => {
      // `refreshHosts` reports a failure of DNS.
      status.refusedAs = String(FlooError.from(error, 'ServerDNSFailed').details?.['appStatus'] ?? '');
    });
}

/** The configuration of an app at one DNS server says nothing about another. */
function configKey(appId: string, dnsServer: string | undefined): string {
  const owner = dnsOwner(dnsServer);
  return owner === dnsOwner(undefined) ? `flooim.${appId}.config` : `flooim.${appId}.config.${owner}`;
}
