import { buildClient } from '../client.ts';
import type { ConfigurableClient, FlooClient } from '../client.ts';
import type { ClientOptions } from '../options.ts';
import type { Platform } from '../platform/ports.ts';

/** The two ways in, of one platform. */
export interface Gate {
  /**
   * The drop-in: configures the page-wide client and returns it, the same object at every call; its listeners stay.
   * `new flooim(config)` does the same.
   */
  flooim: ((config: ClientOptions) => FlooClient) & (new (config: ClientOptions) => FlooClient);
  /** A client of its own: two in one page share nothing but the stored data of a user both log in. */
  createClient(options?: ClientOptions): FlooClient;
}

/** @param createPlatform made for each client, `flooim()`'s by the first configuration. */
export function createGate(createPlatform: (options: ClientOptions) => Platform): Gate {
  // The one thing that is not an instance: `flooim(config)` must return it again.
  let shared: ConfigurableClient | undefined;
  function flooim(config: ClientOptions): FlooClient {
    shared ??= buildClient({ platform: createPlatform(config), dropIn: true });
    shared.configure(config);
    return shared;
  }
  return {
    flooim: flooim as Gate['flooim'],
    createClient: (options = {}) => {
      const client = buildClient({ platform: createPlatform(options), dropIn: false });
      client.configure(options);
      return client;
    },
  };
}
