// npm run --silent bench:idle [-- --minutes 5] [--against <folder>]: what a page costs that is logged in and does nothing, in front
// and in the background, in a real Chromium. Each page is watched for some minutes; the figures of an hour are these times what
// an hour has of them, so take whole heartbeats (50 s) and pings (25 s): 5 minutes have six and twelve. Prints what it measured
// and asserts nothing.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createDevServer } from 'flooim-devserver';
import { launchChromium } from '../../support/chromium.ts';
import type { Target } from '../../support/chromium.ts';
import { serveSite } from '../data/site.ts';
import type { Counts } from './counts.ts';
import type { IdlePage } from './page.ts';

const APP_ID = 'bench';
/** After a login the client asks for signs of life for half a minute, and stores what waited. */
const SETTLE_MS = 60_000;
const MINUTE_MS = 60_000;

interface Row {
  name: string;
  counts: Counts;
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, against: { type: 'string' } } });
const minutes = Number(values.minutes);
const builds: [name: string, folder?: string][] = [['ours']];
if (values.against !== undefined) builds.push(['other', resolve(values.against)]);

const sleep = async (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));
const server = await createDevServer();
const rows: Row[] = [];
// All at once: they do nothing.
await Promise.all(
  builds.flatMap(([build, folder]) => (['socket.io', 'raw'] as const).map((kind) => measure(build, folder, kind))),
);
await server.close();

const HEAD = ['an hour', 'timers set', 'wakeups', 'frames up', 'down', 'bytes up', 'down', 'sockets opened'];
const lines = [
  HEAD,
  ...rows.sort((a, b) => a.name.localeCompare(b.name)).map(({ name, counts }) => [name, ...cells(counts)]),
];
const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
for (const line of lines)
  console.log(line.map((cell, at) => (at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at]!))).join('  '));

function cells({ timers, wakeups, framesUp, framesDown, bytesUp, bytesDown, sockets }: Counts): string[] {
  return [timers, wakeups, framesUp, framesDown, bytesUp, bytesDown, sockets].map((count) =>
    Math.round((count * 60) / minutes).toString(),
  );
}

/** Logs two users in, in two tabs of one window, and watches the tab in front and the one behind it. */
async function measure(build: string, folder: string | undefined, transport: 'socket.io' | 'raw'): Promise<void> {
  // Chromium waits five minutes before it lets the timers of a hidden page run once a minute only.
  const chromium = await launchChromium(['--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10']);
  const tabs = [];
  for (const place of ['background', 'foreground']) {
    // An origin of its own: another user.
    const site = await serveSite('../idle/page.ts', folder);
    const tab = await chromium.open(site.url);
    const name = `${build} ${transport} ${place}`;
    server.data.app(APP_ID).users.add(name, 'secret12');
    await call(tab, 'logIn', { dnsServer: server.dnsUrl, appid: APP_ID, name, transport });
    tabs.push({ name: `${place}, ${transport}, ${build}`, place, site, tab });
  }
  await sleep(SETTLE_MS);
  const before = await Promise.all(tabs.map(async ({ tab }) => call(tab, 'take')));
  await sleep(minutes * MINUTE_MS);
  for (const [index, { name, place, site, tab }] of tabs.entries()) {
    const { isHidden, ...after } = await call(tab, 'take');
    if (isHidden !== (place === 'background')) throw new Error(`${name} is ${isHidden ? '' : 'not '}hidden`);
    const counts = Object.fromEntries(
      Object.entries(after).map(([key, count]) => [key, count - before[index]![key as keyof Counts]]),
    ) as unknown as Counts;
    rows.push({ name, counts });
    site.close();
  }
  await chromium.close();
}

async function call<K extends keyof IdlePage>(
  tab: Target,
  name: K,
  ...given: Parameters<IdlePage[K]>
): Promise<Awaited<ReturnType<IdlePage[K]>>> {
  // Each has its own answer.
  return (await tab.evaluate(`idle.${name}(...${JSON.stringify(given)})`)) as never;
}
