import type { MarkdownRenderer } from 'vitepress';

/** Shows over a block which file it is, and whether it is only a part: a fence like `ts [src/main.ts] partial`. */
export function fileNames(md: MarkdownRenderer): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, index, options, env: { relativePath: string }, self) => {
    const { info } = tokens[index]!;
    const part = env.relativePath.startsWith('zh/') ? '节选' : 'in part';
    const labels = [/\[(.+)\]/.exec(info)?.[1], / partial\b/.test(info) ? part : undefined].filter(Boolean);
    const html = fence(tokens, index, options, env, self);
    if (labels.length === 0) return html;
    return `<div class="named-file"><p>${md.utils.escapeHtml(labels.join(', '))}</p>${html}</div>`;
  };
}
