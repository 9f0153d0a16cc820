import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { API_ENTRIES } from '../../docs/.vitepress/api-entries.ts';
import type { MarkdownPage } from './pages.ts';

/** The pages that typedoc writes (scripts/docs-api.ts), of which there are none in a fresh clone. */
const API_PAGES = ['', ...API_ENTRIES.map(({ name }) => `${name}/`)].map(
  (path) => `docs/reference/api/${path}index.md`,
);

/**
 * The links that lead nowhere on the site or in the repository.
 *
 * @returns a line for each, and how many links were followed
 */
export function checkLinks(root: string, pages: readonly MarkdownPage[]): { problems: string[]; count: number } {
  const byPath = new Map(pages.map((page) => [page.path, page]));
  const problems: string[] = [];
  let count = 0;
  for (const page of pages) {
    for (const { href, line } of page.links.filter((link) => !/^[a-z]+:/.test(link.href))) {
      count++;
      const problem = problemOf(root, byPath, page, href);
      if (problem) problems.push(`${page.path}:${line}: ${href}: ${problem}`);
    }
  }
  return { problems, count };
}

function problemOf(
  root: string,
  pages: ReadonlyMap<string, MarkdownPage>,
  from: MarkdownPage,
  href: string,
): string | undefined {
  if (href.startsWith('/')) return 'is not relative, so it works only on the site';
  const [path = '', anchor] = href.split('#');
  const target = path === '' ? from.path : join(dirname(from.path), path);
  if (API_PAGES.includes(target)) return undefined;
  if (!existsSync(join(root, target))) return 'there is no such file';
  const chinese = target.replace(/^docs\//, 'docs/zh/');
  if (from.path.startsWith('docs/zh/') && chinese !== from.path && !isChinese(target) && pages.has(chinese))
    return 'leads to the English page';
  const isFolderOfSite = target.startsWith('docs/') && statSync(join(root, target)).isDirectory();
  if (isFolderOfSite) return 'is a folder: name its page';
  if (anchor === undefined) return undefined;
  const isThere = pages.get(target)?.headings.some((heading) => heading.anchor === anchor);
  return isThere ? undefined : 'the page has no such heading';
}

const isChinese = (path: string): boolean => path.startsWith('docs/zh/');
