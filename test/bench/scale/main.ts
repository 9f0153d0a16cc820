// npm run --silent bench:scale [-- --against <folder>] [--only browser|node|mini-program] [--quick]: what grows with the data on
// a device, and what does not. `--against` takes the same figures of another checkout of this repository, in turn with ours.
// `--quick` leaves out the largest sizes. The rows `database` are the limit: what the bare database takes for the least that each
// figure needs. Prints what it measured and asserts nothing.
import { parseArgs } from 'node:util';
import { resolve } from 'node:path';
import { createDevServer } from 'flooim-devserver';
import type { FlooClient } from '../../../src/entries/node.ts';
import { logIn } from '../data/people.ts';
import type { Person } from '../data/page/messaging.ts';
import { APP_ID, median } from '../data/page/world.ts';
import { CHINESE_WORDS, RARE_WORD } from '../data/page/texts.ts';
import { startDevice } from './devices.ts';
import type { Device, Kind } from './devices.ts';
import { ONE_WORD } from './seed.ts';
import type { Shape } from './seed.ts';

type Size = Pick<Shape, 'conversations' | 'each'>;

const SIZES: Record<Kind, readonly (readonly Size[])[]> = {
  browser: [
    [
      { conversations: 100, each: 100 },
      { conversations: 100, each: 1000 },
      { conversations: 100, each: 10_000 },
    ],
    [
      { conversations: 1000, each: 10 },
      { conversations: 10_000, each: 10 },
      { conversations: 100_000, each: 10 },
    ],
  ],
  node: [
    [
      { conversations: 100, each: 100 },
      { conversations: 100, each: 1000 },
    ],
    [
      { conversations: 1000, each: 2 },
      { conversations: 100_000, each: 2 },
    ],
  ],
  'mini-program': [
    [
      { conversations: 100, each: 100 },
      { conversations: 100, each: 1000 },
    ],
    [
      { conversations: 1000, each: 2 },
      { conversations: 100_000, each: 2 },
    ],
  ],
};

const PEERS = 10;
const OPENINGS = 3;
const PAGES = 200;
const SENDS = 100;
const LIVE = 100;
const LIVE_EVERY_MS = 20;
/** The texts that searches look for, by what is special about them. */
const WORDS: Record<string, string> = {
  'one hit': ONE_WORD,
  'no hit': 'qwxzvkj',
  rare: RARE_WORD,
  usual: 'invoice',
  common: 'the',
  Chinese: CHINESE_WORDS[0]!,
  'one character': '车',
  'two words': 'invoice report',
};
/** How long an index may take to be built, and how long the app is quiet between two looks at it. */
const INDEX_MS = 180_000;
const QUIET_MS = 5000;

const FIGURES = [
  'open',
  'open, all',
  'page',
  'send',
  'live',
  'first search',
  'search, median',
  'search, slowest',
  'heap',
] as const;
type Figures = Partial<Record<(typeof FIGURES)[number], number>>;

const { values } = parseArgs({
  options: { against: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean' } },
});

for (const kind of ['browser', 'node', 'mini-program'] as const) {
  if (values.only !== undefined && values.only !== kind) continue;
  for (const sizes of SIZES[kind]) {
    const rows: string[][] = [[kind, '', ...FIGURES.map((name) => `${name}, ${name === 'heap' ? 'MB' : 'ms'}`)]];
    const chosen = values.quick ? sizes.slice(0, -1) : sizes;
    for (const size of chosen) {
      let database: string[] = [];
      const what = `${size.conversations.toLocaleString('en')} × ${size.each.toLocaleString('en')}`;
      for (const checkout of [undefined, ...(values.against === undefined ? [] : [resolve(values.against)])]) {
        const name = checkout === undefined ? 'this' : 'other';
        process.stderr.write(`${kind} ${what} ${name}\n`);
        const { figures, limits } = await figuresOf(kind, size, checkout);
        rows.push([what, name, ...FIGURES.map((figure) => figures[figure]?.toFixed(1) ?? '')]);
        if (checkout === undefined) database = FIGURES.map((figure) => limits[figure]?.toFixed(1) ?? '');
      }
      rows.push([what, 'database', ...database]);
    }
    print(rows);
  }
}

async function figuresOf(
  kind: Kind,
  size: Size,
  checkout: string | undefined,
): Promise<{ figures: Figures; limits: Figures }> {
  const server = await createDevServer();
  const app = server.data.app(APP_ID);
  const people = Array.from({ length: PEERS + 1 }, (_, number): Person & { id: number } => {
    const person = { name: `person-${number}`, password: 'secret12', dnsServer: server.dnsUrl };
    return { ...person, id: app.users.add(person.name, person.password).id };
  });
  const [self, ...peers] = people;
  const shape: Shape = { ...size, self: String(self!.id), peers: peers.map(({ id }) => String(id)) };
  const device = await startDevice(kind, checkout);
  const senders = await Promise.all(peers.map(logIn));
  try {
    await device.call('seed', shape);
    // The first opening brings the database to the stored form of the build.
    await device.restart();
    const first = await device.call('open', shape);
    process.stderr.write(`  first opening ${first.ms.toFixed(0)} ms, all ${first.allMs.toFixed(0)} ms\n`);
    const openings = [];
    for (let opening = 0; opening < OPENINGS; opening++) {
      await device.restart();
      openings.push(await device.call('open', shape));
    }
    await device.restart();
    const { open, page, commit, hits } = await device.call('limits', shape);
    // A send is stored before it leaves, and its answer with the next one.
    const limits = { open, page, send: commit, live: commit, 'search, slowest': hits };
    await device.restart();
    await device.call('logIn', self!);
    // Some of each before it counts: the first ones load code.
    await device.call('sends', shape, PEERS);
    await device.call('pages', shape, PEERS);
    const searching = await device.call('search', ONE_WORD);
    const [pages, sends] = [await device.call('pages', shape, PAGES), await device.call('sends', shape, SENDS)];
    const lives = await live(device, senders, self!.id);
    await untilIndexed(device);
    const searches: number[] = [];
    for (const [what, word] of Object.entries(WORDS)) {
      const { ms, hits } = await device.call('search', word);
      searches.push(ms);
      process.stderr.write(`  search ${what}: ${hits} hits in ${ms.toFixed(1)} ms\n`);
    }
    const heap = await device.heap();
    await device.call('logOut');
    const figures = {
      open: median(openings.map(({ ms }) => ms)),
      'open, all': median(openings.map(({ allMs }) => allMs)),
      page: median(pages),
      send: median(sends),
      live: median(lives),
      'first search': searching.ms,
      'search, median': median(searches),
      'search, slowest': Math.max(...searches),
      heap,
    };
    return { figures, limits };
  } finally {
    await Promise.all(senders.map(async (sender) => sender.dispose()));
    await device.end();
    await server.close();
  }
}

/** From the call of a peer until the event of its message, in ms. The processes of one machine have one clock. */
async function live(device: Device, senders: readonly FlooClient[], uid: number): Promise<number[]> {
  const calledAt = new Map<string, number>();
  for (let message = 0; message < LIVE; message++) {
    const content = `live ${message}`;
    calledAt.set(content, performance.timeOrigin + performance.now());
    senders[message % PEERS]!.sysManage.sendRosterMessage({ uid, content });
    await sleep(LIVE_EVERY_MS);
  }
  await sleep(500);
  const received = await device.call('received');
  return [...calledAt].map(([content, at]) => received[content]! - at);
}

/** Waits until a search for a text that nobody wrote does not become faster any more. */
async function untilIndexed(device: Device): Promise<void> {
  const start = performance.now();
  let before = Infinity;
  for (;;) {
    await sleep(QUIET_MS);
    const { ms } = await device.call('search', WORDS['no hit']!);
    if ((ms > before * 0.7 && ms < 150) || performance.now() - start > INDEX_MS) return;
    before = ms;
  }
}

async function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function print(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  ');
  console.log(`${rows.map(line).join('\n')}\n`);
}
