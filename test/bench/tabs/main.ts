// npm run --silent bench:tabs [-- --conversations 1000 --each 100]: what a second tab costs, in a real Chromium, with IndexedDB.
// The first tab is measured alone, then both. Prints the heap, the time of a send from the call to `sent`, and that of a live
// message from the call of its sender to the event. Asserts nothing.
import { parseArgs } from 'node:util';
import { createDevServer } from 'flooim-devserver';
import type { FlooClient } from '../../../src/entries/node.ts';
import { launchChromium } from '../../support/chromium.ts';
import type { Target } from '../../support/chromium.ts';
import { logIn } from '../data/people.ts';
import { serveSite } from '../data/site.ts';
import { APP_ID, median } from '../data/page/world.ts';
import type { Shape } from '../scale/seed.ts';
import type { Workload } from '../scale/workload.ts';

const MB = 2 ** 20;
const PEERS = 10;
const WARM_UP = 20;
const SENDS = 200;
const LIVE = 200;
const LIVE_EVERY_MS = 20;
/** After an opening the rest of the store is read, and the index of searches is built. */
const QUIET_MS = 15_000;

const { values } = parseArgs({
  options: { conversations: { type: 'string', default: '1000' }, each: { type: 'string', default: '100' } },
});
const size = { conversations: Number(values.conversations), each: Number(values.each) };
const sleep = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const server = await createDevServer();
const app = server.data.app(APP_ID);
const people = Array.from({ length: PEERS + 1 }, (_, number) => {
  const person = { name: `person-${number}`, password: 'secret12', dnsServer: server.dnsUrl };
  return { ...person, id: app.users.add(person.name, person.password).id };
});
const [self, ...peers] = people;
const shape: Shape = { ...size, self: String(self!.id), peers: peers.map(({ id }) => String(id)) };
const [site, chromium] = await Promise.all([
  serveSite(new URL('../scale/page.ts', import.meta.url).href),
  launchChromium(),
]);
const senders: FlooClient[] = await Promise.all(peers.map(logIn));

/** Opens a tab. Its client logs in, or finds that another tab has. */
async function open(): Promise<Target> {
  return chromium.open(site.url);
}

async function call<K extends keyof Workload>(
  tab: Target,
  name: K,
  ...args: Parameters<Workload[K]>
): Promise<Awaited<ReturnType<Workload[K]>>> {
  // Each has its own answer.
  return (await tab.evaluate(`bench.${name}(...${JSON.stringify(args)})`)) as never;
}

async function heap(tab: Target): Promise<number> {
  for (let i = 0; i < 3; i++) await tab.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await tab.send('Runtime.getHeapUsage');
  return (Number(usedSize) + Number(backingStorageSize)) / MB;
}

let spoken = 0;

/** From the calls of peers until the events in these tabs. The processes of one machine have one clock. */
async function live(tabs: readonly Target[]): Promise<number[][]> {
  const calledAt = new Map<string, number>();
  for (let message = 0; message < LIVE; message++) {
    const content = `live ${++spoken}`;
    calledAt.set(content, performance.timeOrigin + performance.now());
    senders[message % PEERS]!.sysManage.sendRosterMessage({ uid: self!.id, content });
    await sleep(LIVE_EVERY_MS);
  }
  await sleep(1000);
  const received = await Promise.all(tabs.map(async (tab) => call(tab, 'received')));
  return received.map((came) => [...calledAt].map(([content, at]) => came[content]! - at));
}

const p95 = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;

async function sends(tab: Target): Promise<number[]> {
  await call(tab, 'sends', shape, WARM_UP);
  return call(tab, 'sends', shape, SENDS);
}

const rows = [['tab', 'heap, MB', 'send, median ms', 'p95', 'live, median ms', 'p95']];
const row = (name: string, mb: number, sent: readonly number[], came: readonly number[]): number =>
  rows.push([name, ...[mb, median(sent), p95(sent), median(came), p95(came)].map((figure) => figure.toFixed(1))]);

const seeding = await open();
await call(seeding, 'seed', shape);
// The first opening brings the database to the stored form of now.
await call(seeding, 'open', shape);
await seeding.close();
const first = await open();
await call(first, 'logIn', self!);
await sleep(QUIET_MS);
const alone = { sent: await sends(first), came: (await live([first]))[0]! };
await sleep(1000);
row('alone', await heap(first), alone.sent, alone.came);

const second = await open();
await call(second, 'logIn', self!);
await sleep(QUIET_MS);
const sent = [await sends(first), await sends(second)];
const came = await live([first, second]);
await sleep(1000);
row('the one that leads', await heap(first), sent[0]!, came[0]!);
row('one that follows', await heap(second), sent[1]!, came[1]!);
const connections = server.admin.connections().filter(({ uid }) => uid === self!.id).length;

for (const tab of [second, first]) await call(tab, 'logOut');
await chromium.close();
await Promise.all(senders.map(async (sender) => sender.dispose()));
site.close();
await server.close();
const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)));
console.log(
  `${size.conversations.toLocaleString('en')} conversations, ` +
    `${(size.conversations * size.each).toLocaleString('en')} messages, sockets at the server ${connections}`,
);
for (const cells of rows)
  console.log(cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at]!))).join('  '));
