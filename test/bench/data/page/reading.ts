// Reads of one conversation of many messages, which backfill.ts stored.
import { createIndexedDbKvProvider } from '../../../../src/platform/browser/kv-store.ts';
import type { KvReader } from '../../../../src/platform/ports.ts';
import { systemClock } from '../../../../src/platform/web-api/system.ts';
import { conversationKey, KEYS } from '../../../../src/store/schema.ts';
import { ALL_SEGMENTS, gapsIn, unpackShards } from '../../../../src/store/search-shards.ts';
import { openStore } from '../../../../src/store/store.ts';
import type { Store } from '../../../../src/store/store.ts';
import { ONE_PEER, PLAIN_ONE } from './backfill.ts';
import { openPlain, readPlainAll, readPlainRange } from './plain-layout.ts';
import { databaseOf, idOf, SELF, timed } from './world.ts';

const KEY = conversationKey('roster', ONE_PEER);

const openOurs = async (): Promise<Store> => openStore(await createIndexedDbKvProvider().open(databaseOf(SELF)));

/** Pages before messages spread over all of them. @returns ms each. */
export async function readPages(messages: number, pages: number, limit: number): Promise<number[]> {
  const store = await openOurs();
  const times: number[] = [];
  for (const before of spread(messages, pages)) {
    times.push(
      await timed(async () => {
        const found = await store.query.before(KEY, idOf(before), limit);
        if (found.length !== limit) throw new Error('the page is not full');
      }),
    );
  }
  await store.close();
  return times;
}

/** The same for one record a message. */
export async function readPlainPages(messages: number, pages: number, limit: number): Promise<number[]> {
  const db = await openPlain(PLAIN_ONE);
  const times: number[] = [];
  for (const before of spread(messages, pages)) {
    times.push(
      await timed(async () => {
        const found = await readPlainRange(db, ONE_PEER, idOf(before - limit), idOf(before));
        if (found.length !== limit) throw new Error('the page is not full');
      }),
    );
  }
  db.close();
  return times;
}

export interface Searched {
  /** Before there is an index. */
  first: number;
  /** Until the index was there, at rest. */
  indexing: number;
  later: number[];
  hits: number;
}

/** Searches everything for the first word, waits for the index, and searches for each word. */
export async function search(words: readonly string[], limit: number): Promise<Searched> {
  const kv = await createIndexedDbKvProvider().open(databaseOf(SELF));
  const store = await openStore(kv, { clock: systemClock });
  const [word = ''] = words;
  const first = await timed(async () => store.search(word, '', limit));
  const indexing = await timed(async () => untilIndexed(kv));
  const later: number[] = [];
  let hits = 0;
  for (const each of words) {
    later.push(await timed(async () => (hits += (await store.search(each, '', limit)).length)));
  }
  await store.close();
  return { first, indexing, later, hits };
}

/** Resolves when every segment of a database is indexed. */
export async function untilIndexed(kv: KvReader): Promise<void> {
  while (gapsIn(unpackShards(await kv.get(KEYS.searchShards)), ALL_SEGMENTS).length > 0)
    await new Promise((resolve) => setTimeout(resolve, 50));
}

/** One record a message has no index: each search reads everything. */
export async function searchPlain(words: readonly string[], limit: number): Promise<number[]> {
  const db = await openPlain(PLAIN_ONE);
  const times: number[] = [];
  for (const word of words) {
    times.push(
      await timed(async () => {
        const found = (await readPlainAll(db)).filter(({ content }) => content.toLowerCase().includes(word));
        return found.slice(-limit);
      }),
    );
  }
  db.close();
  return times;
}

export async function countAll(): Promise<{ ms: number; count: number }> {
  const store = await openOurs();
  let count = 0;
  const ms = await timed(async () => (count = await store.query.count(KEY)));
  await store.close();
  return { ms, count };
}

/** Messages all over the conversation, in no order. */
function spread(messages: number, pages: number): number[] {
  return Array.from({ length: pages }, (_, at) => 1000 + ((at * 7919 * 13) % (messages - 1000)));
}
