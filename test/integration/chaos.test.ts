import { expect, test } from 'vitest';
import { makePlan } from '../../scripts/chaos/plan.ts';
import { describeResult } from '../../scripts/chaos/report.ts';
import { run } from '../../scripts/chaos/run.ts';
import { DEVICES } from '../../scripts/chaos/world.ts';

const SEED = 15;
const MS = 15_000;

test('seven devices in chaos lose, double and confuse nothing', { timeout: 240_000 }, async () => {
  const result = await run(makePlan(SEED, MS, DEVICES));
  process.stdout.write(`${describeResult(result)}\n`);
  expect(result.findings.map(({ kind, what }) => `${kind}: ${what}`)).toEqual([]);
});
