import { buildClient } from '../client.ts';
import type { ConfigurableClient } from '../client.ts';
import type { FlooClient } from '../floo-client.ts';
import type { ClientOptions } from '../options.ts';
import type { Platform } from '../platform/ports.ts';

/** The two functions that make clients. */
export interface Gate {
  /**
   * Configures the client of the page and returns it: the drop-in for the deployed SDK.
   *
   * It returns the same object at every call, and its handlers stay. `new flooim(config)` does the same.
   *
   * @throws Error when `appid` is empty
   * @example
   * import flooim from 'flooim';
   *
   * const im = flooim({ appid: 'your-app-id' });
   */
  flooim: ((config: ClientOptions) => FlooClient) & (new (config: ClientOptions) => FlooClient);
  /**
   * Creates a client of its own. Two clients of a page share nothing but the stored data of a user whom both log in.
   *
   * @throws Error when `appid` is empty
   * @example
   * import { createClient } from 'flooim';
   *
   * const im = createClient({ appid: 'your-app-id' });
   * await im.login({ name: 'alice', password: 'demo1234' });
   */
  createClient(options?: ClientOptions): FlooClient;
}

/** @param createPlatform - is called for each client; for the client of `flooim()` at its first configuration */
export function createGate(createPlatform: (options: ClientOptions) => Platform): Gate {
  // The only state outside of clients: `flooim(config)` has to return this one again.
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
