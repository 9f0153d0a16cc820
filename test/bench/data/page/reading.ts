// Reads of one conversation of many messages, which backfill.ts stored.
import { createIndexedDbKvProvider } from '../../../../src/platform/browser/kv-store.ts';
import { conversationKey } from '../../../../src/store/schema.ts';
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
  first: number;
  later: number[];
  hits: number;
}

/** Searches everything for each word. */
export async function search(words: readonly string[], limit: number): Promise<Searched> {
  const store = await openOurs();
  const times: number[] = [];
  let hits = 0;
  for (const word of words) {
    times.push(await timed(async () => (hits += (await store.search(word, '', limit)).length)));
  }
  await store.close();
  const [first, ...later] = times;
  return { first: first!, later, hits };
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
