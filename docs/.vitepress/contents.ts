/** A page of the site, by its path below docs/ and below docs/zh/, without `.md`. */
export interface Page {
  readonly page: string;
  readonly en: string;
  readonly zh: string;
}

export interface Section {
  readonly en: string;
  readonly zh: string;
  readonly pages: readonly Page[];
}

/** Every page, in the order of the sidebar. `npm run docs:check` fails for a page that is missing here or in a language. */
export const CONTENTS: readonly Section[] = [
  {
    en: 'Quick start',
    zh: '快速开始',
    pages: [
      { page: 'start/vite', en: 'Vite', zh: 'Vite' },
      { page: 'start/react', en: 'React', zh: 'React' },
      { page: 'start/vue', en: 'Vue', zh: 'Vue' },
      { page: 'start/next', en: 'Next.js', zh: 'Next.js' },
      { page: 'start/nuxt', en: 'Nuxt', zh: 'Nuxt' },
      { page: 'start/webpack-4', en: 'webpack 4', zh: 'webpack 4' },
      { page: 'start/script-tag', en: 'Script tag', zh: 'script 标签' },
      { page: 'start/wechat', en: 'WeChat mini-program', zh: '微信小程序' },
      { page: 'start/uni-app', en: 'uni-app', zh: 'uni-app' },
      { page: 'start/node-bot', en: 'Bot in Node', zh: 'Node 机器人' },
      { page: 'start/electron', en: 'Electron', zh: 'Electron' },
    ],
  },
  {
    en: 'Build an app',
    zh: '开发应用',
    pages: [
      { page: 'guide', en: 'Guide', zh: '指南' },
      { page: 'frameworks', en: 'React and Vue', zh: 'React 与 Vue' },
      { page: 'calls', en: 'Calls', zh: '通话' },
      { page: 'platforms', en: 'Platforms', zh: '平台' },
      { page: 'dev-server', en: 'Dev server', zh: '开发服务器' },
      { page: 'testing', en: 'Test an app', zh: '测试应用' },
      { page: 'migration', en: 'Move over from floo', zh: '从 floo 迁移' },
      { page: 'compatibility', en: 'Differences from floo', zh: '与 floo 的差异' },
      { page: 'troubleshooting', en: 'Troubleshooting', zh: '排查问题' },
      { page: 'release-notes', en: 'Release notes', zh: '版本说明' },
    ],
  },
  {
    en: 'Concepts',
    zh: '概念',
    pages: [
      { page: 'concepts/ids', en: 'Ids', zh: 'ID' },
      { page: 'concepts/conversations', en: 'Conversations', zh: '会话' },
      { page: 'concepts/sync', en: 'Sync', zh: '同步' },
      { page: 'concepts/outbox', en: 'Outbox', zh: '发件箱' },
      { page: 'concepts/offline', en: 'Offline', zh: '离线' },
      { page: 'concepts/tabs', en: 'Tabs', zh: '多标签页' },
      { page: 'concepts/storage', en: 'Storage', zh: '存储' },
      { page: 'concepts/files', en: 'Files', zh: '文件' },
      { page: 'concepts/errors', en: 'Errors', zh: '错误' },
    ],
  },
  {
    en: 'Recipes',
    zh: '做法',
    pages: [
      { page: 'recipes/token-refresh', en: 'Token refresh', zh: '刷新令牌' },
      { page: 'recipes/custom-platform', en: 'Custom storage and transport', zh: '自定义存储与传输' },
      { page: 'recipes/push-tokens', en: 'Push tokens', zh: '推送令牌' },
      { page: 'recipes/ssr', en: 'Server-side rendering', zh: '服务端渲染' },
      { page: 'recipes/csp', en: 'Content security policy', zh: '内容安全策略' },
      { page: 'recipes/several-accounts', en: 'Several accounts', zh: '多个账号' },
      { page: 'recipes/moderation', en: 'Moderation', zh: '内容审核' },
    ],
  },
  {
    en: 'Reference',
    zh: '参考',
    pages: [
      { page: 'reference/methods', en: 'Methods', zh: '方法' },
      { page: 'reference/events', en: 'Events', zh: '事件' },
      { page: 'reference/options', en: 'Options', zh: '选项' },
      { page: 'reference/errors', en: 'Errors', zh: '错误码' },
    ],
  },
  {
    en: 'Under the hood',
    zh: '内部原理',
    pages: [
      { page: 'protocol', en: 'Protocol', zh: '协议' },
      { page: 'reliability', en: 'Reliability', zh: '可靠性' },
      { page: 'performance', en: 'Performance', zh: '性能' },
      { page: 'security', en: 'Security', zh: '安全' },
    ],
  },
];
