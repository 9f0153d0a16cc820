import { CONTENTS } from '../../docs/.vitepress/contents.ts';
import { codeSkeleton } from './code-skeleton.ts';
import type { MarkdownPage } from './pages.ts';

/** The Chinese page that says the same as an English one; undefined for pages that are in one language. */
function chineseOf(path: string): string | undefined {
  if (path === 'README.md') return 'README.zh-CN.md';
  return path.startsWith('docs/') && !path.startsWith('docs/zh/') ? path.replace(/^docs\//, 'docs/zh/') : undefined;
}

/** Where the languages are not in step, and pages that the sidebar lacks. */
export function checkLanguages(pages: readonly MarkdownPage[]): { problems: string[]; counts: [number, number] } {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const pairs = pages.flatMap((english) => {
    const chinese = chineseOf(english.path);
    return chinese === undefined ? [] : [{ english, chinese, page: byPath.get(chinese) }];
  });
  const expected = new Set(pairs.map(({ chinese }) => chinese));
  const chinesePages = pages.filter(({ path }) => path === 'README.zh-CN.md' || path.startsWith('docs/zh/'));
  const listed = CONTENTS.flatMap((section) => section.pages.map(({ page }) => `docs/${page}.md`));
  const ofSite = pairs.map(({ english }) => english.path).filter((path) => !/^(README|docs\/index)\.md$/.test(path));
  return {
    counts: [pairs.length, chinesePages.length],
    problems: [
      ...pairs.flatMap(({ english, chinese, page }) =>
        page ? differences(english, page) : [`${english.path}: there is no ${chinese}`],
      ),
      ...chinesePages.filter(({ path }) => !expected.has(path)).map(({ path }) => `${path}: there is no English page`),
      ...ofSite.filter((path) => !listed.includes(path)).map((path) => `${path}: docs/.vitepress/contents.ts lacks it`),
    ],
  };
}

/** Pages of the sidebar that nobody has written yet. */
export function unwrittenPages(pages: readonly MarkdownPage[]): string[] {
  const written = new Set(pages.map(({ path }) => path));
  return CONTENTS.flatMap((section) => section.pages.map(({ page }) => page)).filter(
    (page) => !written.has(`docs/${page}.md`),
  );
}

function differences(english: MarkdownPage, chinese: MarkdownPage): string[] {
  const levels = ({ headings }: MarkdownPage): string => headings.map(({ level }) => level).join(' ');
  const rows = ({ tables }: MarkdownPage): string => tables.join(' ');
  const where = `${english.path} and ${chinese.path}`;
  return [
    ...unequal(`${where}: levels of headings`, levels(english), levels(chinese)),
    ...unequal(`${where}: rows of tables`, rows(english), rows(chinese)),
    ...unequal(`${where}: code blocks`, english.blocks.length, chinese.blocks.length),
    ...english.blocks.flatMap((block, index) => {
      const other = chinese.blocks[index];
      if (!other || codeSkeleton(block) === codeSkeleton(other)) return [];
      return [`${block.page}:${block.line} and ${other.page}:${other.line}: the code differs in more than words`];
    }),
  ];
}

const unequal = (what: string, one: string | number, other: string | number): string[] =>
  one === other ? [] : [`${what}: ${one} | ${other}`];
