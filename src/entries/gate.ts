import { buildClient } from '../client.ts';
import type { CallsPlugin } from '../call-port.ts';
import type { ConfigurableClient } from '../client.ts';
import { FlooError } from '../errors.ts';
import type { FlooClient } from '../floo-client.ts';
import { mustOptions } from '../options.ts';
import type { ClientOptions, PlatformParts, UntypedOptions } from '../options.ts';
import type { Platform } from '../platform/ports.ts';

/** `flooim(config)`, with or without `new`. */
export interface Flooim {
  /** Configures the client of the page and returns it, see {@link Gate.flooim}. */
  (config: ClientOptions): FlooClient;
  /** The same, with options whose log level is in a variable. */
  <Level extends string>(config: UntypedOptions<Level>): FlooClient;
  /** Configures the client of the page and returns it, see {@link Gate.flooim}. */
  new (config: ClientOptions): FlooClient;
  /** The same, with options whose log level is in a variable. */
  new <Level extends string>(config: UntypedOptions<Level>): FlooClient;
}

/** The two functions that make clients. */
export interface Gate {
  /**
   * Configures the client of the page and returns it: the drop-in for the deployed SDK.
   *
   * It returns the same object at every call, and its handlers stay. `new flooim(config)` does the same.
   *
   * @throws FlooError `InvalidParam` when `appid` is empty, or another option has a value that it cannot have
   * @throws FlooError `InvalidParam` where this build cannot run, such as the browser build in Node
   * @example
   * import flooim from 'flooim';
   *
   * const im = flooim({ appid: 'your-app-id' });
   */
  flooim: Flooim;
  /**
   * Creates a client that can make calls.
   *
   * @param options - the options, with `calls()` of `flooim/rtc` as `rtc`
   */
  createClient<Calls>(
    options: ClientOptions & {
      /** What `calls()` of `flooim/rtc` returns. */
      rtc: CallsPlugin<Calls>;
    },
  ): FlooClient & {
    /** Calls. */
    readonly calls: Calls;
  };
  /**
   * Creates a client of its own. Two clients of a page share nothing but the stored data of a user whom both log in. The n-th
   * living client of an app resumes the n-th stored session. Two that log in the same user are one client, as tabs are (see the
   * option `shareTabs`); without that the later one takes the session over.
   *
   * @param options - the options; all defaults when absent
   * @throws FlooError `InvalidParam` when `appid` is empty, or another option has a value that it cannot have
   * @throws FlooError `InvalidParam` where this build cannot run, such as the browser build in Node
   * @example
   * import { createClient } from 'flooim';
   *
   * const im = createClient({ appid: 'your-app-id' });
   * await im.login({ name: 'alice', password: 'demo1234' });
   */
  createClient(options?: ClientOptions): FlooClient;
}

interface GateSetup {
  /** Is called for each client; for the client of `flooim()` at its first configuration. */
  createPlatform(options: ClientOptions): Platform;
  /** Whether the globals of the platform exist. */
  isSupported(): boolean;
  /** Where this build runs, for the error message. */
  runsIn: string;
}

export function createGate({ createPlatform, isSupported, runsIn }: GateSetup): Gate {
  // The only state outside of clients: `flooim(config)` has to return this one again.
  let shared: ConfigurableClient | undefined;

  function build(options: ClientOptions, dropIn: boolean): ConfigurableClient {
    if (!isSupported()) throw new FlooError('InvalidParam', `this build runs in ${runsIn} only`);
    const checked = mustOptions(options);
    return buildClient({ platform: withParts(createPlatform(checked), checked.platform), dropIn });
  }

  function flooim(config: ClientOptions): FlooClient {
    shared ??= build(config, true);
    shared.configure(config);
    return shared;
  }
  return {
    flooim: flooim as Gate['flooim'],
    createClient: ((options: ClientOptions = {}): FlooClient => {
      const client = build(options, false);
      client.configure(options);
      return client;
    }) as Gate['createClient'],
  };
}

/** The platform with these parts in the place of its own. */
function withParts(platform: Platform, parts: PlatformParts = {}): Platform {
  const given = Object.entries(parts).filter(([, part]) => part !== undefined);
  return given.reduce((joined, [name, part]) => ({ ...joined, [name]: part }), platform);
}
