import { FlooError } from './errors.ts';
import type { Hosts } from './bootstrap/hosts.ts';
import { appConfig } from './http/endpoints.ts';
import type { RestClient } from './http/rest-client.ts';
import type { AppStatus } from './managers/app-source.ts';
import { PLATFORM_WEB } from './model/device.ts';
import type { Preferences } from './platform/ports.ts';
import { parseJsonObject } from './util/lossless-json.ts';

/** Asks for the app's configuration as soon as DNS answers. */
export function followAppStatus(hosts: Hosts, rest: RestClient, preferences: Preferences, appId: string): AppStatus {
  const key = `flooim.${appId}.config`;
  const status = { config: parseJsonObject(preferences.get(key) ?? ''), refusedAs: '' };
  hosts
    .refresh()
    .then(async () => {
      const { data } = await rest.call<Record<string, unknown>>(appConfig, { platform: PLATFORM_WEB });
      status.config = data;
      preferences.set(key, JSON.stringify(data));
    })
    .catch((error: unknown) => {
      // A DNS failure is told by others; without an answer the configuration of the last run serves.
      status.refusedAs = String(FlooError.from(error, 'ServerDNSFailed').details?.['appStatus'] ?? '');
    });
  return status;
}
