import ts from 'typescript';
import type { Block } from './pages.ts';
import { MARKUP, SCRIPT, splitMarkup } from './scripts-in-markup.ts';

/** A block without what a translation changes: comments, strings and the text between tags. */
export function codeSkeleton({ language, file, isPartial, code }: Block): string {
  return [language, file, isPartial, skeleton(language, code)].join(' ');
}

function skeleton(language: string, code: string): string {
  if (SCRIPT.test(language)) return scriptSkeleton(code);
  if (MARKUP.test(language)) {
    const { scripts, rest } = splitMarkup(code);
    return [...scripts.map((script) => scriptSkeleton(script.code)), markupSkeleton(rest)].join('\n');
  }
  if (language === 'json') return JSON.stringify(JSON.parse(code), (_, value: unknown) => withoutText(value));
  if (language === 'css' || language === 'wxss') return code.replace(/\/\*[^]*?\*\//g, '').replace(/\s+/g, ' ');
  if (language === 'sh') return code.replace(/\s+#.*|'[^']*'|"[^"]*"|<[^>]*>/g, '').replace(/^#.*\n/gm, '');
  return '';
}

const withoutText = (value: unknown): unknown => (typeof value === 'string' ? '' : value);

function scriptSkeleton(code: string): string {
  const source = ts.createSourceFile('block.tsx', code, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const words: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (isText(node)) words.push('…');
    else if (children.length === 0) words.push(node.getText(source));
    for (const child of children) visit(child);
  };
  visit(source);
  return words.filter(Boolean).join(' ');
}

const isText = (node: ts.Node): boolean =>
  ts.isStringLiteral(node) ||
  ts.isJsxText(node) ||
  ts.isNoSubstitutionTemplateLiteral(node) ||
  [ts.SyntaxKind.TemplateHead, ts.SyntaxKind.TemplateMiddle, ts.SyntaxKind.TemplateTail].includes(node.kind);

/** Tags with the names of their attributes, the values of those that Vue or a mini-program computes, and `{{ … }}`. */
function markupSkeleton(markup: string): string {
  const withoutComments = markup.replace(/<!--[^]*?-->/g, '');
  const parts = withoutComments.match(/<[^>]+>|{{[^]*?}}/g) ?? [];
  return parts.map((part) => part.replace(/'[^']*'/g, '…').replace(/(\s[a-z-]+)="[^"{]*"/g, '$1')).join('\n');
}
