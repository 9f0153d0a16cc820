import type { MarkdownRenderer } from 'vitepress';

/** Shows the name of a file over its code: a fence like `ts [src/main.ts]`. */
export function fileNames(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    const name = /\[(.+)\]/.exec(tokens[index]!.info)?.[1];
    const html = fence(tokens, index, ...rest);
    return name ? `<div class="named-file"><p>${md.utils.escapeHtml(name)}</p>${html}</div>` : html;
  };
}
