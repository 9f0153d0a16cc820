// npm run --silent bench:search [-- --messages 1000000] [--conversations 1000] [--against <folder>]: searches in a real Chromium,
// before and after the index is built, beside those of another checkout of this repository. Prints what it measured and asserts
// nothing.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { launchChromium } from '../../support/chromium.ts';
import { serveSite } from '../data/site.ts';
import type { SearchBench } from './page.ts';

const MB = 2 ** 20;
const HITS = 50;
const LATER = 5;

/** What people search for, and what it is. */
const SEARCHES: readonly (readonly [what: string, text: string])[] = [
  ['rare word', 'quokka'],
  ['common word', 'the'],
  ['usual word', 'invoice'],
  ['absent word', 'zeppelin'],
  ['absent word of common parts', 'mentor'],
  ['absent word of three letters', 'joy'],
  ['seldom made-up word', 'talvor'],
  ['Chinese word', '合同'],
  ['absent Chinese word', '龙虾'],
  ['absent word of common characters', '同意'],
  ['one Chinese character', '医'],
  ['one absent character', '龙'],
  ['one letter', 'x'],
  ['two letters', 'qz'],
  ['two terms', 'invoice quokka'],
  ['two Chinese terms', '合同 资料'],
];

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '1000000' },
    conversations: { type: 'string', default: '1000' },
    against: { type: 'string' },
  },
});

const rows: Record<string, Record<string, string>> = {};
const note = (row: string, column: string, value: string): void => void ((rows[row] ??= {})[column] = value);
if (values.against !== undefined) await measure('before', resolve(values.against), false);
await measure('now', undefined, true);
console.table(rows);

async function measure(column: string, sources: string | undefined, hasIndex: boolean): Promise<void> {
  const [site, chromium] = await Promise.all([
    serveSite(new URL('page.ts', import.meta.url).href, sources),
    launchChromium(),
  ]);
  const openPage = async () => {
    const target = await chromium.open(site.url);
    const call = async <K extends keyof SearchBench>(
      name: K,
      ...args: Parameters<SearchBench[K]>
    ): Promise<Awaited<ReturnType<SearchBench[K]>>> =>
      // Each has its own answer.
      (await target.evaluate(`bench.${name}(...${JSON.stringify(args)})`)) as never;
    const heap = async (): Promise<string> => {
      for (let i = 0; i < 2; i++) await target.send('HeapProfiler.collectGarbage');
      const { usedSize, backingStorageSize = 0 } = await target.send('Runtime.getHeapUsage');
      return `${mb(Number(usedSize))} + ${mb(Number(backingStorageSize))}`;
    };
    return { call, heap, close: async () => target.close() };
  };
  try {
    let page = await openPage();
    const characters = await page.call('seed', Number(values.messages), Number(values.conversations));
    note('characters of the segments, MB', column, mb(characters));
    await page.close();
    page = await openPage();
    if (hasIndex) {
      await page.call('open');
      const { ms, longest } = await page.call('search', 'zeppelin', '', HITS);
      note('absent word, before the index is built', column, times(ms, longest));
      await page.call('close');
      const built = await page.call('build');
      note('index is built', column, times(built.ms, built.longest));
      note('size of the index, MB', column, mb(built.bytes));
      await page.close();
      page = await openPage();
    }
    note('heap before, MB + MB of buffers', column, await page.heap());
    await page.call('open');
    for (const [at, [what, text]] of SEARCHES.entries()) {
      const first = await page.call('search', text, '', HITS);
      const later: number[] = [];
      // A search that reads everything is the same each time.
      for (let i = 0; i < (first.ms > 1000 ? 1 : LATER); i++)
        later.push((await page.call('search', text, '', HITS)).ms);
      later.sort((a, b) => a - b);
      note(
        `${what}: ${text}`,
        column,
        `${times(first.ms, first.longest)}, then ${times(later[later.length >> 1]!, 0)}, ${first.hits} hits`,
      );
      if (at === 0) note('heap after the first search', column, await page.heap());
    }
    note('heap after all', column, await page.heap());
    await page.call('close');
    await page.close();
  } finally {
    await chromium.close();
    site.close();
  }
}

function mb(bytes: number): string {
  return (bytes / MB).toFixed(1);
}

function times(ms: number, longest: number): string {
  return `${ms < 10 ? ms.toFixed(1) : ms.toFixed(0)} ms${longest > 0 ? ` (a task of ${longest.toFixed(0)})` : ''}`;
}
