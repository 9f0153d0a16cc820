import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readPage } from './pages.ts';
import type { MarkdownPage } from './pages.ts';

/** The pages that typedoc writes (scripts/docs-api.ts). In a fresh clone there are none, and links to them cannot be followed. */
const API_PAGES = 'docs/reference/api/';

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
  const isApi = target.startsWith(API_PAGES);
  if (isApi && !existsSync(join(root, API_PAGES))) return undefined;
  if (!existsSync(join(root, target))) return 'there is no such file';
  const chinese = target.replace(/^docs\//, 'docs/zh/');
  if (
    from.path.startsWith('docs/zh/') &&
    chinese !== from.path &&
    chinese !== target &&
    !isChinese(target) &&
    pages.has(chinese)
  )
    return 'leads to the English page';
  const isFolderOfSite = target.startsWith('docs/') && statSync(join(root, target)).isDirectory();
  if (isFolderOfSite) return 'is a folder: name its page';
  if (anchor === undefined) return undefined;
  const page = isApi ? readPage(root, target) : pages.get(target);
  const isThere = page?.headings.some((heading) => heading.anchor === anchor);
  return isThere ? undefined : 'the page has no such heading';
}

const isChinese = (path: string): boolean => path.startsWith('docs/zh/');
