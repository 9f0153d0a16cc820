// npm run --silent sleep [-- --seconds 6] [--only <word>]: a client that is logged in sleeps, is frozen, loses its network or gets
// another one, in a process of its own and in a page of a real Chromium. Prints how long it took from the moment when it was
// possible until the session was live and had what was sent meanwhile. Exits non-zero when that took more than a second.
import { parseArgs } from 'node:util';
import { NODE_CASES, PAGE_CASES } from './sleep/cases.ts';
import { measure } from './sleep/measure.ts';
import type { Measured } from './sleep/measure.ts';
import { startNodeSleeper } from './sleep/node-sleeper.ts';
import { openPageSleeper } from './sleep/page-sleeper.ts';

const TIMEOUT_MS = 60_000;
/** Promised. */
const LIMIT_MS = 1000;

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '6' }, only: { type: 'string' } } });
const awayMs = Number(values.seconds) * 1000;
const isWanted = ({ name }: { name: string }): boolean => values.only === undefined || name.includes(values.only);

const rows: Measured[] = [];
for (const transport of ['socket.io', 'raw'] as const) {
  const options = { transport, awayMs, timeoutMs: TIMEOUT_MS };
  for (const one of NODE_CASES.filter(isWanted)) rows.push(await measure(one, startNodeSleeper, options));
  for (const one of PAGE_CASES.filter(isWanted)) rows.push(await measure(one, openPageSleeper, options));
}
const width = Math.max(...rows.map(({ name }) => name.length));
for (const { name, transport, ms, note = '' } of rows)
  console.log(
    `${name.padEnd(width)}  ${transport.padEnd(9)}  ${Math.round(ms).toString().padStart(6)} ms  ${note}`.trimEnd(),
  );
const slow = rows.filter(({ ms }) => ms > LIMIT_MS);
console.log(
  `cases ${rows.length}, longest ${Math.round(Math.max(...rows.map(({ ms }) => ms)))} ms, over ${LIMIT_MS} ms ${slow.length}`,
);
if (slow.length > 0) process.exitCode = 1;
