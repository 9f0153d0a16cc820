// Where the figures are taken: a Chromium with our page, and the dev server it talks to.
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { chromiumLaunch } from '../../../scripts/find-chromium.mjs';
import type { Bench } from './page/main.ts';
import { APP_ID } from './page/world.ts';
import { serveSite } from './site.ts';

const MB = 2 ** 20;

export interface BenchPage {
  call<K extends keyof Bench>(name: K, ...args: Parameters<Bench[K]>): Promise<Awaited<ReturnType<Bench[K]>>>;
  /** MB of live objects. */
  heap(): Promise<number>;
  close(): Promise<void>;
}

export interface Lab {
  readonly server: DevServer;
  readonly app: AppData;
  readonly browser: Browser;
  /** A new page; what earlier ones stored is there. */
  open(): Promise<BenchPage>;
  close(): Promise<void>;
}

export async function openLab(): Promise<Lab> {
  const [server, site, browser] = await Promise.all([
    createDevServer(),
    serveSite('page/main.ts'),
    chromium.launch(chromiumLaunch()),
  ]);
  const context = await browser.newContext();
  return {
    server,
    app: server.data.app(APP_ID),
    browser,
    open: async () => {
      const page = await context.newPage();
      page.on('pageerror', (error) => console.error(error));
      await page.goto(site.url);
      return benchPage(page);
    },
    close: async () => {
      await browser.close();
      site.close();
      await server.close();
    },
  };
}

async function benchPage(page: Page): Promise<BenchPage> {
  const session = await page.context().newCDPSession(page);
  return {
    call: async (name, ...args) =>
      page.evaluate(
        // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- each has its own arguments
        ([name, args]) => (window as unknown as { bench: Record<string, Function> }).bench[name as string]!(...args),
        [name, args] as const,
      ),
    heap: async () => {
      for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
      const { usedSize } = await session.send('Runtime.getHeapUsage');
      return usedSize / MB;
    },
    close: async () => page.close(),
  };
}
