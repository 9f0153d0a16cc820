import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvRange } from '../../../src/platform/ports.ts';
import { normalizeText } from '../../../src/store/search-texts.ts';
import { openStore } from '../../../src/store/store.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { storedMessage } from './stored-message.ts';

const KEY = 'r200';

async function open() {
  const kv = await createMemoryKvProvider().open('user');
  const reads: KvRange[] = [];
  let gate: Promise<void> = Promise.resolve();
  const store = await openStore({
    get: async (key) => kv.get(key),
    commit: async (batch) => kv.commit(batch),
    close: async () => kv.close(),
    range: async (range) => {
      reads.push(range);
      const found = await kv.range(range);
      await gate;
      return found;
    },
  });
  // The reads of opening.
  reads.length = 0;
  const put = async (id: number, content: string): Promise<void> =>
    store.update(async (tx) => tx.messages.put(KEY, [storedMessage(id, { content })]));
  const found = async (text: string, keyStart = ''): Promise<string[]> =>
    (await store.search(text, keyStart, 50)).map(({ message }) => message.id);
  return {
    store,
    put,
    found,
    textReads: () => reads.filter(({ from }) => from === 's/').length,
    hold: (until: Promise<void>) => (gate = until),
  };
}

describe('the texts that are searched', () => {
  test('are read once and then follow new, edited, removed and cleared messages', async () => {
    const { store, put, found, textReads } = await open();
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
    expect(textReads()).toBe(1);
  });

  test('miss no message that is stored while they are read', async () => {
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

describe('the form in which texts are compared', () => {
  test.each([
    ['İstanbul', 'istanbul'],
    ['ISTANBUL', 'ıstanbul'],
    ['straße', 'STRASSE'],
    ['STRAẞE', 'strasse'],
    ['ΟΔΟΣ', 'οδοσ'],
    ['οδος', 'ΟΔΟΣ'],
    ['Café', 'CAFE'],
    ['cafe\u0301', 'café'],
    ['Ångström', 'angstrom'],
    ['ёлка', 'Елка'],
    ['Nguyễn', 'nguyen'],
    ['zero\u200bwidth', 'zerowidth'],
    ['so\u00adft hy\u00adphen', 'soft hyphen'],
    ['join\u200d\u2060er', 'joiner'],
    ['\u202eback', 'back'],
    ['ﬁnal', 'FINAL'],
    ['ＡＢＣ１２３', 'abc123'],
    ['ﾊﾞｽ', 'バス'],
    ['ＰＨＯＮＥ：', 'phone:'],
    ['שָׁלוֹם', 'שלום'],
    ['مُحَمَّد', 'محمد'],
    ['한글', '한글'.normalize('NFD')],
    ['☎\ufe0f', '☎'],
  ])('is the same for %j and %j', (a, b) => {
    expect(normalizeText(a)).toBe(normalizeText(b));
  });

  test.each([
    ['が', 'か'],
    ['कि', 'का'],
    ['한', '하'],
    ['กา', 'กิ'],
    ['明天', '昨天'],
  ])('keeps %s and %s apart', (a, b) => {
    expect(normalizeText(a)).not.toContain(normalizeText(b));
  });

  test('has itself as its form, for every character', () => {
    for (let code = 0; code < 0x20000; code++) {
      const form = normalizeText(String.fromCodePoint(code));
      if (normalizeText(form) !== form)
        expect([code.toString(16), normalizeText(form)]).toEqual([code.toString(16), form]);
    }
  });
});
