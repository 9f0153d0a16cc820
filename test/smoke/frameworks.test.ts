import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { chromium } from 'playwright';
import type { Browser, WebSocket } from 'playwright';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromiumLaunch } from '../../scripts/find-browsers.mjs';
import { createClient } from '../../src/entries/node.ts';
import type { Message } from '../../src/entries/node.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

declare global {
  interface Window {
    /** Mounts the chat of the example. @returns a function that unmounts it. */
    mount(props: object): () => void;
    unmount: () => void;
  }
}

const PATIENT = { timeout: 20_000 };
const PASSWORD = 'secret12';
const root = fileURLToPath(new URL('../..', import.meta.url));

const MOUNT: Record<string, string> = {
  react: `
    import { createElement, StrictMode } from 'react';
    import { flushSync } from 'react-dom';
    import { createRoot } from 'react-dom/client';
    import { Chat } from './demo/react/chat.tsx';
    window.mount = (props) => {
      const root = createRoot(document.body.appendChild(document.createElement('div')));
      flushSync(() => root.render(createElement(StrictMode, null, createElement(Chat, props))));
      return () => root.unmount();
    };`,
  vue: `
    import { createApp } from 'vue';
    import { Chat } from './demo/vue/chat.ts';
    window.mount = (props) => {
      const app = createApp(Chat, props);
      app.mount(document.body.appendChild(document.createElement('div')));
      return () => app.unmount();
    };`,
};
const FRAMEWORKS = Object.keys(MOUNT);

let server: DevServer;
let site: Server;
let browser: Browser;

beforeAll(async () => {
  const scripts: Record<string, string> = {};
  for (const name of FRAMEWORKS) scripts[`/${name}.js`] = await bundle(MOUNT[name]!);
  site = createServer(({ url = '' }, response) => {
    response.setHeader('content-type', url in scripts ? 'text/javascript' : 'text/html; charset=utf-8');
    response.end(scripts[url] ?? `<!doctype html><body><script src="${url.slice(1)}.js"></script>`);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  [server, browser] = await Promise.all([createDevServer(), chromium.launch(chromiumLaunch())]);
});
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
  await server.close();
});

/** A development build: StrictMode mounts twice only there. */
async function bundle(contents: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"development"', __VUE_OPTIONS_API__: 'true', __VUE_PROD_DEVTOOLS__: 'false' },
    tsconfigRaw: {},
  });
  return outputFiles[0]!.text;
}

test.each(FRAMEWORKS)(
  '%s: the example chats, and has one socket after it is unmounted and mounted again at once',
  async (name) => {
    const { users } = server.data.app(DEFAULT_APP_ID);
    const [anna, ben] = ['anna', 'ben'].map((user) => users.add(`${user}-${name}`, PASSWORD));
    const friend = createClient({ dnsServer: server.dnsUrl, logLevel: 'off' });
    await friend.login({ name: ben!.username, password: PASSWORD });
    const said: Message[] = [];
    friend.on('onRosterMessage', (message) => said.push(message));

    const page = await browser.newPage();
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (line) => line.type() === 'error' && errors.push(line.text()));
    const sockets: WebSocket[] = [];
    page.on('websocket', (socket) => sockets.push(socket));
    const open = (): number => sockets.filter((socket) => !socket.isClosed()).length;
    const isOnline = async (): Promise<void> => page.locator('#connection', { hasText: 'online' }).waitFor(PATIENT);

    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/${name}`);
    const props = { dnsServer: server.dnsUrl, peer: ben!.id };
    await page.evaluate((given) => void (window.unmount = window.mount(given)), props);
    await page.fill('#login input[name=name]', anna!.username);
    await page.fill('#login input[name=password]', PASSWORD);
    await page.click('#login button');
    await isOnline();
    expect(sockets.length).toBe(1);

    friend.sysManage.sendRosterMessage({ uid: anna!.id, content: 'hello' });
    await page.locator('#messages li', { hasText: `${ben!.id}: hello` }).waitFor(PATIENT);
    await page.locator('#conversations li', { hasText: `${ben!.id}: hello 1` }).waitFor(PATIENT);
    await page.fill('#send input', 'hello yourself');
    await page.click('#send button');
    await page.locator('#messages li', { hasText: 'me: hello yourself' }).waitFor(PATIENT);
    await vi.waitFor(() => expect(said.map(({ content }) => content)).toEqual(['hello', 'hello yourself']), PATIENT);

    await page.evaluate((given) => {
      window.unmount();
      for (let turn = 0; turn < 3; turn++) window.mount(given)();
      window.unmount = window.mount(given);
    }, props);
    await isOnline();
    await page.locator('#messages li', { hasText: 'hello yourself' }).waitFor(PATIENT);
    await vi.waitFor(() => expect(open()).toBe(1), PATIENT);
    expect(sockets.length).toBe(2);
    const ofAnna = (): number => server.admin.connections().filter(({ uid }) => uid === anna!.id).length;
    await vi.waitFor(() => expect(ofAnna()).toBe(1), PATIENT);

    friend.sysManage.sendRosterMessage({ uid: anna!.id, content: 'still there' });
    await page.locator('#messages li', { hasText: 'still there' }).waitFor(PATIENT);
    expect(await page.locator('#messages li', { hasText: 'still there' }).count()).toBe(1);

    await page.evaluate(() => window.unmount());
    await vi.waitFor(() => expect([open(), ofAnna()]).toEqual([0, 0]), PATIENT);
    expect(sockets.length).toBe(2);
    expect(errors).toEqual([]);
    await friend.dispose();
    await page.close();
  },
);

test.each(FRAMEWORKS)('%s: the code that an app copies is under 2 KB', async (name) => {
  const source = readFileSync(`${root}/demo/${name}/use-flooim.ts`, 'utf8');
  const { code } = await transform(source, { loader: 'ts', minify: true, format: 'esm', tsconfigRaw: {} });
  const bytes = gzipSync(code, { level: constants.Z_BEST_COMPRESSION }).length;
  expect(bytes).toBeGreaterThan(300);
  expect(bytes).toBeLessThan(2048);
});
