// The place of the measurements: a Chromium with our page, and its dev server.
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import { launchChromium } from '../../support/chromium.ts';
import type { Chromium, Target } from '../../support/chromium.ts';
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
  readonly chromium: Chromium;
  /** A new page, with the data that earlier ones stored. */
  open(): Promise<BenchPage>;
  close(): Promise<void>;
}

/** @param page the script of the page: a path from this folder, or a `file:` URL in another checkout. */
export async function openLab(page = 'page/main.ts'): Promise<Lab> {
  const [server, site, chromium] = await Promise.all([createDevServer(), serveSite(page), launchChromium()]);
  return {
    server,
    app: server.data.app(APP_ID),
    chromium,
    open: async () => benchPage(await chromium.open(site.url)),
    close: async () => {
      await chromium.close();
      site.close();
      await server.close();
    },
  };
}

function benchPage(target: Target): BenchPage {
  return {
    // Each has its own answer.
    call: async (name, ...args) => (await target.evaluate(`bench.${name}(...${JSON.stringify(args)})`)) as never,
    heap: async () => {
      for (let i = 0; i < 2; i++) await target.send('HeapProfiler.collectGarbage');
      const { usedSize } = await target.send('Runtime.getHeapUsage');
      return Number(usedSize) / MB;
    },
    close: async () => target.close(),
  };
}
