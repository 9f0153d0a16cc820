/** The quick starts of apps in a browser: the files of each page, built with the packed package, send a message and get an answer. */
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import vue from '@vitejs/plugin-vue';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { build } from 'vite';
import type { InlineConfig } from 'vite';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import { installPacked } from '../packed.ts';
import type { PackedProject } from '../packed.ts';
import { makeApp, root, startBob } from './quick-start.ts';
import type { QuickStart } from './quick-start.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

const PATIENCE = { timeout: 30_000 };
const require = createRequire(import.meta.url);

let project: PackedProject;
let browser: Browser;
beforeAll(async () => {
  [project, browser] = await Promise.all([installPacked(), chromium.launch(chromiumLaunch())]);
});
afterAll(async () => {
  await browser.close();
  project.remove();
});
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The app of a page, with Bob online. */
async function start(page: string, template?: Record<string, string>): Promise<QuickStart> {
  const app = await makeApp(project, page, template);
  cleanups.push(() => app.remove());
  await startBob(app);
  return app;
}

const TYPES: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/**
 * Serves a folder as any server of plain files does.
 *
 * @param index - what to serve in the place of index.html
 * @returns its address
 */
async function serve(folder: string, index?: string): Promise<string> {
  const site = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : request.url!.slice(1);
    const file = join(folder, name);
    const isThere = existsSync(file);
    // A browser asks for a favicon by itself.
    if (!isThere && name !== 'favicon.ico') response.statusCode = 404;
    response.setHeader('content-type', TYPES[extname(name)] ?? 'application/octet-stream');
    if (name === 'index.html' && index !== undefined) response.end(index);
    else response.end(isThere ? readFileSync(file) : undefined);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    site.closeAllConnections();
    site.close();
  });
  return `http://127.0.0.1:${(site.address() as AddressInfo).port}/`;
}

/** Opens a page in a browser without any data. It fails the test when the page complains. */
async function open(url: string): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext();
  cleanups.push(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => ['error', 'warning'].includes(line.type()) && complaints.push(line.text()));
  await page.goto(url);
  return { page, complaints };
}

/** The page says hello by itself, and Bob answers. */
async function seeHello(url: string): Promise<void> {
  const { page, complaints } = await open(url);
  await page.locator('body', { hasText: 'me: hello' }).waitFor(PATIENCE);
  await page.locator('body', { hasText: 'bob: you said hello' }).waitFor(PATIENCE);
  expect(complaints).toEqual([]);
}

/** A user logs in, writes to Bob, and still sees the chat after a reload. */
async function chat(url: string): Promise<void> {
  const { page, complaints } = await open(url);
  await page.getByRole('button', { name: 'Log in' }).click(PATIENCE);
  await page.locator('input').fill('good morning', PATIENCE);
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('p', { hasText: 'me: good morning' }).waitFor(PATIENCE);
  await page.locator('p', { hasText: 'bob: you said good morning' }).waitFor(PATIENCE);
  await page.reload();
  await page.locator('p', { hasText: 'bob: you said good morning' }).waitFor(PATIENCE);
  expect(complaints).toEqual([]);
}

async function viteBuild(folder: string, config: InlineConfig = {}): Promise<string> {
  await build({ root: folder, configFile: false, logLevel: 'error', ...config });
  return join(folder, 'dist');
}

const MODULES = '{ "private": true, "type": "module" }';
const pageOf = (script: string, element: string): string =>
  `<!doctype html><link rel="icon" href="data:," /><div id="${element}"></div><script type="module" src="/${script}"></script>`;

test('Vite', async () => {
  const { folder } = await start('vite', { 'index.html': pageOf('src/main.ts', 'app') });
  expect(readFileSync(join(folder, 'src/main.ts'), 'utf8').trim().split('\n').length).toBe(7);
  await seeHello(await serve(await viteBuild(folder)));
});

test('React', async () => {
  const { folder } = await start('react', {
    'index.html': pageOf('src/main.tsx', 'root'),
    'src/main.tsx': `import { StrictMode } from 'react';
      import { createRoot } from 'react-dom/client';
      import App from './App.tsx';
      createRoot(document.getElementById('root')!).render(<StrictMode><App /></StrictMode>);`,
  });
  await chat(await serve(await viteBuild(folder, { plugins: [react()] })));
});

test('Vue', async () => {
  const { folder } = await start('vue', { 'index.html': pageOf('src/main.ts', 'app') });
  await chat(await serve(await viteBuild(folder, { plugins: [vue()] })));
});

test('Next renders the page on the server, and the browser chats', async () => {
  const { folder, run } = await start('next', {
    'package.json': MODULES,
    'next.config.js': `export default { turbopack: { root: ${JSON.stringify(root)} }, typescript: { ignoreBuildErrors: true } };`,
    'app/layout.jsx': 'export default ({ children }) => <html><body>{children}</body></html>;',
    'app/icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" />',
  });
  const next = join(dirname(require.resolve('next/package.json')), 'dist/bin/next');
  const env = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1', CI: '1' };
  await run([next, 'build'], env).done;
  const server = run([next, 'start', '--hostname', '127.0.0.1', '--port', '0'], env);
  const url = /http:\/\/127\.0\.0\.1:\d+/.exec(await server.line('http://127.0.0.1:'))![0];
  expect(readFileSync(join(folder, '.next/server/app/index.html'), 'utf8')).toContain('Log in');
  await chat(url);
});

// Nuxt itself is 228 MB, so this is what it makes of the page: Vue's rendering on a server, and hydration.
test('Nuxt: Vue renders the page on the server, and the browser chats', async () => {
  const { folder } = await start('nuxt', {
    'package.json': MODULES,
    'app.ts': `import { createSSRApp } from 'vue';
      import App from './app/app.vue';
      import plugin from './app/plugins/flooim.ts';
      export function makeApp() {
        const app = createSSRApp(App);
        plugin({ vueApp: app });
        return app;
      }`,
    'client.ts': "import { makeApp } from './app.ts'; makeApp().mount('#app');",
    'server.ts': `import { renderToString } from 'vue/server-renderer';
      import { makeApp } from './app.ts';
      export const html = await renderToString(makeApp());`,
    'index.html': pageOf('client.ts', 'app'),
  });
  const config = { plugins: [vue()], define: { defineNuxtPlugin: '((plugin) => plugin)' } };
  await viteBuild(folder, { ...config, build: { ssr: 'server.ts', outDir: 'server' } });
  const { html } = (await import(pathToFileURL(join(folder, 'server/server.js')).href)) as { html: string };
  expect(html).toContain('Log in');
  const dist = await viteBuild(folder, config);
  const index = readFileSync(join(dist, 'index.html'), 'utf8').replace('<div id="app">', `<div id="app">${html}`);
  await chat(await serve(dist, index));
});

interface Stats {
  hasErrors(): boolean;
  toString(options: object): string;
}

test('webpack 4', async () => {
  const { folder } = await start('webpack-4');
  const webpack = require('webpack-4') as (options: object, done: (error: Error | null, stats: Stats) => void) => void;
  const stats = await new Promise<Stats>((resolve, reject) => {
    const options = { mode: 'development', context: folder, output: { path: join(folder, 'dist') } };
    webpack(options, (error, made) => {
      if (error) reject(error);
      else resolve(made);
    });
  });
  expect(stats.hasErrors(), stats.toString({ all: false, errors: true })).toBe(false);
  await seeHello(await serve(folder));
});

test('script tag', async () => {
  const { folder } = await start('script-tag', {
    'flooim.umd.js': readFileSync(project.file('dist/flooim.umd.js'), 'utf8'),
  });
  await seeHello(await serve(folder));
});
