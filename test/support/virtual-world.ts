/**
 * Worlds in memory whose time is virtual: minutes pass in milliseconds. Everything that a test waits for goes through `time`,
 * because nothing else lets the time pass.
 */
import type { DevServerOptions } from 'flooim-devserver';
import { resolveOptions } from '../../src/options.ts';
import type { ClientOptions } from '../../src/options.ts';
import { BASE_URL } from '../../testkit/src/client-options.ts';
import type { DrivenClock } from '../../testkit/src/clock.ts';
import type { NetworkQuality } from '../../testkit/src/network.ts';
import { openMemoryServer } from '../../testkit/src/test-server.ts';
import { createDevice } from './client-device.ts';
import type { Device } from './client-device.ts';
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

/** The network of one member. */
export interface Link {
  /** Sockets that were tried. */
  readonly tries: number;
  /** REST requests that were made, those to DNS among them. */
  readonly requests: number;
  set(quality: NetworkQuality): void;
  /** Carries nothing any more, and closes nothing: every socket is half open. */
  freeze(on: boolean): void;
  cut(): void;
  /** Ends every socket and refuses new ones, until it is back. DNS and REST go on. */
  leave(): void;
  comeBack(): void;
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
      for (await clock.advance(0); !done(); await clock.advance(LOOK_MS))
        if (clock.now() > deadline) throw new Error(`gave up waiting: ${what}`);
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

export async function startWorld(serverOptions: DevServerOptions = {}): Promise<VirtualWorld> {
  const { core, devices, clock } = openMemoryServer({ appId: APP_ID }, serverOptions);
  const time = timeOf(clock);
  const links = new Map<Device, Link>();
  const place = (device: Device): void => {
    if (links.has(device)) return;
    let [tries, requests, isThere] = [0, 0, true];
    const sockets = devices.network('device', () => isThere);
    const others = devices.network('device');
    const set = (quality: NetworkQuality): void => [sockets, others].forEach(({ setQuality }) => setQuality(quality));
    links.set(device, {
      get tries() {
        return tries;
      },
      get requests() {
        return requests;
      },
      set,
      freeze: (on) => set(on ? { silent: 'both' } : {}),
      cut: () => sockets.cutAll(),
      leave() {
        isThere = false;
        sockets.cutAll();
      },
      comeBack: () => void (isThere = true),
    });
    const network = {
      files: others.files,
      sockets: (...given: Parameters<typeof sockets.sockets>) => {
        tries++;
        return sockets.sockets(...given);
      },
      http: async (request: Parameters<typeof others.http>[0]) => {
        requests++;
        return others.http(request);
      },
    };
    device.moveTo(network, clock);
  };
  const world = makeWorld({ admin: core.controls, data: core.data }, `${BASE_URL}/v2/app_dns`, place);
  // A server that hears of no end would have open sockets.
  world.cleanup(() => {
    for (const link of links.values()) {
      link.set({});
      link.comeBack();
    }
  });
  const { member: makeMember } = world;
  const member: AnyWorld['member'] = async (...given) => time.during(makeMember(...given));
  return Object.assign(world, {
    time,
    member,
    async far(name: string, options: Parameters<VirtualWorld['far']>[1] = {}, device = createDevice()) {
      const { quality, ...given } = options;
      const { requestTimeoutMs, connectTimeoutMs, answerTimeoutMs, backoff } = resolveOptions({}, device.platform, false);
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
