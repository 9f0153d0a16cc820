// npm run --silent storm [-- --against <folder>] [--only <word>]: how long clients wait when their server restarts or drops them,
// and what a thousand of them do to it. The connections, waits and hosts are those of src; time, network and servers are
// simulated. `--against` prints the same figures of another checkout of this repository below ours.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { createHosts } from '../src/bootstrap/hosts.ts';
import { resolveOptions } from '../src/options.ts';
import { Connection } from '../src/session/connection.ts';
import type { Build } from './storm/population.ts';
import { drops, restart } from './storm/scenarios.ts';
import type { Figures, Restart } from './storm/scenarios.ts';

const CLIENTS = 1000;
const SLOW_SERVER = 100;

interface Scenario {
  readonly name: string;
  run(build: Build): Promise<Figures>;
}

const restarts = (words: string, given: Partial<Restart>): Scenario[] =>
  [0, 10, 30, 60].map((seconds) => ({
    name: `restart of ${seconds} s${words}`,
    run: async (build) => restart(build, { clients: CLIENTS, hasEvent: false, ...given, awayMs: seconds * 1000 }),
  }));

const dropped = (name: string, given: Omit<Parameters<typeof drops>[1], 'clients'>): Scenario => ({
  name,
  run: async (build) => drops(build, { clients: CLIENTS, ...given }),
});

const SCENARIOS: readonly Scenario[] = [
  ...restarts('', {}),
  ...restarts(', online event', { hasEvent: true }),
  ...restarts(', its host away', { isSilent: true }).slice(1),
  ...restarts(`, opens ${SLOW_SERVER} a second`, { opensPerSecond: SLOW_SERVER }),
  ...restarts(`, opens ${SLOW_SERVER} a second, online event`, { opensPerSecond: SLOW_SERVER, hasEvent: true }),
  ...restarts(`, opens ${SLOW_SERVER} a second, 5,000 clients`, { opensPerSecond: SLOW_SERVER, clients: 5000 }),
  dropped('dropped 200-500 ms after acceptance, first 10', { sessionMs: [200, 500], isTalking: true, count: 10 }),
  dropped('the same, five minutes of it', { sessionMs: [200, 500], isTalking: true }),
  dropped('dropped before it answers, first 10', { sessionMs: [0, 20], isTalking: false, count: 10 }),
  dropped('the same, five minutes of it', { sessionMs: [0, 20], isTalking: false }),
];

const { values } = parseArgs({ options: { against: { type: 'string' }, only: { type: 'string' } } });
const builds: [name: string, build: Build][] = [['ours', { Connection, createHosts, resolveOptions }]];
if (values.against !== undefined) builds.push(['other', await load(resolve(values.against))]);

const HEAD = ['', '', 'median', 'p95', 'worst', 'lost', 'peak/s', 'in a minute', 'away/s', 'DNS peak/s'];
const lines = [HEAD];
for (const { name, run } of SCENARIOS) {
  if (values.only !== undefined && !name.includes(values.only)) continue;
  for (const [index, [label, build]] of builds.entries())
    lines.push([index === 0 ? name : '', label, ...cells(await run(build))]);
}
const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
for (const line of lines)
  console.log(line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join('  '));

function cells({ waits, lost, peak, inMinute, whileAway, dnsPeak }: Figures): string[] {
  const at = (part: number): string =>
    `${(waits[Math.min(waits.length - 1, Math.floor(part * waits.length))]! / 1000).toFixed(2)} s`;
  return [at(0.5), at(0.95), at(1), ...[lost, peak, inMinute, whileAway, dnsPeak].map((n) => Math.round(n).toString())];
}

async function load(folder: string): Promise<Build> {
  const room = async (path: string): Promise<unknown> => import(pathToFileURL(resolve(folder, 'src', path)).href);
  const rooms = await Promise.all([room('session/connection.ts'), room('bootstrap/hosts.ts'), room('options.ts')]);
  return Object.assign({}, ...rooms) as Build;
}
