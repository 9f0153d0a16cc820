import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { startJanus } from '../../../devserver/src/node/janus.ts';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import type {} from './calling-page.ts';
import { hasRoom } from './ask-janus.ts';

const FAKE_DEVICES = ['--use-fake-device-for-media-stream'];
/** As strict as a page can be that connects to a server. */
const POLICY = [
  ...["default-src 'none'", "script-src 'self'", 'connect-src http: ws:', "base-uri 'none'", 'img-src data:'],
  "require-trusted-types-for 'script'; trusted-types 'none'",
].join('; ');
const PASSWORD = 'secret12';

export interface OpenPage {
  /** How long calls of this page ring, in ms. */
  readonly ringTimeoutMs?: number;
  /** Whether the browser gives camera and microphone to the page. Default true. */
  readonly isAllowed?: boolean;
}

/** Janus, a dev server before it, and pages in contexts of their own that can call each other. */
export interface PageWorld {
  readonly server: DevServer;
  /** What the pages wrote to their consoles. */
  readonly console: readonly string[];
  /** Adds a user. */
  addUser(name: string): string;
  /** Opens a page and logs in: a device of the user. */
  open(name: string, options?: OpenPage): Promise<Page>;
  /** Loads a page once more, and logs in: the same device. */
  openAgain(page: Page, name: string): Promise<void>;
  /** Whether Janus has a room. */
  hasRoom(room: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function openPageWorld(): Promise<PageWorld> {
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

async function startWorld(cleanups: (() => Promise<unknown>)[]): Promise<Omit<PageWorld, 'close'>> {
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
  const { users } = server.data.app(DEFAULT_APP_ID);
  const enter = async (page: Page, name: string, options: Pick<OpenPage, 'ringTimeoutMs'> = {}): Promise<void> => {
    await page.goto(site.url);
    const login = { dnsServer: server.dnsUrl, name, password: PASSWORD, ...options };
    await page.evaluate(async (given) => window.callPage.login(given), login);
  };
  const open = async (name: string, { isAllowed = true, ...options }: OpenPage = {}): Promise<Page> => {
    // Without the permission a headless browser refuses, as a user does.
    const permissions = isAllowed ? ['camera', 'microphone'] : [];
    const page = await (await browser.newContext({ permissions })).newPage();
    page.on('console', (message) => console.push(message.text()));
    page.on('pageerror', (error) => console.push(`uncaught ${error.stack}`));
    await enter(page, name, options);
    return page;
  };
  return {
    ...{ server, console, open, openAgain: enter },
    addUser: (name) => String(users.add(name, PASSWORD).id),
    hasRoom: async (room) => hasRoom(janus.url, room),
  };
}

async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('calling-page.ts', import.meta.url))],
    ...{ bundle: true, write: false, format: 'iife', platform: 'browser' },
    alias: { 'flooim/wire': fileURLToPath(new URL('../../../src/wire/index.ts', import.meta.url)) },
    // What the build of the package defines away: a strict policy reports long's WebAssembly.
    define: { WebAssembly: 'undefined' },
  });
  const script = outputFiles[0]!.text;
  const server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.setHeader('content-security-policy', POLICY);
    response.end(isScript ? script : '<!doctype html><link rel="icon" href="data:,"><script src="page.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
