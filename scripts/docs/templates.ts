import { compile } from '@vue/compiler-dom';
import type { MarkdownPage } from './pages.ts';

/** VitePress makes a Vue component of each page of the site: what is no code may not look like a template of Vue. */
export function checkTemplates(pages: readonly MarkdownPage[]): string[] {
  return pages
    .filter(({ path }) => path.startsWith('docs/'))
    .flatMap(({ path, html }) => {
      const problems: string[] = [];
      compile(html, { onError: ({ message }) => problems.push(`${path}: as a template of Vue: ${message}`) });
      return html.includes('{{') ? [...problems, `${path}: {{ is for Vue: put it into code`] : problems;
    });
}
