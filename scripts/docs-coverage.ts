/**
 * `npm run --silent docs:coverage`, after a build: is everything documented that a user's editor shows?
 *
 * It reads the type files in `dist/`, prints `documented N of N`, and lists what is missing and what is badly written.
 * It also compiles the `@example`s there. The code of the pages is checked by `docs:check`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { checkDocs } from './docs/check-docs.ts';
import { checkExamples } from './docs/examples.ts';
import type { Example } from './docs/examples.ts';

/** The types of node, wechat and uniapp are those of browser. */
const ENTRIES = ['browser', 'wire', 'error-texts', 'react', 'rtc', 'testing', 'vue'];
const root = fileURLToPath(new URL('..', import.meta.url));

const missing = ENTRIES.filter((name) => !existsSync(`${root}dist/${name}.d.ts`));
if (missing.length > 0) {
  console.error(`dist/ has no types of ${missing.join(', ')}: npm run build first.`);
  process.exit(1);
}

/** Whether each item is documented. An item of several entries counts once and has to be documented in all of them. */
const items = new Map<string, boolean>();
const problems = new Set<string>();
const examples: Example[] = [];
for (const name of ENTRIES) {
  const text = readFileSync(`${root}dist/${name}.d.ts`, 'utf8');
  const docs = checkDocs(ts.createSourceFile(`${name}.d.ts`, text, ts.ScriptTarget.Latest, true));
  for (const [item, documented] of docs.items) items.set(item, documented && items.get(item) !== false);
  for (const problem of docs.problems) problems.add(problem);
  examples.push(...docs.examples);
}
for (const problem of checkExamples(examples, `${root}dist`)) problems.add(problem);

const undocumented = [...items].filter(([, documented]) => !documented).map(([item]) => item);
console.log(`documented ${items.size - undocumented.length} of ${items.size}, ${examples.length} examples compiled`);
for (const item of undocumented) console.error(`no documentation: ${item}`);
for (const problem of problems) console.error(problem);
if (undocumented.length + problems.size > 0) process.exitCode = 1;
