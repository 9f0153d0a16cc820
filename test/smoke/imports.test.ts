import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright';
import type { Browser } from 'playwright';
import vue from '@vitejs/plugin-vue';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chromiumLaunch } from '../../scripts/find-browsers.mjs';
import { installPacked, run } from './packed.ts';
import type { PackedProject } from './packed.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = fileURLToPath(new URL('../..', import.meta.url));
const NAMES = ['FlooError', 'buildClient', 'createClient', 'default', 'errorNumber', 'flooim', 'isFlooError'];

let project: PackedProject;
beforeAll(async () => {
  project = await installPacked(['react', 'vue']);
});
afterAll(() => project.remove());

describe('a page rendered on a server', () => {
  const PAGES: Record<string, string> = {
    react: `import { createElement } from 'react';
      import { renderToString } from 'react-dom/server';
      import { createClient } from 'flooim';
      import { FlooimProvider } from 'flooim/react';
      import { App } from '${root}/demo/react/src/app.tsx';
      const create = () => createClient();
      export const render = () => renderToString(createElement(FlooimProvider, { create }, createElement(App)));`,
    vue: `import { createSSRApp } from 'vue';
      import { renderToString } from 'vue/server-renderer';
      import { createClient } from 'flooim';
      import { createFlooim } from 'flooim/vue';
      import App from '${root}/demo/vue/src/ChatApp.vue';
      const create = () => createClient();
      export const render = () => renderToString(createSSRApp(App).use(createFlooim({ create })));`,
  };
  /** The file of the package that is in the bundle of the server. */
  const FILES = ['dist/node.js', 'dist/browser.js'];
  const cases = Object.keys(PAGES).flatMap((page) => FILES.map((file) => [page, file] as const));

  test.each(cases)('a Vite SSR build of the %s example with %s renders it', async (page, file) => {
    const entry = join(root, `node_modules/.flooim-ssr-${page}.js`);
    const name = `${page}-${file.replace(/\W/g, '-')}`;
    await build({
      root,
      configFile: false,
      logLevel: 'error',
      plugins: [
        vue(),
        {
          name: 'page',
          enforce: 'pre',
          resolveId: (id) => {
            if (id === entry) return id;
            if (id === 'flooim') return project.file(file);
            const subpath = /^flooim\/(.+)$/.exec(id)?.[1];
            return subpath && project.file(`dist/${subpath}.js`);
          },
          load: (id) => (id === entry ? PAGES[page] : undefined),
        },
      ],
      ssr: { noExternal: true },
      build: {
        ssr: entry,
        outDir: join(project.folder, name),
        rollupOptions: { output: { entryFileNames: 'page.mjs' } },
      },
    });
    writeFileSync(
      join(project.folder, name, 'serve.mjs'),
      `const before = Reflect.ownKeys(globalThis);
      const { render } = await import('./page.mjs');
      const html = await render();
      const added = Reflect.ownKeys(globalThis).filter((key) => !before.includes(key)).map(String);
      console.log(JSON.stringify({ html, added: added.filter((key) => !key.startsWith('__VUE')) }));`,
    );
    // It ends by itself: no timer and no socket keeps it.
    const { stdout } = await run(process.execPath, ['serve.mjs'], { cwd: join(project.folder, name), timeout: 30_000 });
    const { html, added } = JSON.parse(stdout) as { html: string; added: string[] };
    expect(html).toContain('class="login"');
    expect(html).toMatch(/<button[^>]*>Log in<\/button>/);
    expect(added).toEqual([]);
  });
});

describe('a service worker', () => {
  let site: Server;
  let browser: Browser;
  const files: Record<string, string> = {
    '/module.js':
      'import * as sdk from "/browser.js"; import * as rtc from "/rtc.js"; onmessage = ({ source }) => source.postMessage([...Object.keys(sdk), ...Object.keys(rtc)]);',
    '/classic.js':
      'importScripts("/flooim.umd.js", "/flooim.rtc.umd.js"); onmessage = ({ source }) => source.postMessage([...Object.keys(flooIM), ...Object.keys(flooIMRtc)]);',
  };
  beforeAll(async () => {
    for (const file of ['browser.js', 'rtc.js', 'flooim.umd.js', 'flooim.rtc.umd.js']) {
      files[`/${file}`] = readFileSync(project.file(`dist/${file}`), 'utf8');
    }
    site = createServer(({ url = '' }, response) => {
      response.setHeader('content-type', url in files ? 'text/javascript' : 'text/html');
      response.end(files[url] ?? '<!doctype html>');
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch(chromiumLaunch());
  });
  afterAll(async () => {
    await browser.close();
    site.closeAllConnections();
    site.close();
  });

  test.each(['module', 'classic'] as const)('imports the SDK: %s', async (type) => {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    const names = await page.evaluate(async (kind) => {
      await navigator.serviceWorker.register(`/${kind}.js`, { type: kind });
      const { active } = await navigator.serviceWorker.ready;
      const answered = new Promise<string[]>((resolve) => {
        navigator.serviceWorker.onmessage = ({ data }: MessageEvent<string[]>) => resolve(data);
      });
      active!.postMessage('names');
      return answered;
    }, type);
    expect(names.sort()).toEqual([...NAMES, 'calls'].sort());
    await page.close();
  });
});
