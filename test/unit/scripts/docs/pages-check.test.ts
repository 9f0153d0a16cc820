import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { wordsOfQuery, wordsOfText } from '../../../../docs/.vitepress/search-words.ts';
import { codeSkeleton } from '../../../../scripts/docs/code-skeleton.ts';
import { compileBlocks } from '../../../../scripts/docs/compile-blocks.ts';
import { checkLanguages } from '../../../../scripts/docs/languages.ts';
import { checkLinks } from '../../../../scripts/docs/links.ts';
import { pagePaths, readPage } from '../../../../scripts/docs/pages.ts';
import type { Block, MarkdownPage } from '../../../../scripts/docs/pages.ts';
import { checkTemplates } from '../../../../scripts/docs/templates.ts';

/** A repository with these files. */
function repository(files: Readonly<Record<string, string>>): { root: string; pages: MarkdownPage[] } {
  const root = mkdtempSync(join(tmpdir(), 'flooim-docs-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return { root, pages: pagePaths(root).map((path) => readPage(root, path)) };
}

const fence = (info: string, ...lines: string[]): string => ['```' + info, ...lines, '```', ''].join('\n');

test('links to files, pages and headings that are not there are found', () => {
  const { root, pages } = repository({
    'README.md': '[a](docs/guide.md#send-a-file) [b](docs/guide.md#receive) [c](LICENSE) [d](https://example.com)\n',
    'docs/guide.md': '# Guide\n\n## Send a file\n\n[e](#guide) [f](none.md) [g](/guide) [h](../README.md)\n',
    'docs/zh/guide.md': '# 指南\n\n## 发送文件\n\n[i](#发送文件) [j](../guide.md) [k](../index.md)\n',
    'docs/index.md': '# Home\n',
    'docs/zh/index.md': '# 首页\n',
  });
  const { problems, count } = checkLinks(root, pages);
  expect(count).toBe(10);
  expect(problems).toEqual([
    'README.md:1: docs/guide.md#receive: the page has no such heading',
    'README.md:1: LICENSE: there is no such file',
    'docs/guide.md:5: none.md: there is no such file',
    'docs/guide.md:5: /guide: is not relative, so it works only on the site',
    'docs/zh/guide.md:5: ../index.md: leads to the English page',
  ]);
});

test('languages that are not in step are found', () => {
  const { pages } = repository({
    'README.md': '# A\n',
    'README.zh-CN.md': '# 甲\n',
    'docs/guide.md': `# Guide\n\n## One\n\n${fence('ts', "send('hello'); // to bob")}\n| a |\n| - |\n| b |\n`,
    'docs/zh/guide.md': `# 指南\n\n### 一\n\n${fence('ts', "sendTo('你好'); // 给 bob")}\n| 甲 |\n| - |\n`,
    'docs/platforms.md': '# Platforms\n',
    'docs/other.md': '# Other\n',
    'docs/zh/other.md': '# 其他\n',
  });
  const { problems, counts } = checkLanguages(pages);
  expect(counts).toEqual([4, 3]);
  expect(problems).toEqual([
    'docs/guide.md and docs/zh/guide.md: levels of headings: 1 2 | 1 3',
    'docs/guide.md and docs/zh/guide.md: rows of tables: 2 | 1',
    'docs/guide.md:6 and docs/zh/guide.md:6: the code differs in more than words',
    'docs/platforms.md: there is no docs/zh/platforms.md',
    'docs/other.md: docs/.vitepress/contents.ts lacks it',
  ]);
});

test.each([
  ['ts', 'log(`${name} says`); // to all\n', 'log(`${name} 说`);\n'],
  ['tsx', "<button onClick={() => go()}>Don't</button>;\n", '<button onClick={() => go()}>不要</button>;\n'],
  ['vue', '<template><b :id="x">{{ y }}: on</b></template>', '<template><b :id="x">{{ y }}：开</b></template>'],
  ['json', '{ "title": "Chat" }', '{ "title": "聊天" }'],
  ['sh', 'npm start   # serves\n', 'npm start   # 启动\n'],
])('%s: comments, strings and text between tags may differ between languages, nothing else', (language, one, other) => {
  const block = (code: string): Block => ({ page: '', line: 1, language, file: undefined, isPartial: false, code });
  expect(codeSkeleton(block(one))).toBe(codeSkeleton(block(other)));
  const changed = one.replace(/go|y }|name|title|start/, 'another ');
  expect(codeSkeleton(block(one))).not.toBe(codeSkeleton(block(changed)));
});

test('blocks are compiled: TypeScript, JavaScript, components, pages with scripts, and files that import each other', () => {
  const root = fileURLToPath(new URL('../../../../', import.meta.url));
  const block = (language: string, code: string, file?: string): Block => ({
    page: 'docs/page.md',
    line: 10,
    language,
    file,
    isPartial: false,
    code,
  });
  const problems = compileBlocks(root, [
    block('ts', 'export const a: number = 1;\n', 'a.ts'),
    block('ts', "import { a } from './a.ts';\nexport const b: string = a;\n", 'b.ts'),
    block('js', "const { a } = require('./a.ts');\na.trim();\n", 'c.js'),
    block('vue', '<script setup lang="ts">\nconst n: number = \'\';\n</script>\n<template>{{ n }}</template>', 'd.vue'),
    block('html', '<body>\n<script>\nlet x = 1; x.none();\n</script>\n</body>', 'e.html'),
    block('json', '{ a: 1 }', 'f.json'),
    { ...block('ts', 'this is a part'), isPartial: true },
  ]);
  // Without a build there are no types of the package, which these blocks do not use.
  expect(problems.filter((problem) => problem.startsWith('docs/page.md')).sort()).toEqual([
    expect.stringMatching(/^docs\/page\.md:10: SyntaxError: Expected property name/),
    "docs/page.md:11: Property 'trim' does not exist on type 'number'.",
    "docs/page.md:11: Type 'number' is not assignable to type 'string'.",
    "docs/page.md:12: Property 'none' does not exist on type 'number'.",
    expect.stringMatching(/^docs\/page\.md:\d+: Type 'string' is not assignable to type 'number'/),
  ]);
}, 60_000);

test('what Vue would take for a template is found', () => {
  const { pages } = repository({
    'docs/good.md': '# Good\n\n`{{ code }}` and `<T>` are code\n',
    'docs/bad.md': '# Bad\n\n{{ value }} of a <Map>\n',
  });
  expect(checkTemplates(pages)).toEqual([
    'docs/bad.md: as a template of Vue: Element is missing end tag.',
    'docs/bad.md: {{ is for Vue: put it into code',
  ]);
});

test('a Chinese word is found wherever the text or the query is cut', () => {
  const isFound = (query: string, text: string): boolean => {
    const words = new Set(wordsOfText(text));
    return wordsOfQuery(query).every((word) => words.has(word));
  };
  expect(isFound('重连', '断线后客户端会自动重连。')).toBe(true);
  expect(isFound('自动重连', '断线后客户端会自动重连。')).toBe(true);
  expect(isFound('撤回', '消息 recall 撤回了')).toBe(true);
  expect(isFound('Recall', '消息 recall 撤回了')).toBe(true);
  expect(isFound('登录', '断线后客户端会自动重连。')).toBe(false);
});
