import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, expect } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer, DevServerOptions } from 'flooim-devserver';
import type { ClientEvents } from '../../src/client-events.ts';
import { buildClient } from '../../src/client.ts';
import type { ConfigurableClient } from '../../src/client.ts';
import type { EventName } from '../../src/floo-client.ts';
import type { ClientOptions } from '../../src/options.ts';
import { EventRecord, until } from './client-events.ts';
import { createDevice } from './client-device.ts';
import type { Device } from './client-device.ts';

export const PASSWORD = 'secret12';
export const APP_ID = 'welovemaxim';
/** A host where nothing listens. (fetch refuses the better-known port 9 itself.) */
export const DEAD_HOST = '127.0.0.1:2';

/** Retries after a few ms and gives up after a second or two, so that failures are quick. */
const HASTY: ClientOptions = {
  logLevel: 'error',
  requestTimeoutMs: 1500,
  connectTimeoutMs: 1500,
  answerTimeoutMs: 1500,
  backoff: { baseMs: 4, capMs: 40 },
};

/** A client on a device of its own, with all its events. */
export interface Member {
  readonly client: ConfigurableClient;
  readonly events: EventRecord;
  readonly device: Device;
  readonly name: string;
  /** The user's id as a number. */
  readonly id: number;
  /** The user's id as text, as messages have it. */
  readonly uid: string;
}

/** A server, real or in memory, and its clients. */
export interface AnyWorld {
  readonly server: Pick<DevServer, 'admin' | 'data'>;
  /** The server's data of the app that clients use. */
  readonly app: AppData;
  /** Makes an account. */
  register(name: string): Promise<number>;
  /** A client that is not logged in. Without a device it gets a new one. */
  client(options?: ClientOptions, device?: Device): Pick<Member, 'client' | 'events' | 'device'>;
  /** Makes an account, unless there is one, and a client that is logged in to it. */
  member(name: string, options?: ClientOptions, device?: Device): Promise<Member>;
  /** A group that the first of these owns and all of them are in. */
  group(...members: Pick<Member, 'id'>[]): number;
  /** Runs this at the end of the test. */
  cleanup(run: () => Promise<void> | void): void;
}

/** A server behind a port. A test whose point is not the network takes one in memory: `memory-world.ts`. */
export interface World extends AnyWorld {
  readonly server: DevServer;
  /** An HTTP server to put in front of the real one; ends with the test. Returns `host:port`. */
  http(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string>;
  /** Answers WebSocket upgrades of an HTTP server of this world. */
  onUpgrade(host: string, handle: (socket: Duplex) => void): void;
}

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/**
 * Starts a server for one test, and makes its clients. At the end all clients are disposed of and must leave nothing
 * open.
 */
export async function startWorld(serverOptions: DevServerOptions = {}): Promise<World> {
  const server = await createDevServer(serverOptions);
  cleanups.push(() => server.close());
  const fronts = new Map<string, Server>();
  const behindPort: Pick<World, 'server' | 'http' | 'onUpgrade'> = {
    server,
    async http(handle) {
      const front = createServer(handle);
      await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
      cleanups.push(() => {
        front.closeAllConnections();
        front.close();
      });
      const host = `127.0.0.1:${(front.address() as AddressInfo).port}`;
      fronts.set(host, front);
      return host;
    },
    onUpgrade: (host, handle) => void fronts.get(host)!.on('upgrade', (_request, socket) => handle(socket)),
  };
  return Object.assign(makeWorld(server, server.dnsUrl), behindPort);
}

/**
 * The clients of a server. At the end of the test all of them are disposed of and must leave nothing open.
 *
 * @param place - puts a device into its network; absent for that of this machine
 */
export function makeWorld(
  server: AnyWorld['server'],
  dnsServer: string,
  place: (device: Device) => void = () => undefined,
): AnyWorld {
  const members: Pick<Member, 'client' | 'events' | 'device'>[] = [];
  cleanups.push(async () => finishesCleanly(server, members));
  const world: AnyWorld = {
    server,
    get app() {
      return server.data.app(APP_ID);
    },
    async register(name) {
      return world.app.users.byName(name)?.id ?? world.app.users.add(name, PASSWORD).id;
    },
    client(options = {}, device = createDevice()) {
      place(device);
      const client = buildClient({ platform: device.platform, dropIn: false });
      const made = { client, events: new EventRecord(client), device };
      members.push(made);
      client.configure({ ...HASTY, dnsServer, ...options });
      return made;
    },
    async member(name, options, device) {
      const id = await world.register(name);
      const made = world.client(options, device);
      await made.client.login({ name, password: PASSWORD });
      made.events.skip();
      return { ...made, name, id, uid: String(id) };
    },
    group(...all) {
      const group = world.app.groups.create({ ownerId: all[0]!.id, type: 0, info: { name: 'group' } }, Date.now());
      for (const { id } of all.slice(1)) {
        group.members.set(id, { userId: id, joinedAt: Date.now(), admin: false, msgMuteMode: 0 });
      }
      return group.id;
    },
    cleanup: (run) => void cleanups.push(run),
  };
  return world;
}

/** Waits for the next event of this name of each member. */
export async function hear<K extends EventName>(
  members: readonly Member[],
  name: K,
  matches?: (payload: ClientEvents[K]) => boolean,
): Promise<ClientEvents[K][]> {
  return Promise.all(members.map(async ({ events }) => events.next(name, matches)));
}

/** Disposes of the clients. Afterwards there is no socket, timer, request or event left. */
async function finishesCleanly(
  server: AnyWorld['server'],
  members: readonly Pick<Member, 'client' | 'events' | 'device'>[],
): Promise<void> {
  server.admin.clearFaults();
  await Promise.all(members.map(async ({ client }) => client.dispose()));
  const counts = members.map(({ events }) => events.heard.length);
  for (const { device } of members) {
    expect([...device.timers.values()], 'timers left').toEqual([]);
    expect(device.openSockets(), 'sockets left').toBe(0);
    expect(device.errors, 'errors logged').toEqual([]);
  }
  await until(() => server.admin.connections().length === 0, 'the server to see every socket close');
  await until(() => members.every(({ device }) => device.openRequests() === 0), 'every request to end');
  members.forEach(({ events }, index) => expect(events.heard.slice(counts[index]), 'events after dispose').toEqual([]));
}
