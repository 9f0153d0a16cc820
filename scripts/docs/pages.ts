import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import MarkdownIt from 'markdown-it';
import { slugOf } from '../../docs/.vitepress/slug.ts';

type Token = ReturnType<MarkdownIt['parse']>[number];

export interface Heading {
  readonly level: number;
  readonly anchor: string;
}

export interface Link {
  readonly href: string;
  readonly line: number;
}

/** A fence of a page. Its first line says `ts [src/main.ts] partial`: the language, the file, whether it is only a part. */
export interface Block {
  readonly page: string;
  /** The line of the page that has the block's first line of code. */
  readonly line: number;
  readonly language: string;
  readonly file: string | undefined;
  readonly isPartial: boolean;
  readonly code: string;
}

export interface MarkdownPage {
  /** From the root of the repository. */
  readonly path: string;
  readonly headings: readonly Heading[];
  readonly links: readonly Link[];
  readonly blocks: readonly Block[];
  /** How many rows each table has, with its head. */
  readonly tables: readonly number[];
  /** As Vue will read it, without the code. */
  readonly html: string;
}

const markdown = new MarkdownIt({ html: true });
markdown.renderer.rules.fence = () => '';
markdown.renderer.rules.code_block = () => '';
markdown.renderer.rules.code_inline = () => '';

/** Pages that are not written by hand, or are no pages. */
const isOther = (path: string): boolean => /(^|\/)(node_modules|dist|api|\.vitepress|\.changeset)\//.test(path);

/** Every page that people read: those of the site, of the repository's root, and the README of each folder. */
export function pagePaths(root: string): string[] {
  const names = readdirSync(root, { withFileTypes: true });
  const readmes = names.filter((name) => name.isDirectory() && !/^(\.|docs$|node_modules$)/.test(name.name));
  return [
    ...names.filter((name) => name.isFile() && name.name.endsWith('.md')).map((name) => name.name),
    ...readmes.flatMap(({ name }) =>
      readdirSync(join(root, name)).includes('README.md') ? [`${name}/README.md`] : [],
    ),
    ...(readdirSync(join(root, 'docs'), { recursive: true }) as string[])
      .map((name) => `docs/${name.replace(/\\/g, '/')}`)
      .filter((path) => path.endsWith('.md') && !isOther(path)),
  ].sort();
}

export function readPage(root: string, path: string): MarkdownPage {
  // The lines of a frontmatter stay, so that lines keep their numbers.
  const text = readFileSync(join(root, path), 'utf8').replace(/^---\n[^]*?\n---\n/, (head) => head.replace(/.+/g, ''));
  const tokens = markdown.parse(text, {});
  return {
    path,
    headings: headingsOf(tokens),
    links: linksOf(tokens),
    blocks: tokens.filter(({ type }) => type === 'fence').map((token) => blockOf(path, token)),
    tables: tablesOf(tokens),
    html: markdown.renderer.render(tokens, markdown.options, {}),
  };
}

function headingsOf(tokens: readonly Token[]): Heading[] {
  const seen = new Map<string, number>();
  return tokens.flatMap((token, index) => {
    if (token.type !== 'heading_open') return [];
    const words = tokens[index + 1]!.children!.filter(({ type }) => type === 'text' || type === 'code_inline');
    const slug = slugOf(words.map(({ content }) => content).join(''));
    const times = seen.get(slug) ?? 0;
    seen.set(slug, times + 1);
    return [{ level: Number(token.tag.slice(1)), anchor: times === 0 ? slug : `${slug}-${times}` }];
  });
}

function linksOf(tokens: readonly Token[]): Link[] {
  let line = 1;
  return tokens.flatMap(({ children, map }) => {
    // A cell of a table does not know its line, but its row does.
    if (map) line = map[0] + 1;
    return (children ?? []).flatMap((child) => {
      const href = child.attrGet(child.type === 'image' ? 'src' : 'href');
      return href === null ? [] : [{ href: decodeURI(href), line }];
    });
  });
}

function blockOf(page: string, { info, content, map }: Token): Block {
  const [language = ''] = info.trim().split(/\s/);
  return {
    page,
    line: (map?.[0] ?? 0) + 2,
    language,
    file: /\[(.+)\]/.exec(info)?.[1],
    isPartial: / partial\b/.test(info),
    code: content,
  };
}

function tablesOf(tokens: readonly Token[]): number[] {
  const rows: number[] = [];
  for (const { type } of tokens) {
    if (type === 'table_open') rows.push(0);
    if (type === 'tr_open') rows.push(rows.pop()! + 1);
  }
  return rows;
}
