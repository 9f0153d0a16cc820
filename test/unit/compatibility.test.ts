import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Defects of the deployed SDK, by section of its description. */
const DEFECTS: Readonly<Record<string, number>> = {
  '9.1': 23,
  '9.2': 19,
  '9.3': 17,
  '9.4': 11,
  '9.5': 22,
  '9.6': 6,
  '9.7': 5,
};

test('docs/compatibility.md lists the outcome and the reason for each of the 103 defects', () => {
  const page = readFileSync(new URL('../../docs/compatibility.md', import.meta.url), 'utf8');
  const rows = [...page.matchAll(/^\| (9\.\d-\d+) +\| ([^|]+) \| (mended|kept|not yet) +\| ([^|]+) \|$/gm)];
  const numbered = Object.entries(DEFECTS).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, at) => `${section}-${at + 1}`),
  );
  expect(numbered).toHaveLength(103);
  expect(rows.map(([, number]) => number)).toEqual(numbered);
  for (const [, number, , , how] of rows) expect(how!.trim().length, number).toBeGreaterThan(4);
});
