import { buildClient } from '../client.ts';
import type { ConfigurableClient, FlooClient } from '../client.ts';
import type { ClientOptions } from '../options.ts';
import { createNodePlatform } from '../platform/node/index.ts';

export * from '../index.ts';

/** The process-wide client of the drop-in, see `flooim`. */
let shared: ConfigurableClient | undefined;

/** The drop-in: configures the process's one client and returns it, the same object at every call; its listeners stay. */
export const flooim = function flooim(config: ClientOptions): FlooClient {
  shared ??= buildClient({ platform: createNodePlatform(), dropIn: true });
  shared.configure(config);
  return shared;
} as ((config: ClientOptions) => FlooClient) & (new (config: ClientOptions) => FlooClient);

export default flooim;

/** A client of its own; what it stores lives as long as it does. */
export function createClient(options: ClientOptions = {}): FlooClient {
  const client = buildClient({ platform: createNodePlatform(), dropIn: false });
  client.configure(options);
  return client;
}
