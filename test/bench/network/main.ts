// npm run --silent bench:network [-- --against <folder>] [--only <scenario>]: what an app waits for at 0, 25, 50 and 150 ms each
// way, in ms and in round trips, beside the fewest that the protocol allows. `--against` takes the same figures of another
// checkout of this repository, in turn with ours. `--browser` measures in Chromium. `--thin` prints bytes
// on the wire instead. Asserts nothing.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as ours from '../../../src/entries/node.ts';
import { IN_BROWSER, inBrowser } from './in-browser.ts';
import { atSite, burst, live, login, page } from './scenarios.ts';
import type { Build, Site } from './scenarios.ts';
import { thin } from './thin.ts';
import type { Bytes } from './thin.ts';

const DELAYS_MS = [0, 25, 50, 150];
const TRANSPORTS = ['socket.io', 'raw'] as const;
const THIN_LABELS = [
  ['login', 'a login, 100 conversations with 5 unread each'],
  ['sent', 'a message sent'],
  ['received', 'a message received'],
  ['idle', 'an hour in which nothing happens'],
] as const;

interface Scenario {
  name: string;
  label: string;
  /** Round trips that the protocol cannot do without. */
  fewest: number;
  why: string;
  run(site: Site): Promise<number>;
}

/** A socket to a host costs one for TCP and one for its first answer. The socket opens while the token is fetched. */
const LOGIN = {
  fewest: 7,
  why: 'DNS 2, socket 2 (the token meanwhile), provision, unread list, pages',
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'login100',
    label: 'login, 100 conversations with 5 unread each',
    ...LOGIN,
    run: async (site) => login(site, 100),
  },
  {
    name: 'login1000',
    label: 'login, 1,000 conversations with 5 unread each',
    ...LOGIN,
    run: async (site) => login(site, 1000),
  },
  {
    ...{
      name: 'live1',
      label: 'live, 50 a second from 1 person, median',
      fewest: 1.5,
      why: 'notice ½, request and page 1',
    },
    run: async (site) => (await live(site, 1)).median,
  },
  {
    ...{
      name: 'live20',
      label: 'live, 50 a second from 20 people, median',
      fewest: 1.5,
      why: 'notice ½, request and page 1',
    },
    run: async (site) => (await live(site, 20)).median,
  },
  {
    ...{ name: 'live20p95', label: 'live, 50 a second from 20 people, 95th percentile', fewest: 1.5, why: 'the same' },
    run: async (site) => (await live(site, 20)).p95,
  },
  {
    ...{ name: 'burst', label: 'burst of 200 sends, to the last `sent`', fewest: 1, why: 'send and answer' },
    run: async (site) => burst(site, 200),
  },
  {
    ...{ name: 'page', label: 'page of 20 messages that only the server has', fewest: 1, why: 'request and page' },
    run: page,
  },
];

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    only: { type: 'string' },
    browser: { type: 'boolean' },
    thin: { type: 'boolean' },
  },
});
const other: Build | undefined =
  values.against === undefined
    ? undefined
    : ((await import(pathToFileURL(resolve(values.against, 'src/entries/node.ts')).href)) as Build);

if (values.thin) await printBytes();
else await printTimes();

async function printTimes(): Promise<void> {
  const lines = [['', 'one way', 'measured', 'round trips', ...(other ? ['other build'] : []), 'fewest', 'because']];
  for (const { name, label, fewest, why, run } of SCENARIOS) {
    if (values.only !== undefined && !name.startsWith(values.only)) continue;
    const inPage = values.browser ? IN_BROWSER[name] : undefined;
    if (values.browser && !inPage) continue;
    for (const delayMs of DELAYS_MS) {
      const ms = inPage ? await inBrowser(inPage, delayMs) : await atSite(ours, { delayMs }, run);
      const otherMs =
        other && (inPage ? await inBrowser(inPage, delayMs, values.against) : await atSite(other, { delayMs }, run));
      process.stderr.write(
        `${name} at ${delayMs} ms: ${ms.toFixed(0)} ms, ${otherMs?.toFixed(0) ?? 'nobody'} the other\n`,
      );
      lines.push([
        delayMs === 0 ? label : '',
        `${delayMs} ms`,
        `${ms.toFixed(0)} ms`,
        delayMs === 0 ? '' : (ms / (2 * delayMs)).toFixed(1),
        ...(otherMs === undefined ? [] : [`${otherMs.toFixed(0)} ms`]),
        delayMs === 0 ? '' : String(fewest),
        delayMs === 0 ? why : '',
      ]);
    }
  }
  printTable(lines);
}

/** Takes two minutes and a half: an hour in which nothing happens is computed from 100 s of it. */
async function printBytes(): Promise<void> {
  const builds = other ? [ours, other] : [ours];
  const show = ({ up, down }: Bytes): string => `${up} up, ${down} down`;
  const lines = [['bytes on the wire', '', 'measured', ...(other ? ['other build'] : [])]];
  const measured = TRANSPORTS.map(async (transport) =>
    Promise.all(builds.map(async (build) => thin(build, transport))),
  );
  for (const [index, figures] of (await Promise.all(measured)).entries())
    for (const [what, label] of THIN_LABELS)
      lines.push([what === 'login' ? TRANSPORTS[index]! : '', label, ...figures.map((each) => show(each[what]))]);
  printTable(lines);
}

function printTable(lines: readonly (readonly string[])[]): void {
  const widths = lines[0]!.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}
