// Runs a plan: everybody comes online, the steps happen at their times, all faults end, and the result is checked.
import { checkCalls, checkEvents, checkHeard, checkSends, compareStore } from './checks.ts';
import type { Finding, Shown } from './checks.ts';
import { pause } from './device.ts';
import type { Device } from './device.ts';
import { cause, heal } from './faults.ts';
import type { History } from './history.ts';
import { perform } from './operations.ts';
import { isFault } from './plan.ts';
import type { Plan, Step } from './plan.ts';
import type { UserTruth } from './truth.ts';
import { World } from './world.ts';

/** How long everything may take to be right again once all faults are over. */
const HEALING_MS = 60_000;
const LOOK_MS = 250;
const PAGE = 200;

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
  readonly failedCalls: number;
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
  failedCalls: calls.filter(({ outcome }) => outcome === 'failed').length,
});

async function live(world: World): Promise<Map<Step['what'], number>> {
  const { devices, plan, history } = world;
  const there = devices.filter(({ spec }) => !spec.isNew);
  await Promise.all(there.map(async (device) => device.start()));
  await waitFor(() => there.every(({ isOnline }) => isOnline));
  await world.gather();
  const happened = new Map<Step['what'], number>();
  const start = history.now();
  for (const step of plan.steps) {
    await pause(start + step.at - history.now());
    if (isFault(step.what)) cause(world, { ...step, what: step.what });
    else if (!perform(world, { ...step, what: step.what })) continue;
    happened.set(step.what, (happened.get(step.what) ?? 0) + 1);
  }
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
  const { client, name } = device;
  if (!client || !device.isOnline) return [{ kind: 'unsettled', what: `${name} is not online` }];
  const shown = new Map<string, Shown>();
  const waiting: Finding[] = [];
  for (const { name: conversation } of truth) {
    const [type, id] = conversation.split(':') as ['roster' | 'group', string];
    const unread = (type === 'group' ? client.groupManage : client.rosterManage).getUnreadCount(id);
    const sending = client.sysManage
      .getSendingMessages(id, type)
      .filter(({ sendingStatus }) => sendingStatus === 'sending');
    for (const { id: mid } of sending)
      waiting.push({ kind: 'unsettled', what: `${name} ${conversation}: ${mid} is still being sent` });
    shown.set(conversation, { unread, messages: await allMessages(client, type, id) });
  }
  return [...waiting, ...compareStore(name, truth, shown)];
}

async function allMessages(
  { sysManage }: NonNullable<Device['client']>,
  type: 'roster' | 'group',
  id: string,
): Promise<Shown['messages'][number][]> {
  const all: Shown['messages'][number][] = [];
  for (;;) {
    const before = all[0]?.id ?? 0;
    const { messages } = await sysManage.getMessages({ id, type, limit: PAGE, before });
    all.unshift(...messages);
    if (messages.length < PAGE) return all;
  }
}
