import type { Page } from 'playwright';
import { packetLoss } from '../../test/integration/rtc/packet-loss.ts';
import type { PageWorld } from '../../test/integration/rtc/page-world.ts';
import { until } from './measure.ts';
import { openSide } from './side.ts';
import type { Side } from './side.ts';

/** The loss that ends, which no connection survives by itself. */
const LOSS_MS = 22_000;
/** Longer than any trouble may last before the call ends. */
const LONG_MS = 50_000;
/** How long the other side may take to notice that a browser is gone. */
const MOST_MS = 45_000;

/** What is wrong, or what was seen. */
interface Outcome {
  readonly isRight: boolean;
  readonly seen: string;
}

/** What calls survive, and what they do not: it takes a minute, because it waits for the limits. All at the same time. */
export async function runLosses(world: PageWorld): Promise<boolean> {
  const losses = { packetsForAWhile, everything, killedBrowser, noDevice };
  const outcomes = await Promise.all(
    Object.entries(losses).map(async ([name, run]) => ({ name, ...(await run(world, name)) })),
  );
  for (const { name, isRight, seen } of outcomes) console.log(`${isRight ? 'right' : 'WRONG'}: ${name}: ${seen}`);
  return outcomes.every(({ isRight }) => isRight);
}

async function packetsForAWhile(world: PageWorld, name: string): Promise<Outcome> {
  const [caller, callee] = await openSides(world, name);
  const lose = await packetLoss(caller.page);
  await talk(caller, callee);
  const before = await names(caller.page);
  await lose(100);
  await pause(LOSS_MS);
  await lose(0);
  const isBack = await until(async () => (await heard(caller.page)).slice(-2).join() === 'reconnecting,connected');
  const shows = (await Promise.all([caller, callee].map(showsFrames))).every(Boolean);
  const isAnother = String(before) !== String(await names(caller.page));
  const seen = `${(await heard(caller.page)).join()}; at the other side ${(await heard(callee.page)).join()}`;
  await hangUp(caller.page);
  return { isRight: isBack && shows && isAnother, seen };
}

/** The caller loses its network, for good. */
async function everything(world: PageWorld, name: string): Promise<Outcome> {
  const [caller, callee] = await openSides(world, name);
  const lose = await packetLoss(caller.page);
  await talk(caller, callee);
  const { admin } = world.server;
  const since = Date.now();
  await lose(100);
  admin.stall({ uid: caller.uid, on: true, alsoNew: true });
  admin.dropSockets({ uid: caller.uid });
  const [ownMs, theirMs] = await Promise.all([caller, callee].map(async (side) => msUntilEnd(side, since)));
  const reasons = [await reasonOf(caller.page), await reasonOf(callee.page)].join();
  admin.stall({ on: false });
  const hasRecords = await until(async () => (await records(caller, callee)).join() === 'interrupted,interrupted');
  const isRoomGone = await until(async () => (await roomsLeft(world, callee.page)) === 0);
  const isRight = reasons === 'connectionLost,peerDropped' && hasRecords && isRoomGone && theirMs! <= MOST_MS;
  const seen = `${reasons} after ${ownMs} and ${theirMs} ms, records ${(await records(caller, callee)).join()}`;
  return { isRight, seen: `${seen}, room ${isRoomGone ? 'gone' : 'left'}` };
}

async function killedBrowser(world: PageWorld, name: string): Promise<Outcome> {
  const caller = await openSide(world, `${name} 1`);
  const uid = world.addUser(`${name} 2`);
  const { page, kill } = await world.openMortal(`${name} 2`);
  await talk(caller, { page, uid });
  const since = Date.now();
  await kill();
  const ms = await msUntilEnd(caller, since);
  const reason = await reasonOf(caller.page);
  const outcomes = await outcomesOf(caller.page, uid);
  const isRoomGone = await until(async () => (await roomsLeft(world, caller.page)) === 0);
  const isRight = reason === 'peerDropped' && outcomes.join() === 'interrupted' && isRoomGone && ms <= MOST_MS;
  return {
    isRight,
    seen: `${reason} after ${ms} ms, records ${outcomes.join()}, room ${isRoomGone ? 'gone' : 'left'}`,
  };
}

/** The callee's only device is unplugged: it sends nothing, and is not lost. */
async function noDevice(world: PageWorld, name: string): Promise<Outcome> {
  const [caller, callee] = await openSides(world, name);
  await talk(caller, callee, false);
  await callee.page.evaluate(() => {
    navigator.mediaDevices.getUserMedia = async () => Promise.reject(new DOMException('', 'NotFoundError'));
    const track = window.callPage.call().local.microphone!.getTracks()[0]!;
    track.stop();
    track.dispatchEvent(new Event('ended'));
  });
  await pause(LONG_MS);
  const states = [await caller.state(), await callee.state()].join();
  const seen = `${states}; ${(await heard(caller.page)).join()}; ${(await heard(callee.page)).join()}`;
  const isRight = states === 'connected,connected' && !seen.includes('lost');
  await hangUp(caller.page);
  return { isRight, seen };
}

const pause = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const openSides = async (world: PageWorld, name: string): Promise<[Side, Side]> => [
  await openSide(world, `${name} 1`),
  await openSide(world, `${name} 2`),
];

async function talk({ page: from }: Pick<Side, 'page'>, to: Pick<Side, 'page' | 'uid'>, video = true): Promise<void> {
  await from.evaluate(async ([uid, isVideo]) => window.callPage.start(uid, isVideo), [to.uid, video] as const);
  const are = async (state: string, pages: Page[]): Promise<boolean> =>
    until(async () => {
      const states = await Promise.all(
        pages.map(async (page) => page.evaluate(() => window.callPage.current()?.state)),
      );
      return states.every((each) => each === state);
    });
  if (!(await are('ringing', [to.page]))) throw new Error('nobody was called');
  await to.page.evaluate(async () => window.callPage.accept());
  if (!(await are('connected', [from, to.page]))) throw new Error('a call did not connect');
}

const hangUp = async (page: Page): Promise<void> => page.evaluate(() => window.callPage.hangUp());
const heard = async (page: Page): Promise<string[]> => page.evaluate(() => window.callPage.heard);
const names = async (page: Page): Promise<unknown[]> => page.evaluate(() => window.callPage.names());
const reasonOf = async (page: Page): Promise<string> => page.evaluate(() => window.callPage.reasons().join());
const outcomesOf = async (page: Page, uid: string): Promise<string[]> =>
  page.evaluate((peer) => window.callPage.records(peer).map(({ outcome }) => outcome), uid);
const records = async (one: Side, other: Side): Promise<string[]> => [
  ...(await outcomesOf(one.page, other.uid)),
  ...(await outcomesOf(other.page, one.uid)),
];

async function showsFrames({ page }: Side): Promise<boolean> {
  const frames = async (): Promise<number> => (await page.evaluate(async () => window.callPage.countIncoming())).frames;
  const before = await frames();
  return until(async () => (await frames()) > before + 5);
}

async function msUntilEnd({ state }: Pick<Side, 'state'>, since: number): Promise<number> {
  await until(async () => (await state()) === undefined, 2 * LONG_MS);
  return Date.now() - since;
}

async function roomsLeft(world: PageWorld, page: Page): Promise<number> {
  const rooms = await page.evaluate(() => window.callPage.rooms());
  return (await Promise.all(rooms.map(async (room) => world.hasRoom(room)))).filter(Boolean).length;
}
