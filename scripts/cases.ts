// npm run --silent cases [-- D3 I8]: runs the test of every case, or of the named ones; one line for each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CASE_NUMBERS, caseTitlesIn, formatLine, isWhole, reportCases } from './cases/case-report.ts';
import type { VitestReport } from './cases/case-report.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const isWindows = process.platform === 'win32';

function main(numbers: readonly string[]): number {
  const unknown = numbers.filter((number) => !CASE_NUMBERS.includes(number));
  if (unknown.length > 0) {
    console.error(`There is no case ${unknown.join(', ')}.`);
    return 2;
  }
  const found = findTitles(numbers);
  // Tests of built files need a build that is not older than the sources. What it prints is no part of the report.
  const build = spawnSync(process.execPath, ['scripts/build-if-changed.mjs', 'package'], {
    cwd: root,
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (build.status !== 0) return 1;
  const { report, isClean } = runTests(numbers, [...found.keys()]);
  const lines = reportCases(numbers, found, report);
  for (const line of lines) console.log(formatLine(line));
  const count = (outcome: string): number => lines.filter((line) => line.outcome === outcome).length;
  console.log(`${count('ok')} ok, ${count('FAILED')} FAILED, ${count('missing')} missing, ${count('not run')} not run`);
  if (!isClean) console.log('FAILED  vitest met an error outside of the tests: npx vitest run shows it');
  return isWhole(lines) && isClean ? 0 : 1;
}

/** The titles of these cases by file. */
function findTitles(numbers: readonly string[]): Map<string, ReturnType<typeof caseTitlesIn>> {
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.test(-d)?\.ts$/.test(name))
    .map((name) => join(root, 'test', name));
  return new Map(
    files
      .map((file) => {
        const titles = caseTitlesIn(readFileSync(file, 'utf8')).filter(({ number }) => numbers.includes(number));
        return [file, titles] as const;
      })
      .filter(([, titles]) => titles.length > 0),
  );
}

/** @returns what vitest reports, and whether nothing failed outside of a test */
function runTests(numbers: readonly string[], files: readonly string[]): { report: VitestReport; isClean: boolean } {
  if (files.length === 0) return { report: { testResults: [] }, isClean: true };
  const folder = mkdtempSync(join(tmpdir(), 'flooim-cases-'));
  const output = join(folder, 'report.json');
  try {
    // vitest's name pattern is compared with the titles of the describes and the test, joined by spaces.
    const pattern = `(^| )(${numbers.join('|')}): `;
    const { status } = spawnSync(
      'npx',
      // Every project of these files runs them; a file of a browser that is not installed has none.
      ['vitest', 'run', ...files, '-t', pattern, '--passWithNoTests', '--reporter=json', `--outputFile=${output}`],
      { cwd: root, stdio: ['ignore', process.stderr, process.stderr], shell: isWindows },
    );
    const report = JSON.parse(readFileSync(output, 'utf8')) as VitestReport & { success: boolean };
    return { report, isClean: status === 0 || !report.success };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const named = process.argv.slice(2);
process.exitCode = main(named.length > 0 ? named : CASE_NUMBERS);
