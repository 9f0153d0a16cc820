import { Chance } from '../../test/fuzz/random.ts';
import { createInhabitant } from './population.ts';
import type { Build, Inhabitant } from './population.ts';
import { SimulatedServer } from './simulated-server.ts';
import type { ServerRules } from './simulated-server.ts';
import { VirtualTime } from './virtual-time.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Long enough that every session has proved its server. */
const BEFORE_MS = 2 * MINUTE;
/** After that a client that is not back counts as lost. */
const LONGEST_MS = 10 * MINUTE;

export interface Figures {
  /** How long clients wait, sorted, in ms. */
  readonly waits: readonly number[];
  /** Clients that never came back. */
  readonly lost: number;
  /** Most connects in one second, of all clients. */
  readonly peak: number;
  /** Connects in a minute. */
  readonly inMinute: number;
  /** Tries a second while the server is away. */
  readonly whileAway: number;
  /** Most questions to DNS in one second. */
  readonly dnsPeak: number;
}

interface World {
  readonly time: VirtualTime;
  readonly server: SimulatedServer;
  readonly clients: readonly Inhabitant[];
  readonly chance: Chance;
}

/** Clients that have been logged in for a while. */
async function createWorld(
  build: Build,
  amount: number,
  rules: (chance: Chance) => ServerRules,
  isBusy: boolean,
): Promise<World> {
  const time = new VirtualTime();
  const chance = new Chance(1);
  const server = new SimulatedServer(time, rules(chance));
  const clients: Inhabitant[] = [];
  for (let number = 1; number <= amount; number++) {
    clients.push(createInhabitant({ build, time, server, chance, isBusy }, number));
    // A slow server takes them one after the other.
    await time.pass(15);
  }
  return { time, server, clients, chance };
}

export interface Restart {
  readonly clients: number;
  readonly awayMs: number;
  /** Each platform reports that the network is back, at the moment when the server is. */
  readonly hasEvent: boolean;
  readonly opensPerSecond?: number;
  readonly isSilent?: boolean;
}

/** The server drops every socket and refuses new ones for a while. Waits count from the moment when it is back. */
export async function restart(
  build: Build,
  { clients: amount, awayMs, hasEvent, opensPerSecond = Infinity, isSilent = false }: Restart,
): Promise<Figures> {
  const { time, server, clients } = await createWorld(build, amount, () => ({ opensPerSecond, isSilent }), false);
  await time.pass(BEFORE_MS);
  const from = time.now();
  const start = from + awayMs;
  server.stop();
  if (awayMs > 0) await time.pass(awayMs);
  server.start();
  if (hasEvent) for (const client of clients) client.emit('online');
  while (time.now() - start < MINUTE || (clients.some(({ isOnline }) => !isOnline) && time.now() - start < LONGEST_MS))
    await time.pass(SECOND);
  const back = clients.flatMap(({ absences }) => absences.at(-1)!.to ?? []);
  return {
    waits: back.map((at) => at - start).sort((a, b) => a - b),
    lost: clients.length - back.length,
    peak: mostInSecond(server.connects, start),
    inMinute: server.connects.filter((at) => at >= start && at < start + MINUTE).length,
    whileAway: (server.connects.filter((at) => at >= from && at < start).length * SECOND) / Math.max(awayMs, 1),
    dnsPeak: mostInSecond(server.questions, from),
  };
}

export interface Drops {
  readonly clients: number;
  /** How long after its acceptance each session is dropped, in ms. */
  readonly sessionMs: readonly [shortest: number, longest: number];
  readonly isTalking: boolean;
  /** Drops of each client that count; undefined: all in five minutes. */
  readonly count?: number;
}

/** The server accepts each session and drops it soon, while so much comes in that no client is ever idle. */
export async function drops(build: Build, { clients: amount, sessionMs, isTalking, count }: Drops): Promise<Figures> {
  const [shortest, longest] = sessionMs;
  let areDropped = false;
  const { time, server, clients } = await createWorld(
    build,
    amount,
    (chance) => ({
      isTalking: () => isTalking || !areDropped,
      sessionMs: () => (areDropped ? shortest + chance.next() * (longest - shortest) : Infinity),
    }),
    true,
  );
  await time.pass(BEFORE_MS);
  const start = time.now();
  areDropped = true;
  server.stop();
  server.start();
  await time.pass(5 * MINUTE);
  const waits = clients.flatMap(({ absences }) =>
    absences
      .filter(({ from, to }) => from >= start && to !== undefined)
      .slice(0, count)
      .map(({ from, to }) => to! - from),
  );
  const minutes = [0, 1, 2, 3, 4].map((minute) => {
    const begin = start + minute * MINUTE;
    return server.connects.filter((at) => at >= begin && at < begin + MINUTE).length;
  });
  return {
    waits: waits.sort((a, b) => a - b),
    lost: 0,
    peak: mostInSecond(server.connects, start),
    inMinute: Math.max(...minutes),
    whileAway: 0,
    dnsPeak: mostInSecond(server.questions, start),
  };
}

/** The most of these times that lie within one second. @param times - sorted */
function mostInSecond(times: readonly number[], from: number): number {
  let most = 0;
  let first = 0;
  for (const [index, at] of times.entries()) {
    while (times[first]! < Math.max(from, at - SECOND + 1)) first++;
    if (at >= from) most = Math.max(most, index - first + 1);
  }
  return most;
}
