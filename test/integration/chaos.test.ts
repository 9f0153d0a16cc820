import { expect, test } from 'vitest';
import { makePlan } from '../../scripts/chaos/plan.ts';
import { describeResult } from '../../scripts/chaos/report.ts';
import { run } from '../../scripts/chaos/run.ts';
import { DEVICES } from '../../scripts/chaos/world.ts';

const SEED = 15;
const MS = 15_000;
/** A run that could not store may show what it recalled again (docs/reliability.md): that depends on the moment of the fault. */
const WITHOUT = ['storage broken'];

test('seven devices in chaos lose, double and confuse nothing', { timeout: 240_000 }, async () => {
  const result = await run(makePlan(SEED, MS, DEVICES, WITHOUT));
  process.stdout.write(`${describeResult(result)}\n`);
  expect(result.findings.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([]);
});
