/** Clients that sleep in a process and in a page of their own: the cases of `npm run --silent sleep`, held by what arrives. */
import { expect, test } from 'vitest';
import { NODE_CASES, PAGE_CASES } from '../../scripts/sleep/cases.ts';
import { measure } from '../../scripts/sleep/measure.ts';
import { startNodeSleeper } from '../../scripts/sleep/node-sleeper.ts';
import { openPageSleeper } from '../../scripts/sleep/page-sleeper.ts';

/** Longer than the looks of a process at its clock are apart. */
const AWAY_MS = 3500;
/** A busy machine takes its time; the figures are printed. */
const TIMEOUT_MS = 20_000;

const report = ({ name, ms, note = '' }: { name: string; ms: number; note?: string }): void =>
  void process.stdout.write(`${name}: ${Math.round(ms)} ms ${note}\n`);

test.concurrent.each(NODE_CASES)('$name: back, with what was sent meanwhile', { timeout: 60_000 }, async (one) => {
  const measured = await measure(one, startNodeSleeper, {
    transport: 'socket.io',
    awayMs: AWAY_MS,
    timeoutMs: TIMEOUT_MS,
  });
  report(measured);
  expect(measured.name).toBe(one.name);
});

test.each(PAGE_CASES)('a page, $name: back, with what was sent meanwhile', { timeout: 60_000 }, async (one) => {
  const measured = await measure(one, openPageSleeper, {
    transport: 'socket.io',
    awayMs: AWAY_MS,
    timeoutMs: TIMEOUT_MS,
  });
  report(measured);
  expect(measured.name).toBe(one.name);
});
