/** The quick starts of what is no page: a bot, mini-programs, and Electron as far as Node goes. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { compileScript, parse } from 'vue/compiler-sfc';
import { until } from '../../support/client-events.ts';
import { PATIENCE_MS } from '../../support/mini-program-client.ts';
import { startProject } from '../../support/mini-program-pages.ts';
import { createMiniProgramEngine } from '../../support/mini-program-vm.ts';
import { createPhone } from '../../support/mini-program.ts';
import { installPacked } from '../packed.ts';
import type { PackedProject } from '../packed.ts';
import { makeApp, startBob } from './quick-start.ts';
import type { QuickStart } from './quick-start.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const CHAT = ['me: hello', 'bob: you said hello'];

let project: PackedProject;
beforeAll(async () => {
  project = await installPacked();
});
afterAll(() => project.remove());
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(page: string, template?: Record<string, string>): Promise<QuickStart> {
  const app = await makeApp(project, page, template);
  cleanups.push(() => app.remove());
  return app;
}

test('WeChat mini-program', async () => {
  const app = await start('wechat', { 'im/flooim.js': readFileSync(project.file('dist/wechat.cjs'), 'utf8') });
  await startBob(app);
  const phone = createPhone();
  cleanups.push(() => phone.remove());
  const program = startProject(app.folder, phone, {});
  cleanups.push(() => program.run.end());
  await until(() => linesOf(program.page().data).length === CHAT.length, 'the chat', PATIENCE_MS);
  expect(linesOf(program.page().data)).toEqual(CHAT);
});

const linesOf = (data: Record<string, unknown>): string[] => data['lines'] as string[];

test('uni-app', async () => {
  const page = 'src/pages/index/index.vue';
  const app = await start('uni-app', {
    'vue.js': "export { ref } from '@vue/reactivity'; export const defineComponent = (component) => component;",
    'uni-app.js': 'export const onLoad = (handler) => void handler();',
  });
  await startBob(app);
  const { descriptor } = parse(readFileSync(join(app.folder, page), 'utf8'), { filename: page });
  const component = join(app.folder, 'component.ts');
  writeFileSync(component, compileScript(descriptor, { id: 'page' }).content);
  const bundle = join(app.folder, 'component.js');
  await build({
    entryPoints: [component],
    outfile: bundle,
    bundle: true,
    format: 'cjs',
    target: 'es2018',
    alias: { vue: join(app.folder, 'vue.js'), '@dcloudio/uni-app': join(app.folder, 'uni-app.js') },
    define: { 'process.env.NODE_ENV': '"production"', __VUE_PROD_DEVTOOLS__: 'false' },
  });
  const phone = createPhone('uni');
  cleanups.push(() => phone.remove());
  const run = phone.launch();
  cleanups.push(() => run.end());
  const engine = createMiniProgramEngine(run.timers, { uni: run.api });
  const { default: made } = engine.load(bundle) as {
    default: { setup(props: object, context: { expose(): void }): { lines: { value: string[] } } };
  };
  const { lines } = made.setup({}, { expose: () => undefined });
  await until(() => lines.value.length === CHAT.length, 'the chat', PATIENCE_MS);
  expect([...lines.value]).toEqual(CHAT);
});

test('a bot in Node prints its id, which the other pages name, and answers', async () => {
  const bot = await startBob(await start('node-bot'));
  expect(await bot.line('bob is online')).toContain('2199023255584');
});

/** Electron as far as `main.mjs` sees it. What the window gets is printed; what the user types is a line of the input. */
const ELECTRON = `
import { createInterface } from 'node:readline';
const channels = {};
export const app = { whenReady: async () => undefined, getPath: () => 'user-data', on: () => undefined, quit: () => undefined };
export const ipcMain = { on: (channel, handler) => void (channels[channel] = handler) };
export class BrowserWindow {
  webContents = { send: (channel, text) => console.log(channel, text) };
  async loadFile() {}
}
createInterface(process.stdin).on('line', (line) => channels.send({}, line));
`;

test('Electron: the main process, in Node', async () => {
  const app = await start('electron', {
    'node_modules/electron/package.json': '{ "type": "module", "exports": "./index.js" }',
    'node_modules/electron/index.js': ELECTRON,
  });
  await startBob(app);
  const main = app.run(['main.mjs']);
  await main.line('line bob: you said hello');
  main.type('good morning');
  await main.line('line bob: you said good morning');
});
