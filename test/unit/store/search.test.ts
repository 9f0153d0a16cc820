import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { openStore } from '../../../src/store/store.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { storedMessage } from './stored-message.ts';

const KEY = 'r200';

async function open() {
  const kv = await createMemoryKvProvider().open('user');
  let gate: Promise<void> = Promise.resolve();
  const store = await openStore({
    get: async (key) => kv.get(key),
    commit: async (batch) => kv.commit(batch),
    close: async () => kv.close(),
    range: async (range) => {
      const found = await kv.range(range);
      await gate;
      return found;
    },
  });
  const put = async (id: number, content: string): Promise<void> =>
    store.update(async (tx) => tx.messages.put(KEY, [storedMessage(id, { content })]));
  const found = async (text: string, keyStart = ''): Promise<string[]> =>
    (await store.search(text, keyStart, 50)).map(({ message }) => message.id);
  return {
    store,
    put,
    found,
    hold: (until: Promise<void>) => (gate = until),
  };
}

describe('a search', () => {
  test('follows new, edited, removed and cleared messages', async () => {
    const { store, put, found } = await open();
    await put(1, 'one apple');
    expect(await found('apple')).toEqual(['1']);
    await put(2, 'two apples');
    expect(await found('apple')).toEqual(['2', '1']);
    expect(await found('apple', 'r')).toEqual(['2', '1']);
    await put(1, 'one pear');
    expect(await found('apple')).toEqual(['2']);
    await store.update(async (tx) => tx.messages.put(KEY, [{ id: '2', removed: true }]));
    expect(await found('apple')).toEqual([]);
    await store.update((tx) => tx.messages.clear(KEY));
    expect(await found('pear')).toEqual([]);
    for (let id = 100; id < 400; id++) await put(id, `apple ${id}`);
    expect((await found('apple')).length).toBe(50);
  });

  test('misses no message that is stored while it reads', async () => {
    const { put, found, hold } = await open();
    await put(1, 'apple');
    const gate = createDeferred();
    void hold(gate.promise);
    const searching = found('apple');
    await put(2, 'apple too');
    gate.resolve();
    await searching;
    expect(await found('apple')).toEqual(['2', '1']);
  });
});
