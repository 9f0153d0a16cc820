import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { chromium } from 'playwright';
import { build } from 'vite';
import type { Rollup } from 'vite';
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

/** The app of each demo, as its main file mounts it. */
const MOUNT: Record<string, string> = {
  react: `
    import { createElement, StrictMode } from 'react';
    import { flushSync } from 'react-dom';
    import { createRoot } from 'react-dom/client';
    import { createClient } from 'flooim';
    import { FlooimProvider } from 'flooim/react';
    import { App } from '${root}demo/react/src/app.tsx';
    window.mount = (options) => {
      const root = createRoot(document.body.appendChild(document.createElement('div')));
      const app = createElement(FlooimProvider, { create: () => createClient(options) }, createElement(App));
      flushSync(() => root.render(createElement(StrictMode, null, app)));
      return () => root.unmount();
    };`,
  vue: `
    import { createApp } from 'vue';
    import { createClient } from 'flooim';
    import { createFlooim } from 'flooim/vue';
    import App from '${root}demo/vue/src/ChatApp.vue';
    window.mount = (options) => {
      const app = createApp(App).use(createFlooim({ create: () => createClient(options) }));
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
  for (const name of FRAMEWORKS) scripts[`/${name}.js`] = await bundle(name);
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
async function bundle(name: string): Promise<string> {
  const entry = `${root}demo/${name}/entry-of-test.js`;
  const result = await build({
    root: `${root}demo/${name}`,
    configFile: false,
    mode: 'development',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"development"' },
    plugins: [
      vue(),
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? MOUNT[name] : undefined),
      },
    ],
    build: { write: false, minify: false, rollupOptions: { input: entry, output: { format: 'iife' } } },
  });
  const { output } = result as Rollup.RollupOutput;
  return output.find((file) => file.type === 'chunk')!.code;
}

test.each(FRAMEWORKS)(
  '%s: the demo chats, and has one socket after it is unmounted and mounted again at once',
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
    const isOnline = async (): Promise<void> =>
      page.locator('header [role=status]', { hasText: 'Connected, and everything is here' }).waitFor(PATIENT);

    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/${name}`);
    const props = { dnsServer: server.dnsUrl };
    await page.evaluate((given) => void (window.unmount = window.mount(given)), props);
    await page.fill('input[name=name]', anna!.username);
    await page.fill('input[name=password]', 'wrong');
    await page.click('.login button');
    await page.locator('.login [role=alert]').waitFor(PATIENT);
    await page.fill('input[name=password]', PASSWORD);
    await page.click('.login button');
    await isOnline();
    await vi.waitFor(() => expect(open()).toBe(1), PATIENT);
    // The login that failed had one, too.
    const atFirst = sockets.length;

    friend.sysManage.sendRosterMessage({ uid: anna!.id, content: 'hello' });
    const row = page.locator('#conversations button', { hasText: `${ben!.username}: hello` });
    await row.locator('b', { hasText: '1' }).waitFor(PATIENT);
    await row.click();
    await page.locator('#messages li', { hasText: 'hello' }).waitFor(PATIENT);
    await row.locator('b').waitFor({ ...PATIENT, state: 'detached' });
    friend.sysManage.sendInputStatusMessage(anna!.id, 'typing');
    await page.locator('.chat [role=status]', { hasText: 'is typing' }).waitFor(PATIENT);
    await page.fill('#send input[name=text]', 'hello yourself');
    await page.setInputFiles('#send input[name=file]', {
      name: 'notes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('notes'),
    });
    await page.click('#send button');
    await page.locator('#messages li.own', { hasText: 'notes.txt sent' }).waitFor(PATIENT);
    const texts = (): string[] => said.map(({ content, attach }) => content || (attach?.dName ?? ''));
    await vi.waitFor(() => expect(texts().sort()).toEqual(['hello', 'hello yourself', 'notes.txt']), PATIENT);
    await page.fill('input[type=search]', 'yourself');
    await page.locator('section[aria-label=Found] li', { hasText: 'hello yourself' }).waitFor(PATIENT);
    await page.fill('input[type=search]', '');

    server.data.app(DEFAULT_APP_ID).users.get(anna!.id)!.settings.auth_mode = 1;
    await friend.rosterManage.asyncApply({ user_id: anna!.id, alias: '', reason: 'it is ben' });
    await page
      .locator('#requests li', { hasText: 'it is ben' })
      .locator('button', { hasText: 'Accept' })
      .click(PATIENT);
    await page.locator('#requests').waitFor({ ...PATIENT, state: 'detached' });

    await page.evaluate((given) => {
      window.unmount();
      for (let turn = 0; turn < 3; turn++) window.mount(given)();
      window.unmount = window.mount(given);
    }, props);
    await isOnline();
    await page.locator('#conversations button', { hasText: ben!.username }).click();
    await page.locator('#messages li', { hasText: 'hello yourself' }).waitFor(PATIENT);
    await vi.waitFor(() => expect(open()).toBe(1), PATIENT);
    expect(sockets.length).toBe(atFirst + 1);
    const ofAnna = (): number => server.admin.connections().filter(({ uid }) => uid === anna!.id).length;
    await vi.waitFor(() => expect(ofAnna()).toBe(1), PATIENT);

    friend.sysManage.sendRosterMessage({ uid: anna!.id, content: 'still there' });
    await page.locator('#messages li', { hasText: 'still there' }).waitFor(PATIENT);
    expect(await page.locator('#messages li', { hasText: 'still there' }).count()).toBe(1);

    await page.evaluate(() => window.unmount());
    await vi.waitFor(() => expect([open(), ofAnna()]).toEqual([0, 0]), PATIENT);
    expect(sockets.length).toBe(atFirst + 1);
    expect(errors).toEqual([]);
    await friend.dispose();
    await page.close();
  },
);
