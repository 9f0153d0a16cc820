// Runs in the page; Node calls its functions by name.
import { createIndexedDbKvProvider } from '../../../src/platform/browser/kv-store.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { KvWrite } from '../../../src/platform/ports.ts';
import { KEYS } from '../../../src/store/schema.ts';
import { packItems } from '../../../src/store/segment-record.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { textOf } from '../data/page/texts.ts';

const DATABASE = 'flooim.search';
const SEGMENT = 100;
const FIRST_ID = 1_633_520_000_000_000;
const PEER = 6_597_478_514_688;

let store: Store | undefined;
let longTasks: number[] = [];
new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
  type: 'longtask',
});

/** Stores messages, of which each is in another conversation than the one before. @returns characters of all segments */
async function seed(messages: number, conversations: number): Promise<number> {
  const provider = createIndexedDbKvProvider();
  await provider.drop(DATABASE);
  const kv = await provider.open(DATABASE);
  const each = messages / conversations;
  let characters = 0;
  let batch: KvWrite[] = [];
  for (let conversation = 0; conversation < conversations; conversation++) {
    const peer = String(PEER + 16 * conversation);
    for (let from = 0; from < each; from += SEGMENT) {
      const items = Array.from({ length: Math.min(SEGMENT, each - from) }, (_, k) => {
        const message = (from + k) * conversations + conversation;
        return {
          id: String(FIRST_ID + message * 256),
          from: peer,
          to: '6597478514528',
          content: textOf(message),
          type: 'text' as const,
          ext: '',
          status: 0 as const,
          timestamp: String(1_700_000_000_000 + message * 1000),
          toType: 'roster' as const,
          is_system: false,
          isHistory: false,
          isNative: false,
          isPlayed: false,
          editTimestamp: '0',
        };
      });
      const value = packItems(items);
      characters += value.length;
      batch.push({ op: 'put', key: KEYS.segment(`r${peer}`, from === 0 ? '0' : items[0]!.id), value });
    }
    if (batch.length >= 256 || conversation === conversations - 1) {
      await kv.commit(batch);
      batch = [];
    }
  }
  await kv.close();
  return characters;
}

const open = async (): Promise<void> => {
  const kv = await createIndexedDbKvProvider().open(DATABASE);
  store = await openStore(kv, { clock: systemClock });
};

/** Opens the store and waits for its index. @returns ms, and bytes of the index */
async function build(): Promise<{ ms: number; bytes: number; longest: number }> {
  longTasks = [];
  const start = performance.now();
  const kv = await createIndexedDbKvProvider().open(DATABASE);
  await open();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const { ranges = [] } = ((await kv.get('i/shards')) ?? {}) as { ranges?: [string, string][] };
    if (ranges.length > 0 && ranges[ranges.length - 1]![1] === 's/\uffff') break;
  }
  const ms = performance.now() - start;
  const shards = await kv.range({ from: 'i/', to: 'i0' });
  const bytes = shards.reduce(
    (sum, { value }) =>
      sum +
      JSON.stringify(value, (_key, part: unknown) => (part instanceof Uint8Array ? 'x'.repeat(part.length) : part))
        .length,
    0,
  );
  await kv.close();
  return { ms, bytes, longest: Math.max(0, ...longTasks) };
}

async function search(
  text: string,
  keyStart: string,
  limit: number,
): Promise<{ ms: number; hits: number; longest: number }> {
  longTasks = [];
  const start = performance.now();
  const hits = await store!.search(text, keyStart, limit);
  const ms = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { ms, hits: hits.length, longest: Math.max(0, ...longTasks) };
}

const close = async (): Promise<void> => store!.close();

const bench = { seed, open, build, search, close };
export type SearchBench = typeof bench;
Object.assign(window, { bench });
