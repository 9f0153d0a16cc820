import type { Lab } from './lab.ts';
import { median } from './page/world.ts';
import { CHINESE_WORDS, WORDS } from './page/texts.ts';
import { compared } from './report.ts';
import type { Figures } from './report.ts';

const MESSAGES = 100_000;
const CONVERSATIONS = 1000;
const BACKFILL_ROUNDS = 3;
const OPEN_ROUNDS = 5;
const PAGES = 300;
const PAGE = 50;
/** The number of hits that an app shows. */
const HITS = 50;

/** IndexedDB and the working set, without any network. */
export async function storageFigures(lab: Lab): Promise<Figures> {
  const one = await oneConversation(lab);
  const reading = await reads(lab);
  const many = await manyConversations(lab);
  return { ...one, ...reading, ...many };
}

async function oneConversation(lab: Lab): Promise<Figures> {
  const page = await lab.open();
  await page.call('preparePages', MESSAGES);
  const times: Record<'history' | 'sync' | 'plain', number[]> = { history: [], sync: [], plain: [] };
  // In turns, so that a busy moment of the machine affects all of them. Sync is last: its database is read later.
  for (let round = 0; round < BACKFILL_ROUNDS; round++) {
    times.history.push(await page.call('backfill', true));
    times.sync.push(await page.call('backfill', false));
    if (round === 0) times.plain.push(await page.call('backfillPlain'));
  }
  await page.close();
  const rate = (ms: number[]): number => (MESSAGES / median(ms)) * 1000;
  const target = { atLeast: 100_000 };
  const sync = {
    label: 'backfill of one conversation, oldest page first',
    unit: 'messages/s',
    value: rate(times.sync),
    target,
  };
  const history = {
    label: 'backfill of one conversation, newest page first',
    unit: 'messages/s',
    value: rate(times.history),
    target,
  };
  return {
    backfill: compared(sync, 'one record a message', rate(times.plain)),
    backfillHistory: compared(history, 'one record a message', rate(times.plain)),
  };
}

async function reads(lab: Lab): Promise<Figures> {
  const words = [...WORDS, ...CHINESE_WORDS];
  const page = await lab.open();
  const [pages, plainPages] = [
    await page.call('readPages', MESSAGES, PAGES, PAGE),
    await page.call('readPlainPages', MESSAGES, PAGES, PAGE),
  ];
  const { first, indexing, later, hits } = await page.call('search', words, HITS);
  const plainSearches = await page.call('searchPlain', words.slice(0, 3), HITS);
  const count = await page.call('countAll');
  await page.close();
  if (hits < words.length || count.count !== MESSAGES) throw new Error(`${hits} hits, ${count.count} counted`);
  const pageFigure = {
    label: `page of ${PAGE} anywhere in 100,000 messages`,
    unit: 'ms',
    value: median(pages),
    target: { atMost: 2 },
  };
  const searchFigure = {
    label: `search in 100,000 messages (${words.length} words, ${hits} hits)`,
    unit: 'ms',
    value: median(later),
    target: { atMost: 50 },
  };
  return {
    page: compared(pageFigure, 'one record a message', median(plainPages)),
    search: compared(searchFigure, 'getAll of one record a message', median(plainSearches)),
    searchFirst: { label: '  the first, before there is an index', unit: 'ms', value: first },
    indexing: { label: '  until there is one, at rest', unit: 'ms', value: indexing },
    count: { label: 'count of a conversation of 100,000 messages', unit: 'ms', value: count.ms },
  };
}

async function manyConversations(lab: Lab): Promise<Figures> {
  const seeding = await lab.open();
  await seeding.call('seedConversations', CONVERSATIONS);
  await seeding.close();
  const ours = { ms: [] as number[], heap: [] as number[] };
  const plain = { ms: [] as number[], heap: [] as number[] };
  for (let round = 0; round < OPEN_ROUNDS; round++) {
    for (const [name, taken] of [
      ['openOurs', ours],
      ['openPlainLayout', plain],
    ] as const) {
      const page = await lab.open();
      const before = await page.heap();
      const { ms, conversations, messages } = await page.call(name);
      if (conversations !== CONVERSATIONS || messages !== 50 * 100) throw new Error(`${name} is not complete`);
      taken.ms.push(ms);
      taken.heap.push((await page.heap()) - before);
      await page.close();
    }
  }
  const time = {
    label: 'open 1,000 conversations of 100 messages',
    unit: 'ms',
    value: median(ours.ms),
    target: { atMost: 100 },
  };
  const heap = { label: 'heap after that', unit: 'MB', value: median(ours.heap), target: { atMost: 30 } };
  return {
    open: compared(time, 'getAll of one record a message', median(plain.ms)),
    openHeap: compared(heap, 'getAll of one record a message', median(plain.heap)),
  };
}
