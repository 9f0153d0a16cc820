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

/** The words of each language for what became of a defect. */
const PAGES = [
  { page: 'docs/compatibility.md', outcomes: ['mended', 'kept', 'not yet'] },
  { page: 'docs/zh/compatibility.md', outcomes: ['已修复', '保留', '尚未'] },
] as const;

const numbers = Object.entries(DEFECTS).flatMap(([section, count]) =>
  Array.from({ length: count }, (_, at) => `${section}-${at + 1}`),
);

/** Each defect with its outcome, a place in `outcomes`, and the reason. */
function rowsOf({ page, outcomes }: (typeof PAGES)[number]): { number: string; outcome: number; how: string }[] {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  const row = new RegExp(`^\\| (9\\.\\d-\\d+) +\\| [^|]+ \\| (${outcomes.join('|')}) +\\| ([^|]+) \\|$`, 'gm');
  return [...text.matchAll(row)].map(([, number, outcome, how]) => ({
    number: number!,
    outcome: outcomes.findIndex((word) => word === outcome),
    how: how!.trim(),
  }));
}

test.each(PAGES)('$page lists the outcome and the reason for each of the 103 defects', (page) => {
  const rows = rowsOf(page);
  expect(numbers).toHaveLength(103);
  expect(rows.map(({ number }) => number)).toEqual(numbers);
  for (const { number, how } of rows) expect(how.length, number).toBeGreaterThan(4);
});

test('both languages name the same outcomes', () => {
  const [english, chinese] = PAGES.map((page) => rowsOf(page).map(({ outcome }) => outcome));
  expect(chinese).toEqual(english);
});
