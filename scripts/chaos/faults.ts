// What goes wrong: in the network of a device, in the device itself, and in the server.
import { Chance } from '../../test/fuzz/random.ts';
import { LIES } from '../../test/support/faulty-network.ts';
import type { Lie } from '../../test/support/faulty-network.ts';
import type { Device } from './device.ts';
import { pause } from './app.ts';
import type { FaultName, Step } from './plan.ts';
import type { World } from './world.ts';

interface Fault {
  readonly world: World;
  readonly device: Device;
  readonly chance: Chance;
  /** How long it lasts, in ms, where it lasts. */
  readonly ms: number;
}

const SHORTEST_MS = 100;
const LONGEST_MS = 2500;
const HOUR_MS = 3_600_000;

/** Sets something for a while. */
function forAWhile({ ms, world }: Fault, begin: () => void, end: () => void): void {
  begin();
  world.later(ms, end);
}

const inStorage = (fault: 'broken' | 'full' | 'hangs') => (about: Fault) => {
  const { mortal } = about.device;
  if (!mortal) return;
  forAWhile(
    about,
    () => (mortal.storage = fault),
    () => (mortal.storage = undefined),
  );
};

const CAUSE: Readonly<Record<FaultName, (fault: Fault) => void>> = {
  cut: ({ device }) => device.network.cut(),
  delay: (fault) => {
    const { rules } = fault.device.network;
    forAWhile(
      fault,
      () => (rules.delayMs = fault.chance.pick([20, 80, 300])),
      () => (rules.delayMs = 0),
    );
  },
  duplicate: ({ device, chance }) => void (device.network.rules.duplicates += 1 + chance.below(5)),
  reorder: ({ device, chance }) => void (device.network.rules.swaps += 1 + chance.below(3)),
  resend: ({ device, chance }) => void (device.network.rules.resends += 1 + chance.below(5)),
  truncate: ({ device }) => void (device.network.rules.cutsNext = true),
  'half-open': (fault) => {
    const { network } = fault.device;
    network.swallow();
    forAWhile(
      fault,
      () => (network.rules.swallows = fault.chance.is(0.5)),
      () => (network.rules.swallows = false),
    );
  },
  refuse: (fault) => {
    const { network } = fault.device;
    forAWhile(
      fault,
      () => {
        network.rules.refuses = true;
        network.cut();
      },
      () => (network.rules.refuses = false),
    );
  },
  'dead host': (fault) => {
    const { network } = fault.device;
    forAWhile(
      fault,
      () => {
        network.rules.firstHostIsDead = true;
        network.cut();
      },
      () => (network.rules.firstHostIsDead = false),
    );
  },
  'slow REST': (fault) => {
    const { rules } = fault.device.network;
    forAWhile(
      fault,
      () => (rules.restDelayMs = fault.chance.pick([200, 1000, 4000])),
      () => (rules.restDelayMs = 0),
    );
  },
  'lying REST': (fault) => {
    const { rules } = fault.device.network;
    forAWhile(
      fault,
      () => {
        rules.lie = fault.chance.pick(Object.keys(LIES) as Lie[]);
        rules.liesAfterwards = fault.chance.is(0.4);
      },
      () => (rules.lie = undefined),
    );
  },
  'clock jump': ({ device, chance }) =>
    device.setClock((chance.is(0.5) ? -1 : 1) * chance.pick([5000, HOUR_MS, 48 * HOUR_MS])),
  'storage broken': inStorage('broken'),
  'storage full': inStorage('full'),
  'storage hangs': inStorage('hangs'),
  'comes and goes': (fault) => {
    const emit = fault.device.mortal?.emit;
    const [goes, comes] = fault.chance.pick([['offline', 'online'] as const, ['hide', 'show'] as const]);
    forAWhile(
      fault,
      () => emit?.(goes),
      () => emit?.(comes),
    );
  },
  // Its first login, and no fault: it comes between them.
  'new device': ({ world, chance }) => {
    const waiting = world.devices.filter(({ isWaiting }) => isWaiting);
    if (waiting.length > 0) void chance.pick(waiting).start();
  },
  restart: ({ device }) => void device.restart(),
  crash: ({ device, ms }) => void device.crash(ms / 2),
  'server restart': ({ world, ms }) => world.restartServer(ms / 2),
  'server pages twice': ({ world, chance }) => world.control('duplicatePages', { value: 1 + chance.below(5) }),
  'server pushes': (fault) => {
    const { world, chance } = fault;
    forAWhile(
      fault,
      () => world.control('pushEager', { value: chance.pick(['page', 'item']) }),
      () => world.control('pushEager', { value: 'off' }),
    );
  },
};

export function cause(world: World, step: Step & { what: FaultName }): void {
  const chance = new Chance(step.seed);
  const ms = SHORTEST_MS + chance.below(LONGEST_MS - SHORTEST_MS);
  CAUSE[step.what]({ world, device: world.devices[step.device]!, chance, ms });
}

/** Ends all faults, and starts again what was ended. */
export async function heal(world: World): Promise<void> {
  await world.endPauses();
  await Promise.all(
    world.devices.map(async (device) => {
      device.network.heal();
      device.setClock(0);
      if (device.mortal) device.mortal.storage = undefined;
      device.mortal?.emit('show');
      device.mortal?.emit('online');
      await device.start();
      if (device.isDegraded) await device.restart();
    }),
  );
  // What was swallowed is lost without a word, as on a real network: the client finds out by itself.
  await pause(0);
}
