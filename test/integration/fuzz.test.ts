import { expect, test } from 'vitest';
import { describeReport, fuzz } from '../fuzz/fuzz.ts';

const MINUTES = 0.5;

test(
  'half a minute of random and hostile input breaks, stops, slows and fills nothing',
  { timeout: 120_000 },
  async () => {
    const report = await fuzz(MINUTES, Date.now() % 2 ** 31);
    process.stdout.write(`${describeReport(report)}\n`);
    expect(report.failure, describeReport(report)).toBeUndefined();
  },
);
