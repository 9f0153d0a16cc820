// Devices that the measurement speaks to: a page in a real Chromium, and processes of Node.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { launchChromium } from '../../support/chromium.ts';
import type { Target } from '../../support/chromium.ts';
import { serveSite } from '../data/site.ts';
import type { Answer, Call } from './process.ts';
import type { Workload } from './workload.ts';

const MB = 2 ** 20;
const OURS = fileURLToPath(new URL('../../..', import.meta.url));

export type Kind = 'browser' | 'node' | 'mini-program';

export interface Device {
  call<K extends keyof Workload>(name: K, ...args: Parameters<Workload[K]>): Promise<Awaited<ReturnType<Workload[K]>>>;
  /** MB of live objects and bytes. */
  heap(): Promise<number>;
  /** Starts the app again, with what it stored. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** @param checkout the folder of another checkout of this repository; absent: ours. */
export const startDevice = async (kind: Kind, checkout = OURS): Promise<Device> =>
  kind === 'browser' ? startBrowser(checkout) : startProcess(kind, checkout);

async function startBrowser(checkout: string): Promise<Device> {
  const [site, chromium] = await Promise.all([serveSite('../scale/page.ts', checkout), launchChromium()]);
  let page: Target = await chromium.open(site.url);
  return {
    // Each has its own answer.
    call: async (name, ...args) => (await page.evaluate(`bench.${name}(...${JSON.stringify(args)})`)) as never,
    heap: async () => {
      for (let i = 0; i < 2; i++) await page.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await page.send('Runtime.getHeapUsage');
      return (Number(usedSize) + Number(backingStorageSize)) / MB;
    },
    restart: async () => {
      const old = page;
      page = await chromium.open(site.url);
      await old.close();
    },
    end: async () => {
      await chromium.close();
      site.close();
    },
  };
}

async function startProcess(kind: Kind, checkout: string): Promise<Device> {
  const path = fileURLToPath(new URL('process.ts', import.meta.url));
  const child = fork(path, [checkout, kind], { execArgv: [...process.execArgv, '--expose-gc'] });
  const waiting = new Map<number, (answer: Answer) => void>();
  child.on('message', (answer: Answer) => waiting.get(answer.number)?.(answer));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let calls = 0;
  const call = async (name: Call['name'], args: unknown[]): Promise<unknown> => {
    const number = ++calls;
    const { value, error } = await new Promise<Answer>((resolve) => {
      waiting.set(number, resolve);
      child.send({ number, name, args } satisfies Call);
    });
    waiting.delete(number);
    if (error !== undefined) throw new Error(error);
    return value;
  };
  return {
    // Each has its own answer.
    call: async (name, ...args) => (await call(name, args)) as never,
    heap: async () => Number(await call('heap', [])),
    // What a database holds in memory goes when its last handle is closed.
    restart: async () => undefined,
    end: async () => {
      await call('end', []);
      await ended;
    },
  };
}
