import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import { startJanus } from '../../../devserver/src/node/janus.ts';
import { endSession, hasRoom } from './ask-janus.ts';
import type {} from './media-page.ts';

const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire',
];
const PASSWORD = 'secret12';

/** Janus, a dev server before it, and two pages in contexts of their own that can be called. */
export interface MediaWorld {
  readonly server: DevServer;
  readonly alice: Page;
  readonly bob: Page;
  /** What the pages wrote to their consoles. */
  readonly console: readonly string[];
  /** Ends the sessions of all pages at Janus, which is silent about it. */
  endSessions(): Promise<void>;
  /** Whether Janus has the room. */
  hasRoom(room: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function openMediaWorld(): Promise<MediaWorld> {
  const cleanups: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  };
  try {
    return { ...(await startWorld(cleanups)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startWorld(cleanups: (() => Promise<unknown>)[]): Promise<Omit<MediaWorld, 'close'>> {
  const janus = await startJanus();
  cleanups.push(janus.stop);
  const server = await createDevServer({ janus: janus.url });
  cleanups.push(() => server.close());
  const site = await servePage();
  cleanups.push(site.close);
  const { args, ...launch } = chromiumLaunch();
  const browser = await chromium.launch({ ...launch, args: [...args, ...FAKE_DEVICES] });
  cleanups.push(() => browser.close());

  const console: string[] = [];
  const openPage = async (name: string): Promise<Page> => {
    await register(server, name);
    const page = await (await browser.newContext()).newPage();
    page.on('console', (message) => console.push(message.text()));
    page.on('pageerror', (error) => console.push(`uncaught ${error.stack}`));
    await page.goto(site.url);
    await page.evaluate(
      async ([dnsServer, user, password]) => {
        await window.page.login(dnsServer!, user!, password!);
      },
      [server.dnsUrl, name, PASSWORD],
    );
    return page;
  };
  const [alice, bob] = await Promise.all([openPage('alice'), openPage('bob')]);
  const endSessions = async (): Promise<void> => {
    const texts = server.admin.relayedSignals().signals.map(({ text }) => text);
    const sessions = new Set(texts.flatMap((text) => /"session_id":(\d+)/.exec(text)?.[1] ?? []));
    for (const session of sessions) await endSession(janus.url, session);
  };
  return { server, alice, bob, console, endSessions, hasRoom: async (room) => hasRoom(janus.url, room) };
}

async function register(server: DevServer, username: string): Promise<void> {
  await fetch(`${server.url}/user/register/v2`, {
    method: 'POST',
    headers: { app_id: 'welovemaxim', 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
}

async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('media-page.ts', import.meta.url))],
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser' },
    alias: { 'flooim/wire': fileURLToPath(new URL('../../../src/wire/index.ts', import.meta.url)) },
  });
  const script = outputFiles[0]!.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : '<!doctype html><script src="page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => new Promise((resolve) => server.close(() => resolve())),
  };
}
