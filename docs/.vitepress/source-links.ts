import { dirname, relative, resolve } from 'node:path';
import type { MarkdownRenderer } from 'vitepress';

/**
 * Lets relative links to files that are no page of the site lead to the public host of the repository.
 *
 * @param docs - the folder of the pages
 * @param source - the URL of the repository's root
 */
export function sourceLinks(md: MarkdownRenderer, docs: string, source: string): void {
  md.core.ruler.push('source-links', ({ tokens, env }) => {
    const { path } = env as { path: string };
    for (const link of tokens.flatMap(({ children }) => children ?? [])) {
      const href = link.type === 'link_open' ? link.attrGet('href') : null;
      if (href === null || /^([a-z]+:|#|\/)/.test(href)) continue;
      const target = resolve(dirname(path), href.replace(/#.*/, ''));
      const isPage = target.startsWith(docs) && /(\.md|\/)$/.test(target);
      if (!isPage) link.attrSet('href', source + relative(dirname(docs), target) + (/#.*/.exec(href)?.[0] ?? ''));
    }
  });
}
