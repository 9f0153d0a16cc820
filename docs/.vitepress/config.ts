import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitepress';
import type { DefaultTheme } from 'vitepress';
import { CONTENTS } from './contents.ts';
import { apiSidebar } from './api-sidebar.ts';
import { fileNames } from './file-names.ts';
import { SITE, SOURCE } from './public-urls.ts';
import { sourceLinks } from './source-links.ts';
import { weightOfPage, wordsOfQuery, wordsOfText } from './search-words.ts';
import { slugOf } from './slug.ts';

const docs = fileURLToPath(new URL('..', import.meta.url));
type Language = 'en' | 'zh';
const folderOf = (language: Language): string => (language === 'zh' ? 'zh/' : '');

const sidebar = (language: Language): DefaultTheme.SidebarItem[] => [
  ...CONTENTS.map((section) => ({
    text: section[language],
    items: section.pages
      .filter(({ page }) => existsSync(`${docs}${folderOf(language)}${page}.md`))
      .map((page) => ({ text: page[language], link: `/${folderOf(language)}${page.page}` })),
  })).filter(({ items }) => items.length > 0),
  ...apiSidebar(language === 'zh' ? '类型（英文）' : 'Types'),
];

const nav = (language: Language): DefaultTheme.NavItem[] => {
  const link = (page: string): string => `/${folderOf(language)}${page}`;
  const text = (english: string, chinese: string): string => (language === 'zh' ? chinese : english);
  return [
    { text: text('Quick start', '快速开始'), link: link('start/vite'), activeMatch: '/start/' },
    { text: text('Guide', '指南'), link: link('guide'), activeMatch: '/guide' },
    { text: text('Errors', '错误码'), link: link('reference/errors'), activeMatch: '/reference/errors' },
  ];
};

const CHINESE_LABELS: DefaultTheme.Config = {
  outline: { label: '本页目录', level: [2, 3] },
  docFooter: { prev: '上一页', next: '下一页' },
  darkModeSwitchLabel: '外观',
  lightModeSwitchTitle: '切换到浅色',
  darkModeSwitchTitle: '切换到深色',
  sidebarMenuLabel: '目录',
  returnToTopLabel: '回到顶部',
  langMenuLabel: '语言',
  skipToContentLabel: '跳到正文',
  notFound: {
    title: '没有这个页面',
    quote: '地址可能写错了，或页面已移动。',
    linkText: '回到首页',
    linkLabel: '回到首页',
  },
};

const CHINESE_SEARCH: Partial<DefaultTheme.LocalSearchOptions> = {
  translations: {
    button: { buttonText: '搜索', buttonAriaLabel: '搜索' },
    modal: {
      displayDetails: '显示详细内容',
      resetButtonTitle: '清除',
      backButtonTitle: '关闭',
      noResultsText: '没有结果：',
      footer: { selectText: '选择', navigateText: '切换', closeText: '关闭' },
    },
  },
};

export default defineConfig({
  title: 'flooim',
  description: 'TypeScript client SDK for XSYNC instant messaging',
  srcExclude: ['api/**'],
  // No icon of its own: without this a browser asks for one.
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  base: new URL(SITE).pathname,
  // The pages keep their `.html`, so that any host of plain files will do.
  cleanUrls: false,
  // scripts/docs-check.ts checks every link, also those to anchors and to files.
  ignoreDeadLinks: true,
  markdown: {
    anchor: { slugify: slugOf },
    headers: { slugify: slugOf },
    toc: { slugify: slugOf },
    config: (md) => {
      fileNames(md);
      sourceLinks(md, docs, SOURCE);
    },
  },
  themeConfig: {
    outline: { level: [2, 3] },
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { tokenize: wordsOfText },
          searchOptions: { tokenize: wordsOfQuery, boostDocument: weightOfPage },
        },
        locales: { zh: CHINESE_SEARCH },
      },
    },
  },
  locales: {
    root: { label: 'English', lang: 'en', themeConfig: { nav: nav('en'), sidebar: sidebar('en') } },
    zh: {
      label: '简体中文',
      lang: 'zh-CN',
      description: 'XSYNC 即时通讯的 TypeScript 客户端 SDK',
      themeConfig: { ...CHINESE_LABELS, nav: nav('zh'), sidebar: sidebar('zh') },
    },
  },
});
