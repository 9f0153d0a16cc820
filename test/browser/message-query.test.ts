import { expect, test } from 'vitest';
import type { SyncedMessage } from '../../src/model/message.ts';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import { systemClock } from '../../src/platform/web-api/system.ts';
import { ABOVE_ALL } from '../../src/store/gaps.ts';
import { KEYS } from '../../src/store/schema.ts';
import { ALL_SEGMENTS, gapsIn, unpackShards } from '../../src/store/search-shards.ts';
import { openStore } from '../../src/store/store.ts';
import { storedMessage } from '../unit/store/stored-message.ts';

const NAME = 'message-query';
const provider = createIndexedDbKvProvider();
const ids = (messages: readonly SyncedMessage[]): number[] => messages.map(({ id }) => Number(id));
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

test('pages, counts and searches of IndexedDB, over more records than are read at once', async () => {
  await provider.drop(NAME);
  const kv = await provider.open(NAME);
  const store = await openStore(kv, { clock: systemClock });
  const content = (id: number): string => (id % 1000 === 7 ? `明天 LUNCH ${id}` : `text ${id}`);
  await store.update(async (tx) => {
    // 79 segments of one conversation, and 80 conversations of one each.
    await tx.messages.put(
      'r200',
      numbers(1, 10_000).map((id) => storedMessage(id, { content: content(id) })),
    );
    for (let peer = 300; peer < 380; peer++)
      await tx.messages.put(`r${peer}`, [storedMessage(20_000 + peer, { content: `lunch with ${peer}` })]);
  });

  let all: number[] = [];
  for (let before = ABOVE_ALL; ;) {
    const page = await store.query.before('r200', before, 300);
    all = [...ids(page), ...all];
    if (page.length < 300) break;
    before = page[0]!.id;
  }
  expect(all).toEqual(numbers(1, 10_000));
  expect(ids(await store.query.after('r200', '4990', 300))).toEqual(numbers(4991, 5290));
  expect(await store.query.before('r200', '5', 1)).toEqual([storedMessage(4)]);
  expect(await store.query.message('r200', '1007')).toEqual(storedMessage(1007, { content: '明天 LUNCH 1007' }));
  expect(await store.query.count('r200')).toBe(10_000);

  const search = async (text: string, keyStart = ''): Promise<number[]> =>
    ids((await store.search(text, keyStart, 50)).map(({ message }) => message));
  const check = async (): Promise<void> => {
    expect(await search('lunch 明')).toEqual(
      numbers(0, 9)
        .map((n) => n * 1000 + 7)
        .reverse(),
    );
    expect(await search('lunch', 'r200/')).toHaveLength(10);
    expect(await search('lunch')).toEqual(numbers(20_330, 20_379).reverse());
    expect(await search('with 379')).toEqual([20_379]);
    expect(await search('nobody')).toEqual([]);
  };
  await check();
  // After a rest there is an index.
  await expect
    .poll(async () => gapsIn(unpackShards(await kv.get(KEYS.searchShards)), ALL_SEGMENTS), { timeout: 20_000 })
    .toEqual([]);
  await check();
  await store.close();
  await provider.drop(NAME);
});
