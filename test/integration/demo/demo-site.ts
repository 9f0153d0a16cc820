import { expect } from 'vitest';
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, Page } from 'playwright';
import { serveDemo } from '../../../demo/web/serve.ts';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import { open, WAIT_MS } from './page-parts.ts';

/** Chromium gives the page a microphone that hears a tone, two cameras and a screen, and grants their use. */
const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream=device-count=2',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire',
];

/** The demo page on a dev server of its own, with Alice and Bob logged in, each in their own browser context. */
export interface DemoSite {
  readonly server: DevServer;
  readonly url: string;
  readonly browser: Browser;
  readonly alice: Page;
  readonly bob: Page;
  /** Uncaught errors and Content Security Policy reports of every page. */
  readonly pageErrors: readonly string[];
  openPage(address?: string, context?: BrowserContext): Promise<Page>;
  /** Opens a page and logs in as a demo user. */
  enter(user: string, address?: string, context?: BrowserContext): Promise<Page>;
  /** Alice and Bob each open their chat with the other. */
  openBoth(): Promise<void>;
  /** Sends a message by REST in the name of a user. */
  sendByRest(from: string, to: string, content: string, more?: object): Promise<void>;
  idOf(name: string): number;
  close(): Promise<void>;
}

/** @param janus - URL of a Janus, for calls */
export async function openDemoSite(janus?: string): Promise<DemoSite> {
  const cleanups: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  };
  try {
    return { ...(await startSite(cleanups, janus)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startSite(
  cleanups: (() => Promise<void>)[],
  janus: string | undefined,
): Promise<Omit<DemoSite, 'close'>> {
  const server = await createDevServer({ seed: 'demo', ...(janus !== undefined && { janus }) });
  cleanups.push(() => server.close());
  const demo = await serveDemo({ dnsServer: server.dnsUrl, serverRun: 'test', port: 0, watch: false });
  cleanups.push(() => demo.close());
  const { args, ...launch } = chromiumLaunch();
  const browser = await chromium.launch({ ...launch, args: [...args, ...FAKE_DEVICES] });
  cleanups.push(() => browser.close());

  const { url } = demo;
  const pageErrors: string[] = [];

  async function openPage(address = url, context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await browser.newContext({ viewport: { width: 1000, height: 640 } }))).newPage();
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => pageErrors.push(String(error.stack)));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) pageErrors.push(message.text());
    });
    await page.goto(address);
    return page;
  }

  async function enter(user: string, address = url, context?: BrowserContext): Promise<Page> {
    const page = await openPage(address, context);
    await page.getByRole('button', { name: user, exact: true }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    return page;
  }

  const idOf = (name: string): number => server.data.app(DEFAULT_APP_ID).users.byName(name)!.id;

  async function sendByRest(from: string, to: string, content: string, more: object = {}): Promise<void> {
    const body = { targets: [idOf(to)], type: 1, content_type: 0, content, from_user_id: idOf(from), ...more };
    const response = await fetch(`${server.url}/message/send`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', app_id: DEFAULT_APP_ID, 'access-token': server.adminToken },
      body: JSON.stringify(body),
    });
    expect(await response.json()).toMatchObject({ code: 200 });
  }

  const [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);

  async function openBoth(): Promise<void> {
    await open(alice, 'Bob');
    await open(bob, 'Alice');
  }

  return { server, url, browser, alice, bob, pageErrors, openPage, enter, openBoth, sendByRest, idOf };
}
