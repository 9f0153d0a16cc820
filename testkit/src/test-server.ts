import { createServerCore } from '../../devserver/src/server-core.ts';
import type { ServerCore } from '../../devserver/src/server-core.ts';
import type { AppData } from '../../devserver/src/model/app-data.ts';
import { join } from '../../devserver/src/model/groups.ts';
import { resolveOptions } from '../../devserver/src/options.ts';
import type { DevServerOptions } from '../../devserver/src/options.ts';
import { IN_MEMORY } from '../../devserver/src/records/records.ts';
import type { Truth } from '../../devserver/src/truth.ts';
import { BASE_URL, optionsFor } from './client-options.ts';
import type { TestClientOptions } from './client-options.ts';
import { createRealClock, createVirtualClock } from './clock.ts';
import type { DrivenClock, TestClock } from './clock.ts';
import type { TestDevice } from './device.ts';
import { Devices } from './devices.ts';
import { createTestFaults } from './faults.ts';
import type { TestFaults } from './faults.ts';
import { createLine } from './line.ts';
import { mustFindUserId } from './places.ts';
import type { Place } from './places.ts';
import type { TestGroup } from './peer-contacts.ts';
import { Recorder } from './recorder.ts';
import type { TestRecorder } from './recorder.ts';
import { createSeededRandom, seedOf } from './seeded-random.ts';
import { createTestUser } from './test-user.ts';
import type { NewUser, TestUser } from './test-user.ts';
import { Traffic } from './traffic.ts';

/** Options of {@link createTestServer}. */
export interface TestServerOptions {
  /**
   * The number that all chance comes from: ids, tokens, waits and random faults. The same test with the same seed gets the same.
   *
   * @default 1
   */
  seed?: number;
  /**
   * `'virtual'`: time stands still until `server.clock.advance()`. `'real'`: the time of the machine.
   *
   * @default 'virtual'
   */
  clock?: 'virtual' | 'real';
  /**
   * Where the virtual time begins: ms since 1970.
   *
   * @default 1767225600000, the beginning of 2026
   */
  startAt?: number;
  /**
   * The app id.
   *
   * @default 'test-app'
   */
  appId?: string;
}

/** A server in the memory of a test, and everything that a test does with it. */
export interface TestServer {
  /** The app id. */
  readonly appId: string;
  /** The time of the server and of the clients. */
  readonly clock: TestClock;
  /** What goes wrong. */
  readonly faults: TestFaults;
  /**
   * The options of a client: its `appid`, its `dnsServer` and the parts of its platform. A second client of a device finds what the
   * first one stored, as after a restart; clients in different tabs of a device share it at the same time, as tabs do.
   *
   * @param options.device - name of the device
   * @param options.tab - name of the tab
   * @example
   * import { createClient } from 'flooim';
   * import { createTestServer } from 'flooim/testing';
   *
   * const server = createTestServer();
   * const alice = server.addUser('alice');
   * const im = createClient({ ...server.clientOptions({ device: 'phone' }), logLevel: 'error' });
   * await im.login(alice.credentials);
   */
  clientOptions(options?: { device?: string; tab?: string }): TestClientOptions;
  /**
   * A device, for its network, its foreground and its storage.
   *
   * @param name - its name
   * @throws Error when no client was made on it
   */
  device(name: string): TestDevice;
  /**
   * Adds an account. A client logs in to it with its `credentials`, or the test lets it act as a scripted user, or both.
   *
   * @param name - its name
   * @param more - its password, nickname and settings
   * @throws Error when there is one of this name
   */
  addUser(name: string, more?: NewUser): TestUser;
  /**
   * A user that was added, or that a client registered.
   *
   * @param user - its name or id
   * @throws Error when there is none
   */
  user(user: Place): TestUser;
  /**
   * Makes two users friends, without asking. No notice is sent.
   *
   * @param one - a user
   * @param other - another user
   */
  befriend(one: Place, other: Place): void;
  /**
   * Adds a group, without asking its members. No notice is sent.
   *
   * @param name - its name
   * @param members - its users; the first one owns it
   */
  addGroup(name: string, members: readonly [Place, ...Place[]]): TestGroup;
  /** Resolves when nothing is in flight: clients and server have done everything that needs no time. */
  settled(): Promise<void>;
  /** What the server holds about all users and groups, to compare clients with. */
  truth(): Truth;
  /**
   * Records what the devices send and get, for {@link replay}. Sockets that are open before are left out.
   *
   * @throws Error when a recording is under way
   */
  record(): TestRecorder;
}

const DEFAULT_START = Date.UTC(2026, 0, 1);

/**
 * Makes a server in the memory of this process or page: XSYNC and REST, without a port. Clients are the app's own; they get it by
 * their options.
 *
 * @param options - all defaults when absent
 * @example
 * import { createClient } from 'flooim';
 * import { createTestServer } from 'flooim/testing';
 *
 * const server = createTestServer({ seed: 7 });
 * const bob = server.addUser('bob');
 * const alice = server.addUser('alice');
 * const im = createClient(server.clientOptions({ device: 'phone' }));
 * await im.login(alice.credentials);
 * await bob.says('hi', { to: 'alice' });
 * await server.clock.advance(1000);
 * await im.dispose();
 */
export function createTestServer(options: TestServerOptions = {}): TestServer {
  return openMemoryServer(options).server;
}

/** The server with its inner parts, which this repository's own tests use. */
export interface MemoryServer {
  readonly server: TestServer;
  readonly core: ServerCore;
  readonly devices: Devices;
  readonly clock: DrivenClock;
}

/** @param serverOptions - options of the dev server's core */
export function openMemoryServer(options: TestServerOptions = {}, serverOptions: DevServerOptions = {}): MemoryServer {
  const { seed = 1, startAt = DEFAULT_START, appId = 'test-app' } = options;
  const traffic = new Traffic();
  const clock = options.clock === 'real' ? createRealClock(traffic) : createVirtualClock(startAt, traffic);
  const core = createServerCore({
    options: resolveOptions(serverOptions),
    ports: { clock, random: createSeededRandom(seedOf(seed, 'server')) },
    journal: IN_MEMORY,
    baseUrl: () => BASE_URL,
    dropHeldHandshakes: () => devices.dropHeld(),
    dropHanging: () => devices.dropHanging(),
    seed: () => undefined,
  });
  const line = createLine(clock, traffic, createSeededRandom(seedOf(seed, 'line')));
  const recorder = new Recorder();
  const devices = new Devices({ core, clock, line, seed, recorder });
  const app = (): AppData => core.data.app(appId);
  const settled = async (): Promise<void> => traffic.settled();
  const faults = createTestFaults({
    ...{ core, app, line, settled },
    storageOf: (device) => devices.must(device).storage,
    storages: () => devices.storages(),
  });
  const peer = (id: number): TestUser => createTestUser({ core, app: app(), baseUrl: BASE_URL, settled }, id);

  const server: TestServer = {
    appId,
    clock,
    faults,
    clientOptions: ({ device = 'device', tab = 'main' } = {}) => optionsFor(appId, devices.open(device).platform(tab)),
    device: (name) => devices.must(name).device,
    addUser(name, { password = 'secret', nickname, asksFriends = true, confirmsGroups = false } = {}) {
      if (app().users.byName(name)) throw new Error(`there is a user ${JSON.stringify(name)} already`);
      const user = app().users.add(name, password);
      if (nickname !== undefined) user.profile.nick_name = nickname;
      user.settings.auth_mode = asksFriends ? 1 : 0;
      user.settings.group_confirm = confirmsGroups;
      return peer(user.id);
    },
    user: (user) => peer(mustFindUserId(app(), user)),
    befriend: (one, other) => app().roster.befriend(mustFindUserId(app(), one), mustFindUserId(app(), other)),
    addGroup(name, members) {
      const [ownerId, ...others] = members.map((member) => mustFindUserId(app(), member));
      const group = app().groups.create({ ownerId: ownerId!, type: 0, info: { name } }, clock.now());
      for (const id of others) join(group, id, clock.now());
      return { id: String(group.id), name };
    },
    settled,
    truth: () => core.controls.truth(),
    record: () => recorder.start({ appId, seed, startedAt: clock.now() }),
  };
  return { server, core, devices, clock };
}
