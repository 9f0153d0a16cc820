import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMemoryKvProvider } from '../../src/platform/memory/index.ts';
import type { KvProvider } from '../../src/platform/ports.ts';
import { KINDS, makeInput, textOf } from './inputs.ts';
import type { Input, Kind } from './inputs.ts';
import { Chance } from './random.ts';
import { runRooms } from './rooms.ts';
import { damageStore, Session } from './session.ts';

const MB = 1_000_000;
/** The longest time that an input may block the thread: this for each megabyte, and at least for one. */
const MS_A_MB = 50;
/** A slow input is tried again: other processes and the garbage collector are not its fault. */
const TRIES = 5;
/** More than what the client keeps of good messages, and what engines keep of code. */
const MAX_GROWTH_BYTES = 64 * MB;
const INPUTS_A_BATCH = 20;
const BATCHES_A_SESSION = 8;
const ROOM_INPUTS_A_BATCH = 300;

interface Slowest {
  ms: number;
  bytes: number;
}

export interface FuzzReport {
  seed: number;
  /** Inputs tried, in rooms and in whole clients. */
  tried: Record<Kind, { rooms: number; clients: number }>;
  slowest: Record<Kind, Slowest>;
  growthBytes: number;
  /** What went wrong, with the input that did it. */
  failure?: { error: unknown; inputs: readonly Input[] };
}

const perKind = <T>(make: () => T): Record<Kind, T> =>
  Object.fromEntries(KINDS.map((kind) => [kind, make()])) as Record<Kind, T>;

/** Tries inputs until the time is over or one fails. */
export async function fuzz(minutes: number, seed: number): Promise<FuzzReport> {
  const chance = new Chance(seed);
  const report: FuzzReport = {
    seed,
    tried: perKind(() => ({ rooms: 0, clients: 0 })),
    slowest: perKind(() => ({ ms: 0, bytes: 0 })),
    growthBytes: 0,
  };
  let recent: Input[] = [];
  const stray: unknown[] = [];
  const onStray = (error: unknown): void => void stray.push(error);
  process.on('unhandledRejection', onStray);
  process.on('uncaughtException', onStray);
  const end = Date.now() + minutes * 60_000;
  let before = 0;
  try {
    for (let sessions = 0; Date.now() < end; sessions++) {
      // The first ones fill the caches of the engine.
      if (sessions === 3) before = usedBytes();
      recent = [];
      await runSession(chance, report, recent, end, stray);
    }
    report.growthBytes = before === 0 ? 0 : Math.max(0, usedBytes() - before);
    if (report.growthBytes > MAX_GROWTH_BYTES) throw new Error(`memory grew by ${report.growthBytes} bytes`);
  } catch (error) {
    report.failure = { error, inputs: recent };
  } finally {
    process.off('unhandledRejection', onStray);
    process.off('uncaughtException', onStray);
  }
  return report;
}

/** Tries one input again, as it was printed, in the rooms and in a client. */
export async function replay(inputs: readonly Input[], seed: number): Promise<void> {
  const chance = new Chance(seed);
  for (const input of inputs) runRooms(input);
  for (const transport of ['raw', 'socket.io'] as const) {
    const session = new Session(chance, transport);
    await session.start();
    for (const input of inputs) await session.feed(input);
    await session.goesOn();
    await session.stop();
  }
}

async function runSession(
  chance: Chance,
  report: FuzzReport,
  recent: Input[],
  end: number,
  stray: readonly unknown[],
): Promise<void> {
  const { provider, names } = recordNames();
  const transport = chance.pick(['raw', 'socket.io'] as const);
  let session = new Session(chance, transport, provider);
  await session.start();
  await session.goesOn();
  const kinds = KINDS.filter((kind) => kind !== 'stored' && (kind !== 'packet' || transport === 'socket.io'));
  for (let batch = 0; batch < BATCHES_A_SESSION && Date.now() < end; batch++) {
    recent.length = 0;
    tryRooms(chance, report, recent);
    const kind = chance.pick(kinds);
    for (let count = 0; count < INPUTS_A_BATCH; count++) {
      const input = makeInput(kind, chance);
      recent.push(input);
      await timed(report, input, 'clients', async () => session.feed(input));
    }
    await session.goesOn();
    if (stray.length > 0) throw new Error('nobody caught this', { cause: stray[0] });
  }
  await session.stop();
  // The next start finds its database damaged.
  const input = makeInput('stored', chance);
  recent.splice(0, recent.length, input);
  for (const name of names) await damageStore(provider, name, chance, textOf(input));
  session = new Session(chance, transport, provider, session.server);
  report.tried.stored.clients++;
  await session.start();
  await session.goesOn();
  await session.stop();
}

function tryRooms(chance: Chance, report: FuzzReport, recent: Input[]): void {
  for (let count = 0; count < ROOM_INPUTS_A_BATCH; count++) {
    const input = makeInput(chance.pick(KINDS), chance);
    recent.splice(0, recent.length, input);
    report.tried[input.kind].rooms++;
    let ms = Infinity;
    for (let tries = 0; tries < TRIES && ms > limitOf(input); tries++) {
      const elapsed = startTimer();
      runRooms(input);
      ms = Math.min(ms, elapsed());
    }
    note(report, input, ms);
  }
  recent.length = 0;
}

/** Runs an input in a client. Its time is until the thread is free again; only what is slow each time fails. */
async function timed(report: FuzzReport, input: Input, where: 'clients', run: () => Promise<void>): Promise<void> {
  report.tried[input.kind][where]++;
  // What waits for the network or a timer blocks nobody.
  const isBlocking = input.kind === 'frame' || input.kind === 'packet' || input.kind === 'json';
  let ms = Infinity;
  for (let tries = 0; tries < TRIES && ms > limitOf(input); tries++) {
    const elapsed = startTimer();
    await run();
    ms = isBlocking ? Math.min(ms, elapsed()) : 0;
  }
  note(report, input, ms);
}

/** Milliseconds by the clock, or of this process when others hold it up. */
function startTimer(): () => number {
  const start = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min(performance.now() - start, (user + system) / 1000);
  };
}

function note(report: FuzzReport, input: Input, ms: number): void {
  const { length } = input.bytes;
  if (ms > report.slowest[input.kind].ms) report.slowest[input.kind] = { ms, bytes: length };
  if (ms > limitOf(input)) throw new Error(`${Math.round(ms)} ms for ${length} bytes`);
}

/** A message carries its JSON in three fields. */
const limitOf = ({ kind, bytes }: Input): number =>
  MS_A_MB * Math.max(1, ((kind === 'json' ? 3 : 1) * bytes.length) / MB);

function recordNames(): { provider: KvProvider; names: Set<string> } {
  const memory = createMemoryKvProvider();
  const names = new Set<string>();
  const open: KvProvider['open'] = async (name) => {
    names.add(name);
    return memory.open(name);
  };
  return { provider: { open, drop: async (name) => memory.drop(name) }, names };
}

let collectGarbage: (() => void) | undefined;

function usedBytes(): number {
  if (!collectGarbage) {
    setFlagsFromString('--expose-gc');
    collectGarbage = runInNewContext('gc') as () => void;
  }
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** The figures as lines of text, and how to replay a failure. */
export function describeReport({ seed, tried, slowest, growthBytes, failure }: FuzzReport): string {
  const lines = KINDS.map((kind) => {
    const { rooms, clients } = tried[kind];
    const { ms, bytes } = slowest[kind];
    return `${kind.padEnd(8)}${String(rooms).padStart(9)} in rooms${String(clients).padStart(8)} in clients   slowest ${ms.toFixed(1)} ms (${bytes} bytes)`;
  });
  lines.push(`memory   +${(growthBytes / MB).toFixed(1)} MB; seed ${seed}`);
  if (failure) {
    const { error, inputs } = failure;
    lines.push(`FAILED: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    if (error instanceof Error && error.cause)
      lines.push(`cause: ${String((error.cause as Error).stack ?? error.cause)}`);
    for (const { kind, bytes } of inputs) lines.push(`input ${kind}:${Buffer.from(bytes).toString('base64')}`);
    lines.push(`again: npm run fuzz -- --seed ${seed}; these inputs alone: npm run fuzz -- --replay <kind:base64> …`);
  }
  return lines.join('\n');
}
