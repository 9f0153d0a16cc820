// npm run --silent chaos -- --seed 1 --minutes 1: users with several devices, a faulty network, and a check of everything at the
// end. Exits non-zero when something was lost, doubled, out of order or never answered; then the plan is shrunk and stored.
// `--plan FILE` runs a stored plan. The seed makes the plan; sockets and timers are real, so that a run is not repeated exactly.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeResult, summary } from './chaos/report.ts';
import { FAULT_NAMES, makePlan, OPERATION_NAMES, parsePlan } from './chaos/plan.ts';
import type { Plan } from './chaos/plan.ts';
import { run } from './chaos/run.ts';
import type { Result } from './chaos/run.ts';
import { shrink } from './chaos/shrink.ts';
import { DEVICES, DEVICES_AND_PAGES } from './chaos/world.ts';

/** A longer run is several, each with the next seed: a failure is repeated within a minute. */
const LONGEST_ROUND_MS = 60_000;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    minutes: { type: 'string', default: '1' },
    plan: { type: 'string' },
    shrink: { type: 'string', default: '12' },
    without: { type: 'string', multiple: true, default: [] },
    pages: { type: 'boolean', default: true },
  },
});

async function main(): Promise<number> {
  const seed = Number(values.seed);
  const ms = Number(values.minutes) * 60_000;
  const runs = Number(values.shrink);
  const known: readonly string[] = [...OPERATION_NAMES, ...FAULT_NAMES];
  const unknown = values.without.find((name) => !known.includes(name));
  if (!Number.isSafeInteger(seed) || !(ms > 0) || !(runs >= 0) || unknown !== undefined) {
    console.error(
      'usage: npm run --silent chaos -- --seed S --minutes M [--plan FILE] [--shrink RUNS] [--without KIND]… [--no-pages]',
    );
    console.error(`kinds: ${known.join(', ')}`);
    return 2;
  }
  const results: Result[] = [];
  for (const plan of plans(seed, ms)) {
    const result = await run(plan);
    results.push(result);
    console.log(describeResult(result));
    if (result.findings.length > 0) await reduce(plan, runs);
  }
  console.log(summary(results));
  return results.every(({ findings }) => findings.length === 0) ? 0 : 1;
}

function plans(seed: number, ms: number): Plan[] {
  if (values.plan !== undefined) return [parsePlan(readFileSync(values.plan, 'utf8'))];
  const devices = values.pages ? DEVICES_AND_PAGES : DEVICES;
  const rounds = Math.ceil(ms / LONGEST_ROUND_MS);
  return Array.from({ length: rounds }, (_, round) => makePlan(seed + round, ms / rounds, devices, values.without));
}

/** Looks for a smaller plan that fails, and stores it. */
async function reduce(plan: Plan, runs: number): Promise<void> {
  const fails = async (smaller: Plan): Promise<boolean> => (await run(smaller)).findings.length > 0;
  const smallest = await shrink(plan, fails, runs);
  const file = join(tmpdir(), `flooim-chaos-${plan.seed}.json`);
  writeFileSync(file, JSON.stringify(smallest, undefined, 1));
  console.log(`${smallest.steps.length} of ${plan.steps.length} steps fail, too: --plan ${file}`);
}

// A client that is not ended may hold the process open.
process.exit(await main());
