/** House rules of the tests: a unit test lies where its source lies, and files are short. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { SRC } from '../support/source-files.ts';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

const FILE_LINES = 450;

/** Unit tests that lie beside no file of src, each with its reason. */
const WITHOUT_SOURCE: Readonly<Record<string, string>> = {
  'architecture.test.ts': 'reads all of src',
  'architecture-code.test.ts': 'reads all of src',
  'architecture-testkit.test.ts': 'reads testkit and devserver',
  'architecture-tests.test.ts': 'reads the tests',
  'compatibility.test.ts': 'reads docs/compatibility.md',
  'docs-reference.test.ts': 'reads docs/reference',
  'managers/managers.test.ts': 'what all managers have in common',
  'platform/platforms.test.ts': 'what all platforms have in common',
  'scripts/build-if-changed.test.ts': 'tests scripts/build-if-changed.mjs',
  'scripts/cases/case-report.test.ts': 'tests scripts/cases',
  'scripts/chaos/checks.test.ts': 'tests scripts/chaos',
  'scripts/chaos/plan.test.ts': 'tests scripts/chaos',
  'scripts/chaos/shrink.test.ts': 'tests scripts/chaos',
  'scripts/docs/check-docs.test.ts': 'tests scripts/docs',
  'scripts/docs/pages-check.test.ts': 'tests scripts/docs and docs/.vitepress',
  'scripts/error-docs.test.ts': 'tests scripts/error-docs.ts',
  'scripts/inspect.test.ts': 'tests scripts/inspect.ts',
  'scripts/storm/scenarios.test.ts': 'tests scripts/storm',
  'scripts/subpaths.test.ts': 'tests scripts/subpaths.mjs',
  'scripts/tabs/judge.test.ts': 'tests scripts/tabs',
  'scripts/third-party-notices.test.ts': 'tests scripts/third-party-notices.mjs',
  'wire/frame.test.ts': 'frames through both codecs, there and back',
  'wire/hostile-frames.test.ts': 'what frames may cost, through decodeFrame',
  'wire/mutilated.test.ts': 'damaged frames through both codecs',
};

const files = listFiles('').filter((path) => path.endsWith('.ts'));

test('a test file is short', () => {
  const lengths = files.map((path) => [path, lineCount(readFileSync(join(TESTS, path), 'utf8'))] as const);
  expect(lengths.filter(([, lines]) => lines > FILE_LINES)).toEqual([]);
});

/** Paths under src that a test may belong to: `sync/outbox-answers.test.ts` tests `sync/outbox.ts`. */
function sourcesOf(test: string): string[] {
  const parts = posix.basename(test, '.test.ts').split('-');
  return parts.map((_, count) => posix.join(posix.dirname(test), `${parts.slice(0, count + 1).join('-')}.ts`));
}

test('a unit test has the path of its source: `store/table.ts` in src is tested by `store/table.test.ts`', () => {
  const tests = files.filter((path) => /^unit\/.*\.test\.ts$/.test(path)).map((path) => posix.relative('unit', path));
  const strays = tests.filter((path) => !sourcesOf(path).some((source) => existsSync(join(SRC, source))));
  expect(strays.sort()).toEqual(Object.keys(WITHOUT_SOURCE).sort());
});

function listFiles(folder: string): string[] {
  return readdirSync(join(TESTS, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    return entry.isDirectory() ? listFiles(path) : [path];
  });
}

function lineCount(text: string): number {
  return text.replace(/\n$/, '').split('\n').length;
}
