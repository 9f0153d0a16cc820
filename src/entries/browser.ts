import { buildClient } from '../client.ts';
import type { ConfigurableClient, FlooClient } from '../client.ts';
import type { ClientOptions } from '../options.ts';
import { createBrowserPlatform } from '../platform/browser/index.ts';

export * from '../index.ts';

/** The page-wide client: the one thing in the SDK that is not an instance, because `flooim(config)` must return it again. */
let shared: ConfigurableClient | undefined;

/** The drop-in: configures the page's one client and returns it, the same object at every call; its listeners stay. `new flooim(config)` does the same. */
export const flooim = function flooim(config: ClientOptions): FlooClient {
  shared ??= buildClient({ platform: createBrowserPlatform(), dropIn: true });
  shared.configure(config);
  return shared;
} as ((config: ClientOptions) => FlooClient) & (new (config: ClientOptions) => FlooClient);

export default flooim;

/** A client of its own: two in one page share nothing but the stored data of a user both log in. */
export function createClient(options: ClientOptions = {}): FlooClient {
  const client = buildClient({ platform: createBrowserPlatform(), dropIn: false });
  client.configure(options);
  return client;
}
