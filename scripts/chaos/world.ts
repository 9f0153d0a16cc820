// The server, the users and their devices in one run.
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import { createFaultyNetwork } from '../../test/support/faulty-network.ts';
import { APP_ID, Device, PASSWORD } from './device.ts';
import type { DeviceSpec, User } from './device.ts';
import { History } from './history.ts';
import type { Plan } from './plan.ts';

/** Who has which devices. */
const POPULATION: readonly { readonly name: string; readonly devices: readonly DeviceSpec[] }[] = [
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
export const DEVICES = POPULATION.flatMap(({ devices }) => devices).length;

export class World {
  readonly plan: Plan;
  readonly history = new History();
  readonly users: User[] = [];
  readonly devices: Device[] = [];
  /** All users are in it from the beginning. */
  firstGroup = 0;
  server!: DevServer;
  readonly #pauses = new Map<NodeJS.Timeout, () => void>();

  private constructor(plan: Plan) {
    this.plan = plan;
  }

  static async create(plan: Plan): Promise<World> {
    const world = new World(plan);
    world.server = await createDevServer({ pageSize: 20 });
    const { port } = world.server;
    for (const { name, devices } of POPULATION) {
      const { id } = world.app.users.add(name, PASSWORD);
      const user = { name, id };
      world.users.push(user);
      for (const spec of devices) {
        const network = await createFaultyNetwork(port);
        world.devices.push(new Device(world.devices.length, user, spec, network, world.history));
      }
    }
    const [owner, ...others] = world.users;
    const now = Date.now();
    const group = world.app.groups.create({ ownerId: owner!.id, type: 0, info: { name: 'everybody' } }, now);
    for (const { id } of others) group.members.set(id, { userId: id, joinedAt: now, admin: false, msgMuteMode: 0 });
    world.firstGroup = group.id;
    return world;
  }

  get app(): AppData {
    return this.server.data.app(APP_ID);
  }

  groupsOf(userId: number): number[] {
    return this.app.groups.joinedBy(userId).map(({ id }) => id);
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
  }

  #restarting: Promise<void> = Promise.resolve();

  /** The server ends and starts again with its data. @param awayMs - in between */
  async restartServer(_awayMs: number): Promise<void> {
    return this.#restarting;
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map(async (device) => device.end()));
    await this.server.close();
  }
}
