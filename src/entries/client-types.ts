// The types of node, wechat and uniapp: every client entry exports what browser.ts does.
export * from './browser.ts';
export { default } from './browser.ts';
