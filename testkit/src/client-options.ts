import type { PlatformParts } from '../../src/index.ts';
import type { TestPlatform } from './device.ts';

/** The host of the server in memory. Names below `localhost` are this machine's own, so a client takes it without TLS. */
export const HOST = 'memory.localhost';
export const BASE_URL = `http://${HOST}`;

/** Options that make a client use the server in memory. Spread them before options of your own. */
export interface TestClientOptions {
  /** The app. */
  appid: string;
  /** URL at which the client asks for the servers of the app. */
  dnsServer: string;
  /** The parts of the platform that are in memory. */
  platform: PlatformParts;
}

export const optionsFor = (appid: string, platform: TestPlatform): TestClientOptions => ({
  appid,
  dnsServer: `${BASE_URL}/v2/app_dns`,
  platform,
});
