/**
 * Worlds in memory whose time is virtual: minutes pass in milliseconds. Everything that a test waits for goes through `time`,
 * because nothing else lets the time pass.
 */
import type { DevServerOptions } from 'flooim-devserver';
import { resolveOptions } from '../../src/options.ts';
import type { ClientOptions } from '../../src/options.ts';
import { BASE_URL } from '../../testkit/src/client-options.ts';
import type { DrivenClock } from '../../testkit/src/clock.ts';
import type { Devices } from '../../testkit/src/devices.ts';
import type { NetworkQuality } from '../../testkit/src/network.ts';
import { openMemoryServer } from '../../testkit/src/test-server.ts';
import { createDevice } from './client-device.ts';
import type { Device, DeviceNetwork } from './client-device.ts';
import { APP_ID, makeWorld } from './client-world.ts';
import type { AnyWorld, Member } from './client-world.ts';

/** The time of a world. */
export interface WorldTime {
  now(): number;
  /** Lets so much time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until something is so. @throws Error when it is not within some time */
  until(done: () => boolean, what: string, withinMs?: number): Promise<void>;
  /** Lets time pass until a promise is settled. */
  during<T>(promise: Promise<T>, withinMs?: number): Promise<T>;
}

/** A member whose network is the test's, with the times that apps have: those of a world's other members are hasty. */
export interface FarMember extends Member {
  readonly link: Link;
  /** When the session was lost. */
  readonly lostAt: number[];
  /** When it was there (again). The first one is that of the login. */
  readonly onlineAt: number[];
}

/** The way of one member to a host. */
interface Way {
  /** Sockets or requests that were tried. */
  readonly tries: number;
  /** Carries nothing any more, and closes nothing: every socket is half open. */
  freeze(on: boolean): void;
  /** Ends every socket and refuses new ones and requests, until it is back. */
  leave(): void;
  comeBack(): void;
}

/** The ways of one member: its own to the socket host, and that to DNS. */
export interface Link extends Way {
  /** REST requests that were made, without those to DNS. */
  readonly requests: number;
  readonly dns: Way;
  /** Of all ways. */
  set(quality: NetworkQuality): void;
  cut(): void;
}

export interface VirtualWorld extends AnyWorld {
  readonly time: WorldTime;
  far(name: string, options?: ClientOptions & { quality?: NetworkQuality }, device?: Device): Promise<FarMember>;
}

/** Time between two looks at a condition. */
const LOOK_MS = 5;
const WITHIN_MS = 10_000;

function timeOf(clock: DrivenClock): WorldTime {
  const time: WorldTime = {
    now: () => clock.now(),
    pass: async (ms) => clock.advance(ms),
    async until(done, what, withinMs = WITHIN_MS) {
      const deadline = clock.now() + withinMs;
      await clock.advance(0);
      while (!done()) {
        if (clock.now() > deadline) throw new Error(`gave up waiting: ${what}`);
        await clock.advance(LOOK_MS);
      }
    },
    async during(promise, withinMs) {
      let isSettled = false;
      const settled = (): void => void (isSettled = true);
      promise.then(settled, settled);
      await time.until(() => isSettled, 'a promise to be settled', withinMs);
      return promise;
    },
  };
  return time;
}

/** A way to the server, whose requests and sockets are counted. */
function openWay(devices: Devices): {
  way: Way;
  network: ReturnType<Devices['network']>;
  open: DeviceNetwork['sockets'];
  request: DeviceNetwork['http'];
} {
  let [tries, isThere] = [0, true];
  const network = devices.network('device', () => isThere);
  return {
    network,
    way: {
      get tries() {
        return tries;
      },
      freeze: (on) => network.setQuality(on ? { silent: 'both' } : {}),
      leave() {
        isThere = false;
        network.cutAll();
      },
      comeBack: () => void (isThere = true),
    },
    open: (...given) => {
      tries++;
      return network.sockets(...given);
    },
    request: async (request) => {
      tries++;
      return network.http(request);
    },
  };
}

export async function startWorld(serverOptions: DevServerOptions = {}): Promise<VirtualWorld> {
  const { core, devices, clock } = openMemoryServer({ appId: APP_ID }, serverOptions);
  const time = timeOf(clock);
  const links = new Map<Device, Link>();
  const place = (device: Device): void => {
    if (links.has(device)) return;
    const ways = [openWay(devices), openWay(devices), openWay(devices)] as const;
    const [sockets, rest, dns] = ways;
    const { freeze, leave, comeBack } = sockets.way;
    links.set(device, {
      ...{ freeze, leave, comeBack, dns: dns.way },
      get tries() {
        return sockets.way.tries;
      },
      get requests() {
        return rest.way.tries;
      },
      set: (quality) => ways.forEach(({ network }) => network.setQuality(quality)),
      cut: () => sockets.network.cutAll(),
    });
    const network: DeviceNetwork = {
      files: rest.network.files,
      sockets: sockets.open,
      http: async (request) => (request.url.includes('/app_dns') ? dns : rest).request(request),
    };
    device.moveTo(network, clock);
  };
  const world = makeWorld({ admin: core.controls, data: core.data }, `${BASE_URL}/v2/app_dns`, place);
  // Before the clients end: a server that hears of no end would have open sockets, and a request that was lost ends by the time.
  world.cleanup(async () => {
    for (const link of links.values()) {
      link.set({});
      link.comeBack();
      link.dns.comeBack();
    }
    for (const device of links.keys())
      await time.until(() => device.openRequests() === 0, 'lost requests to end', 120_000);
  });
  const { member: makeMember } = world;
  const member: AnyWorld['member'] = async (...given) => time.during(makeMember(...given));
  return Object.assign(world, {
    time,
    member,
    async far(name: string, options: Parameters<VirtualWorld['far']>[1] = {}, device = createDevice()) {
      const { quality, ...given } = options;
      const { requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff } = resolveOptions(
        {},
        device.platform,
        false,
      );
      place(device);
      const link = links.get(device)!;
      if (quality) link.set(quality);
      const [lostAt, onlineAt]: [number[], number[]] = [[], []];
      const times = { requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff };
      const made = await member(name, { ...times, ...given }, device);
      onlineAt.push(time.now());
      made.client.on({
        disconnected: () => void lostAt.push(time.now()),
        connected: () => void onlineAt.push(time.now()),
      });
      return { ...made, link, lostAt, onlineAt };
    },
  });
}
