// The server, the users and their devices in one run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Controls } from 'flooim-devserver';
import { serveSite } from '../../test/bench/data/site.ts';
import type { Site } from '../../test/bench/data/site.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import type { Chromium } from '../../test/support/chromium.ts';
import { createFaultyNetwork } from '../../test/support/faulty-network.ts';
import type { FaultyNetwork } from '../../test/support/faulty-network.ts';
import { ServerProcess } from '../../test/support/server-process.ts';
import { APP_ID, PASSWORD, pause } from './app.ts';
import type { User } from './app.ts';
import type { Device } from './device.ts';
import { History } from './history.ts';
import { LocalDevice } from './local-device.ts';
import type { LocalDeviceSpec, Place } from './local-device.ts';
import { PageDevice } from './page-device.ts';
import type { Plan } from './plan.ts';
import { truthOf } from './truth.ts';
import type { UserTruth } from './truth.ts';

/** Who has which devices. */
const POPULATION: readonly { readonly name: string; readonly devices: readonly LocalDeviceSpec[] }[] = [
  {
    name: 'alice',
    devices: [
      { kind: 'node', transport: 'socket.io', engine: 3, isNew: false },
      { kind: 'wechat', transport: 'raw', engine: 3, isNew: false },
      { kind: 'node', transport: 'raw', engine: 3, isNew: true },
    ],
  },
  {
    name: 'bob',
    devices: [
      { kind: 'node', transport: 'socket.io', engine: 4, isNew: false },
      { kind: 'uniapp', transport: 'raw', engine: 3, isNew: false },
    ],
  },
  { name: 'carol', devices: [{ kind: 'node', transport: 'raw', engine: 3, isNew: false }] },
  { name: 'dave', devices: [{ kind: 'wechat', transport: 'raw', engine: 3, isNew: false }] },
];
/** Users with pages in Chromium, and how many tabs each has. */
const PAGES = [
  { name: 'erin', tabs: 2 },
  { name: 'frank', tabs: 1 },
] as const;
/** Devices of a plan without a browser. */
export const DEVICES = POPULATION.flatMap(({ devices }) => devices).length;
/** Devices of a plan with one. */
export const DEVICES_AND_PAGES = DEVICES + PAGES.reduce((sum, { tabs }) => sum + tabs, 0);

export class World {
  readonly plan: Plan;
  readonly history = new History();
  readonly users: User[] = [];
  readonly devices: Device[] = [];
  /** All users are in it from the beginning. */
  firstGroup = 0;
  readonly server: ServerProcess;
  readonly #folder = mkdtempSync(join(tmpdir(), 'flooim-chaos-server-'));
  readonly #pauses = new Map<NodeJS.Timeout, () => void>();
  /** The server is killed and started again, one time after the other. */
  #restarting: Promise<void> = Promise.resolve();
  #isServerUp = true;
  #closing: Promise<void> | undefined;
  #chromium: Chromium | undefined;
  readonly #sites: Site[] = [];

  private constructor(plan: Plan) {
    this.plan = plan;
    this.server = new ServerProcess({ pageSize: 20, dataDir: this.#folder });
  }

  static async create(plan: Plan): Promise<World> {
    const world = new World(plan);
    await world.server.start();
    const port = Number(new URL(world.server.url).port);
    const pages = plan.devices > DEVICES ? PAGES : [];
    for (const { name } of [...POPULATION, ...pages])
      world.users.push({ name, id: await register(world.server.url, name) });
    for (const { name, devices } of POPULATION)
      for (const spec of devices) {
        const place = world.#place(name, await createFaultyNetwork(port));
        world.devices.push(new LocalDevice(place, spec));
      }
    if (pages.length > 0) world.#chromium = await launchChromium();
    for (const { name, tabs } of pages) {
      const site = await serveSite(new URL('page.ts', import.meta.url).href);
      world.#sites.push(site);
      // Tabs of one user have one origin, and one network: they are one client.
      const network = await createFaultyNetwork(port);
      for (let tab = 0; tab < tabs; tab++)
        world.devices.push(new PageDevice(world.#place(name, network), world.#chromium!, site.url));
    }
    return world;
  }

  #place(name: string, network: FaultyNetwork): Place {
    const user = this.users.find((one) => one.name === name)!;
    const friends = this.users.filter((other) => other !== user).map(({ id }) => id);
    const { history, plan } = this;
    return { number: this.devices.length, user, friends, network, history, seed: plan.seed };
  }

  /** Makes the group that all are in. Call it when somebody is online. */
  async gather(): Promise<void> {
    const [first] = this.devices;
    const others = this.users.filter(({ id }) => id !== first!.user.id);
    this.firstGroup = await first!.createGroup(
      'everybody',
      others.map(({ id }) => id),
    );
  }

  /** What the server has, of every user. */
  async truth(): Promise<ReadonlyMap<number, UserTruth>> {
    const { users } = await this.server.control('truth');
    return new Map(users.map((user) => [user.id, truthOf(user)]));
  }

  /** Sets a fault of the server, if it is there. */
  control(name: keyof Controls, argument: object): void {
    if (!this.#isServerUp) return;
    // It may be killed meanwhile.
    this.server.control(name, argument).catch(() => undefined);
  }

  /** Runs this later, or at the end of the faults. */
  later(ms: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.#pauses.delete(timer);
      run();
    }, ms);
    this.#pauses.set(timer, run);
  }

  /** Does at once what was to come later. */
  async endPauses(): Promise<void> {
    for (const [timer, run] of this.#pauses) {
      clearTimeout(timer);
      run();
    }
    this.#pauses.clear();
    await this.#restarting;
    await this.server.control('clearFaults');
  }

  /** The server is killed, and starts again with its data. @param awayMs - in between */
  restartServer(awayMs: number): void {
    this.#restarting = this.#restarting.then(async () => {
      this.#isServerUp = false;
      await this.server.kill();
      await pause(awayMs);
      await this.server.start();
      this.#isServerUp = true;
    });
  }

  /** Ends everything. Another call does nothing. */
  async close(): Promise<void> {
    return (this.#closing ??= this.#close());
  }

  async #close(): Promise<void> {
    await Promise.all(this.devices.map(async (device) => device.end()));
    await this.#restarting;
    await this.#chromium?.close();
    for (const site of this.#sites) site.close();
    await this.server.dispose();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function register(url: string, username: string): Promise<number> {
  const response = await fetch(`${url}/user/register/v2`, {
    method: 'POST',
    headers: { app_id: APP_ID, 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  const { data } = (await response.json()) as { data: { user_id: number } };
  return data.user_id;
}
