// Where the client runs: a process of Node with a folder for its data, or a page in a real Chromium.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveSite } from '../../test/bench/data/site.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import { MB } from './figures.ts';
import type { Figures } from './figures.ts';
import type { SoakPage } from './page.ts';
import type { Answer, Call } from './process.ts';
import type { SoakClient } from './soak-client.ts';

export interface Place {
  call<K extends keyof SoakClient>(
    name: K,
    ...args: Parameters<SoakClient[K]>
  ): Promise<Awaited<ReturnType<SoakClient[K]>>>;
  figures(): Promise<Figures>;
  end(): Promise<void>;
}

export async function startProcess(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'flooim-soak-'));
  const path = fileURLToPath(new URL('process.ts', import.meta.url));
  const child = fork(path, [dataDir], { execArgv: [...process.execArgv, '--expose-gc', '--no-warnings'] });
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer: Answer) => waiting.get(answer.number)?.(answer));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let calls = 0;
  const call = async (name: string, args: unknown[]): Promise<unknown> => {
    const number = ++calls;
    const { value, error } = await new Promise<Answer>((resolve) => {
      waiting.set(number, resolve);
      child.send({ number, name, args } satisfies Call);
    });
    waiting.delete(number);
    if (error !== undefined) throw new Error(`${name}: ${error}`);
    return value;
  };
  return {
    // Each has its own answer.
    call: async (name, ...args) => (await call(name, args)) as never,
    figures: async () => (await call('figures', [])) as Figures,
    end: async () => {
      await call('dispose', []);
      child.disconnect();
      await ended;
      rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

export async function startPage(): Promise<Place> {
  const [site, chromium] = await Promise.all([
    serveSite(new URL('page.ts', import.meta.url).href),
    // Nobody looks at the page, and it is to run as if somebody did.
    launchChromium(['--disable-background-timer-throttling', '--disable-renderer-backgrounding']),
  ]);
  const page = await chromium.open(site.url);
  await page.send('Performance.enable');
  const call = async (name: keyof SoakPage, args: unknown[]): Promise<unknown> =>
    page.evaluate(`soak.${name}(...${JSON.stringify(args)})`);
  return {
    // Each has its own answer.
    call: async (name, ...args) => (await call(name, args)) as never,
    figures: async () => {
      for (let i = 0; i < 3; i++) await page.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await page.send('Runtime.getHeapUsage');
      const { metrics } = (await page.send('Performance.getMetrics')) as { metrics: { name: string; value: number }[] };
      return {
        heapMb: (Number(usedSize) + Number(backingStorageSize)) / MB,
        timers: Number(await call('timers', [])),
        sockets: Number(await call('sockets', [])),
        listeners: metrics.find(({ name }) => name === 'JSEventListeners')!.value,
      };
    },
    end: async () => {
      await call('dispose', []);
      await chromium.close();
      site.close();
    },
  };
}
