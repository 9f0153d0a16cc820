/**
 * `npm run --silent docs:check`, after a build: checks the pages that people read. Links lead somewhere, code compiles, and the
 * English and the Chinese pages are in step. It prints a line with the counts, and then what is wrong.
 */
import { fileURLToPath } from 'node:url';
import { compileBlocks, isCompiled } from './docs/compile-blocks.ts';
import { checkLanguages, unwrittenPages } from './docs/languages.ts';
import { checkLinks } from './docs/links.ts';
import { pagePaths, readPage } from './docs/pages.ts';
import { checkTemplates } from './docs/templates.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const pages = pagePaths(root).map((path) => readPage(root, path));
const blocks = pages.flatMap((page) => page.blocks).filter(isCompiled);
const whole = blocks.filter(({ isPartial }) => !isPartial);

const links = checkLinks(root, pages);
const languages = checkLanguages(pages);
const problems = [...links.problems, ...languages.problems, ...checkTemplates(pages), ...compileBlocks(root, blocks)];

const [english, chinese] = languages.counts;
console.log(
  `pages ${english} and ${chinese}, links ${links.count}, code blocks ${whole.length} of ${blocks.length} compiled` +
    (whole.length < blocks.length ? `, ${blocks.length - whole.length} shown in part` : ''),
);
const unwritten = unwrittenPages(pages);
if (unwritten.length > 0) console.log(`not written: ${unwritten.join(', ')}`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
