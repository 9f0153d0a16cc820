// Runs a plan: everybody comes online, the steps happen at their times, all faults end, and the result is checked.
import { checkCalls, checkEvents, checkHeard, checkSends, compareStore } from './checks.ts';
import type { Finding } from './checks.ts';
import { pause } from './app.ts';
import type { Device } from './device.ts';
import { cause, heal } from './faults.ts';
import type { History } from './history.ts';
import { isFault } from './plan.ts';
import type { Plan, Step } from './plan.ts';
import type { UserTruth } from './truth.ts';
import { World } from './world.ts';

/** How long everything may take to be right again once all faults are over. */
const HEALING_MS = 60_000;
const LOOK_MS = 250;
/** How long a client may take to show everything, at most. */
const ANSWER_MS = 20_000;

export interface Result {
  readonly plan: Plan;
  /** How often each kind happened. */
  readonly happened: ReadonlyMap<Step['what'], number>;
  readonly findings: readonly Finding[];
  /** How long it took to be right again, in ms. */
  readonly healedMs: number;
  readonly facts: Facts;
}

/** What the clients lived through. */
interface Facts {
  readonly lives: number;
  readonly crashes: number;
  readonly degraded: number;
  readonly disconnects: number;
  readonly sends: number;
  readonly failedSends: number;
  readonly messageEvents: number;
  readonly calls: number;
  /** Calls that failed, by their names and reasons. */
  readonly failedCalls: ReadonlyMap<string, number>;
}

export async function run(plan: Plan): Promise<Result> {
  const world = await World.create(plan);
  const strays: unknown[] = [];
  const onStray = (error: unknown): void => void strays.push(error);
  process.on('unhandledRejection', onStray);
  try {
    const happened = await live(world);
    await heal(world);
    const start = performance.now();
    const findings = await converge(world);
    const healedMs = performance.now() - start;
    // What is in the memory of a client must be what a new one reads.
    await Promise.all(world.devices.map(async (device) => device.restart()));
    findings.push(
      ...(await converge(world)).map(({ kind, what }): Finding => ({ kind, what: `after a restart: ${what}` })),
    );
    const { history } = world;
    for (const error of strays) history.surprises.push(`unhandled: ${String((error as Error).stack ?? error)}`);
    const truths = await world.truth();
    findings.push(...checkSends(history, [...truths.values()]), ...checkEvents(history));
    for (const { number, name, user } of world.devices)
      findings.push(...checkHeard(history, number, name, truths.get(user.id)!));
    await world.close();
    findings.push(...checkCalls(history));
    return { plan, happened, findings, healedMs, facts: factsOf(history) };
  } finally {
    process.off('unhandledRejection', onStray);
    await world.close();
  }
}

const factsOf = ({ lives, sends, sending, messages, calls, disconnects }: History): Facts => ({
  lives: lives.length,
  crashes: lives.filter(({ end }) => end === 'crashed').length,
  degraded: lives.filter(({ isDegraded }) => isDegraded).length,
  disconnects,
  sends: sends.length,
  failedSends: sending.filter(({ status }) => status === 'failed').length,
  messageEvents: messages.length,
  calls: calls.length,
  failedCalls: counted(
    calls.filter(({ outcome }) => outcome === 'failed').map(({ name, reason }) => `${name}: ${reason}`),
  ),
});

function counted(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

async function live(world: World): Promise<Map<Step['what'], number>> {
  const { devices, plan, history } = world;
  const there = devices.filter(({ isWaiting }) => !isWaiting);
  await Promise.all(there.map(async (device) => device.start()));
  await waitFor(() => there.every(({ isOnline }) => isOnline));
  await world.gather();
  const happened = new Map<Step['what'], number>();
  const count = (what: Step['what']): void => void happened.set(what, (happened.get(what) ?? 0) + 1);
  const start = history.now();
  const performed: Promise<void>[] = [];
  for (const step of plan.steps) {
    await pause(start + step.at - history.now());
    const { what } = step;
    if (isFault(what)) {
      cause(world, { ...step, what });
      count(what);
    } else {
      const done = devices[step.device]!.perform({ ...step, what }, world.firstGroup);
      performed.push(done.then((isDone) => (isDone ? count(what) : undefined)));
    }
  }
  await Promise.all(performed);
  return happened;
}

async function waitFor(done: () => boolean): Promise<void> {
  for (const end = Date.now() + HEALING_MS; !done() && Date.now() < end;) await pause(LOOK_MS);
}

/** Waits until every device shows what the server has. @returns the differences that stay */
async function converge(world: World): Promise<Finding[]> {
  const end = Date.now() + HEALING_MS;
  for (;;) {
    const truths = await world.truth();
    const compared = world.devices.map(async (device) => differences(device, truths.get(device.user.id)!));
    const found = (await Promise.all(compared)).flat();
    const pending = world.history.calls.filter(({ outcome }) => outcome === 'pending');
    if (found.length === 0 && pending.length === 0) return found;
    if (Date.now() > end) return found;
    await pause(LOOK_MS);
  }
}

async function differences(device: Device, truth: UserTruth): Promise<Finding[]> {
  const { name } = device;
  const names = truth.map((conversation) => conversation.name);
  // It may go offline, or log out, while it is asked.
  const answer = device.isOnline ? Promise.race([device.show(names), pause(ANSWER_MS)]) : undefined;
  const shown = await answer?.catch(() => undefined);
  if (!shown) return [{ kind: 'unsettled', what: `${name} is not online, or does not answer` }];
  const waiting = Object.entries(shown).flatMap(([conversation, { sending }]) =>
    sending.map((mid): Finding => ({ kind: 'unsettled', what: `${name} ${conversation}: ${mid} is still being sent` })),
  );
  return [...waiting, ...compareStore(name, truth, shown)];
}
