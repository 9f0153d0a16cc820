// npm run --silent calls [-- --rounds 20]: video calls in a row between two pages in a real Chromium, through the dev server and
// Debian's Janus. The sides take turns to call and to hang up. Exits non-zero when a call does not connect or has not one record on
// each side, or when rooms, lines to Janus, tracks, connections or memory are left.
// npm run --silent calls -- --losses: what calls survive and what not, which takes a minute: packets lost for 22 s, a network lost
// for good, a browser killed, the only device unplugged. Exits non-zero when one of them ends otherwise than it should.
import { parseArgs } from 'node:util';
import { whyNoJanus } from '../devserver/src/node/janus.ts';
import { openPageWorld } from '../test/integration/rtc/page-world.ts';
import type { PageWorld } from '../test/integration/rtc/page-world.ts';
import { runLosses } from './calls/losses.ts';
import { median, until } from './calls/measure.ts';
import { openSide } from './calls/side.ts';
import type { Side } from './calls/side.ts';

/** Calls before the memory is measured first. The newest hundred messages of a chat stay in memory, and each call has four. */
const WARM_UP = 25;
const MOST_GROWTH = 0.1;
const MEGABYTE = 1024 * 1024;

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '20' }, losses: { type: 'boolean', default: false } },
});
const rounds = Number(values.rounds);
const reason = whyNoJanus();
if (!Number.isInteger(rounds) || rounds < 1) {
  console.error('usage: npm run --silent calls -- [--rounds N | --losses]');
  process.exitCode = 2;
} else if (reason !== undefined) {
  console.error(`no calls: ${reason}`);
  process.exitCode = 2;
} else {
  const world = await openPageWorld();
  try {
    process.exitCode = values.losses ? ((await runLosses(world)) ? 0 : 1) : await main(world);
  } finally {
    await world.close();
  }
}

async function main(world: PageWorld): Promise<number> {
  const sides = [await openSide(world, 'alice'), await openSide(world, 'bob')] as const;
  const [alice, bob] = sides;
  const pictureMs: number[] = [];
  const roomsMade = new Set<string>();

  const call = async (round: number): Promise<boolean> => {
    const [caller, callee] = round % 2 === 0 ? [alice, bob] : [bob, alice];
    const since = Date.now();
    await caller.page.evaluate(async (uid) => window.callPage.start(uid, true), callee.uid);
    if (!(await until(async () => (await callee.state()) === 'ringing'))) return false;
    await callee.page.evaluate(async () => window.callPage.accept());
    const pictures = sides.map(async ({ page }) => page.evaluate(async () => window.callPage.firstPicture()));
    const isConnected = await until(async () => (await statesOf(sides)).every((state) => state === 'connected'));
    if (isConnected) pictureMs.push(Math.max(...(await Promise.all(pictures))) - since);
    await (round % 4 < 2 ? caller : callee).page.evaluate(() => window.callPage.hangUp());
    await until(async () => (await statesOf(sides)).every((state) => state === undefined));
    for (const { page } of sides)
      for (const room of await page.evaluate(() => window.callPage.takeRooms())) roomsMade.add(room);
    return isConnected;
  };

  for (let round = 0; round < WARM_UP; round++) await call(round);
  pictureMs.length = 0;
  const before = await Promise.all(sides.map(async ({ heap }) => heap()));
  const recordsBefore = await recordsOf(sides);
  let connected = 0;
  for (let round = 0; round < rounds; round++) if (await call(round)) connected++;
  await until(async () => (await recordsOf(sides)).every((count, at) => count - recordsBefore[at]! >= rounds));
  const records = (await recordsOf(sides)).map((count, at) => count - recordsBefore[at]!);
  const roomsLeft = async (): Promise<number> =>
    (await Promise.all([...roomsMade].map(async (room) => world.hasRoom(room)))).filter(Boolean).length;
  await until(async () => (await roomsLeft()) === 0);
  const rooms = await roomsLeft();
  const linesLeft = (): number => world.server.admin.relayedSignals().lines;
  await until(async () => linesLeft() === 0);
  const lines = linesLeft();
  const left = await Promise.all(sides.map(async ({ page }) => page.evaluate(() => window.callPage.left())));
  const tracks = left.reduce((sum, each) => sum + each.tracks, 0);
  const connections = left.reduce((sum, each) => sum + each.connections, 0);
  const after = await Promise.all(sides.map(async ({ heap }) => heap()));
  const growth = Math.max(...after.map((bytes, at) => bytes / before[at]! - 1));

  const heaps = after.map((bytes, at) => `${megabytes(before[at]!)} to ${megabytes(bytes)} MB`).join(' and ');
  console.log(
    `calls ${rounds}, connected ${connected}, median ${median(pictureMs)} ms to both pictures, ` +
      `records ${records.join(' and ')}, rooms left ${rooms}, lines left ${lines}, tracks left ${tracks}, connections left ${connections}, ` +
      `heap ${heaps}`,
  );
  const isWhole = connected === rounds && records.every((count) => count === rounds);
  return isWhole && rooms + lines + tracks + connections === 0 && growth <= MOST_GROWTH ? 0 : 1;
}

async function statesOf(sides: readonly Side[]): Promise<(string | undefined)[]> {
  return Promise.all(sides.map(async ({ state }) => state()));
}

async function recordsOf(sides: readonly Side[]): Promise<number[]> {
  return Promise.all(sides.map(async ({ page }) => page.evaluate(() => window.callPage.recorded())));
}

function megabytes(bytes: number): string {
  return (bytes / MEGABYTE).toFixed(1);
}
