// npm run --silent bench:files [-- --json] [--only chromium|node]: how much memory a client needs for a file of 50 MB, in a real Chromium and in
// Node. Prints what it measured and asserts nothing.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { createDevServer } from 'flooim-devserver';
import { launchChromium } from '../../support/chromium.ts';
import { toJson, toTable } from '../data/report.ts';
import type { Figures } from '../data/report.ts';
import { serveSite } from '../data/site.ts';
import type { FileBench } from './page.ts';
import { watchMemory } from './sample.ts';
import type { Memory } from './sample.ts';

const FILE_MB = 50;
const TARGET_MB = 15;
const WAYS = { upload: 'asyncFileUpload', send: 'sendRosterMessage, kept over a reload' } as const;
type Way = keyof typeof WAYS;

const PLACES = { chromium: inChromium, node: inNode } as const;
type Place = keyof typeof PLACES;

const { values } = parseArgs({ options: { json: { type: 'boolean' }, only: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'flooim-bench-'));
const server = await createDevServer({ dataDir: folder });
const figures: Figures = {};
const print = (where: Place, way: Way, { idle, peak, after }: Memory): void => {
  const beside = { label: `idle ${idle.toFixed(1)}, left after it`, value: after - idle };
  const label = `${where}: most memory above idle, ${FILE_MB} MB by ${WAYS[way]}`;
  figures[`${where}_${way}_peak`] = { label, unit: 'MB', value: peak - idle, target: { atMost: TARGET_MB }, beside };
};
try {
  for (const place of Object.keys(PLACES) as Place[]) {
    if ((values.only ?? place) !== place) continue;
    for (const way of Object.keys(WAYS) as Way[]) print(place, way, await PLACES[place](way));
  }
  console.log(values.json ? toJson(figures) : toTable(figures));
} finally {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A page of its own for each: heap, what the page's own objects need beside it, and the bytes of its buffers. */
async function inChromium(way: Way): Promise<Memory> {
  const [site, chromium] = await Promise.all([serveSite('../files/page.ts'), launchChromium()]);
  try {
    const page = await chromium.open(site.url);
    const call = async (name: keyof FileBench, ...args: unknown[]): Promise<unknown> =>
      page.evaluate(`bench.${name}(...${JSON.stringify(args)})`);
    await call('logIn', server.dnsUrl, `page_${way}`);
    await call('makeFile', FILE_MB);
    const used = async (): Promise<number> => {
      const usage = await page.send('Runtime.getHeapUsage');
      const { usedSize, embedderHeapUsedSize, backingStorageSize } = usage as Record<string, number>;
      return usedSize! + embedderHeapUsedSize! + backingStorageSize!;
    };
    return await watchMemory(
      used,
      async () => page.send('HeapProfiler.collectGarbage'),
      async () => call(way),
    );
  } finally {
    site.close();
    await chromium.close();
  }
}

async function inNode(way: Way): Promise<Memory> {
  const file = join(folder, 'a.bin');
  writeFileSync(file, randomBytes(FILE_MB * 2 ** 20));
  const script = fileURLToPath(new URL('node-client.ts', import.meta.url));
  const args = ['--expose-gc', '--import', 'tsx', script, server.dnsUrl, file, way];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Memory;
}
