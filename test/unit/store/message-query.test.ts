import { describe, expect, test } from 'vitest';
import type { SyncedMessage, MessageType } from '../../../src/model/message.ts';
import { MESSAGE_TYPES } from '../../../src/model/message.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore } from '../../../src/platform/ports.ts';
import { ABOVE_ALL, nextId } from '../../../src/store/gaps.ts';
import { createMessageQuery } from '../../../src/store/message-query.ts';
import { normalizeText } from '../../../src/store/search-terms.ts';
import { segmentsIn } from '../../../src/store/segment-reader.ts';
import type { Store } from '../../../src/store/store.ts';
import { openStore } from '../../../src/store/store.ts';
import { fc } from '../../support/property.ts';
import { storedMessage } from './stored-message.ts';

const KEY = 'r200';
const ids = (messages: readonly SyncedMessage[]): number[] => messages.map(({ id }) => Number(id));
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

async function open() {
  const kv = await createMemoryKvProvider().open('user');
  const store = await openStore(kv);
  const put = async (key: string, messages: readonly SyncedMessage[]): Promise<void> =>
    store.update(async (tx) => tx.messages.put(key, messages));
  return { kv, store, put, query: createMessageQuery(segmentsIn(kv)) };
}

/** A conversation with a gap in its ids, a stub and images, over several segments; and a neighbour on each side. */
async function openFilled() {
  const opened = await open();
  const image = { type: 'image', content: '' } as const;
  for (const key of ['r20', KEY, 'r2000', 'g200']) {
    await opened.put(
      key,
      [...numbers(1, 300), ...numbers(401, 600)].map((id) => storedMessage(id, id % 100 === 0 ? image : {})),
    );
  }
  await opened.store.update(async (tx) => tx.messages.put(KEY, [{ id: '500', removed: true }, { id: '601' }]));
  return opened;
}

/** A database in which something else happens right after each range was read. */
const busyKv = (kv: KvStore, meanwhile: () => Promise<void>): KvStore => ({
  get: async (key) => kv.get(key),
  commit: async (batch) => kv.commit(batch),
  close: async () => kv.close(),
  range: async (range) => {
    const entries = await kv.range(range);
    await meanwhile();
    return entries;
  },
});

describe('a page', () => {
  test('holds the newest messages, ascending, without stubs', async () => {
    const { query } = await openFilled();
    expect(ids(await query.before(KEY, ABOVE_ALL, 3))).toEqual([598, 599, 600]);
    expect(ids(await query.before(KEY, '502', 3))).toEqual([498, 499, 501]);
  });

  test('spans segments, and ends with the conversation', async () => {
    const { query } = await openFilled();
    expect(ids(await query.before(KEY, '401', 50))).toEqual(numbers(251, 300));
    expect(ids(await query.before(KEY, '400', 299))).toEqual(numbers(2, 300));
    expect(ids(await query.before(KEY, '400', 500))).toEqual(numbers(1, 300));
    expect(ids(await query.after(KEY, '290', 20))).toEqual([...numbers(291, 300), ...numbers(401, 410)]);
    expect(ids(await query.after(KEY, '0', 1000))).toEqual([
      ...numbers(1, 300),
      ...numbers(401, 499),
      ...numbers(501, 600),
    ]);
    expect(await query.before(KEY, '1', 10)).toEqual([]);
    expect(await query.after(KEY, '600', 10)).toEqual([]);
    expect(await query.before('r7', ABOVE_ALL, 10)).toEqual([]);
    expect(await query.after('r7', '0', 10)).toEqual([]);
  });

  test('of one type reads on until it is full', async () => {
    const { query } = await openFilled();
    expect(ids(await query.before(KEY, ABOVE_ALL, 3, 'image'))).toEqual([200, 300, 600]);
    expect(ids(await query.before(KEY, ABOVE_ALL, 9, 'image'))).toEqual([100, 200, 300, 600]);
    expect(ids(await query.after(KEY, '150', 2, 'image'))).toEqual([200, 300]);
  });

  test('holds messages as apps see them', async () => {
    const { query, store } = await open();
    await store.update(async (tx) => tx.messages.put(KEY, [{ ...storedMessage(1), ops: { played: true } }]));
    expect(await query.before(KEY, ABOVE_ALL, 1)).toEqual([storedMessage(1)]);
    expect(await query.message(KEY, '1')).toEqual(storedMessage(1));
  });

  test('upwards has no message twice when a segment is split during the read', async () => {
    const { kv, put } = await open();
    await put(
      KEY,
      numbers(1, 256).map((id) => storedMessage(id * 2)),
    );
    let reads = 0;
    const busy = busyKv(kv, async () => {
      if (reads++ === 0) await put(KEY, [storedMessage(3)]);
    });
    const query = createMessageQuery(segmentsIn(busy));
    const found = ids(await query.after(KEY, '0', 1000));
    expect(found.filter((id) => id % 2 === 0)).toEqual(numbers(1, 256).map((id) => id * 2));
  });
});

test('a message is found by its id; stubs and unknown ids are not', async () => {
  const { query } = await openFilled();
  expect((await query.message(KEY, '300'))?.id).toBe('300');
  for (const id of ['0', '350', '500', '601', '9999']) expect(await query.message(KEY, id)).toBeUndefined();
  expect(await query.message('r7', '300')).toBeUndefined();
});

test('messages are counted, all or of one type', async () => {
  const { query } = await openFilled();
  expect(await query.count(KEY)).toBe(499);
  expect(await query.count(KEY, 'image')).toBe(4);
  expect(await query.count(KEY, 'video')).toBe(0);
  expect(await query.count('r7')).toBe(0);
});

describe('a search', () => {
  const found = async ({ search }: Store, text: string, keyStart = '', limit = 50) =>
    (await search(text, keyStart, limit)).map(({ conversation, message }) => conversation + ':' + message.id);

  test('finds all terms anywhere in the text, in any letter case, width and script', async () => {
    const { store, put } = await open();
    await put(KEY, [
      storedMessage(1, { content: 'Where shall we MEET tomorrow?' }),
      storedMessage(2, { content: '明天下午三点开会' }),
      storedMessage(3, { content: 'meeting notes\nfor everybody' }),
      storedMessage(4, { content: 'ＡＢＣ café' }),
      storedMessage(5, { content: 'meet', type: 'file' }),
    ]);
    expect(await found(store, 'meet')).toEqual(['r200:3', 'r200:1']);
    expect(await found(store, ' tomorrow  Me ')).toEqual(['r200:1']);
    expect(await found(store, 'meeting tomorrow')).toEqual([]);
    expect(await found(store, '下午')).toEqual(['r200:2']);
    expect(await found(store, '开会　明天')).toEqual(['r200:2']);
    expect(await found(store, 'abc CAFE\u0301')).toEqual(['r200:4']);
    expect(await found(store, 'for notes')).toEqual(['r200:3']);
    for (const nothing of ['', ' ', '\n', '\u0001', 'zebra']) expect(await found(store, nothing)).toEqual([]);
  });

  test('does not match ids', async () => {
    const { store, put } = await open();
    await put(KEY, [storedMessage(123, { content: 'one' }), storedMessage(124, { content: '123' })]);
    expect(await found(store, '12')).toEqual(['r200:124']);
    expect(await found(store, '124')).toEqual([]);
  });

  test('gives the newest messages of all conversations, of one kind, or of one conversation', async () => {
    const { store } = await openFilled();
    expect((await found(store, 'text', '', 5)).map((hit) => hit.split(':')[1])).toEqual(
      Array(5).fill('599').fill('598', 4),
    );
    expect(await found(store, 'text', 'g', 2)).toEqual(['g200:599', 'g200:598']);
    expect(await found(store, 'text', `${KEY}/`, 3)).toEqual(['r200:599', 'r200:598', 'r200:597']);
    expect((await found(store, 'text', `${KEY}/`, 1000)).length).toBe(495);
    expect(await found(store, 'text 500', `${KEY}/`)).toEqual([]);
  });

  test('finds messages whose segment is split during the search, and no removed message', async () => {
    let meanwhile = async (): Promise<void> => undefined;
    const inner = await createMemoryKvProvider().open('user');
    const store = await openStore(busyKv(inner, async () => meanwhile()));
    const put = async (ids: readonly number[]): Promise<void> =>
      store.update(async (tx) =>
        tx.messages.put(
          KEY,
          ids.map((id) => storedMessage(id)),
        ),
      );
    await put(numbers(1, 128).map((id) => id * 2));
    await put([1000]);
    meanwhile = async () => {
      meanwhile = async () => undefined;
      await put([3]);
      await store.update(async (tx) => tx.messages.put(KEY, [{ id: '20', removed: true }]));
    };
    const hits = await found(store, 'text 2', '', 500);
    expect(hits).toContain('r200:256');
    expect(hits).not.toContain('r200:20');
  });
});

describe('whatever is stored', () => {
  const content = fc.array(fc.constantFrom('a', 'B', 'ab', ' ', '\n', '1', '明', '天', '明天', '\u0001'), {
    maxLength: 6,
  });
  const messages = fc
    .uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 3000 }),
        key: fc.constantFrom(KEY, 'g200', 'r20'),
        type: fc.constantFrom<MessageType>('text', 'text', 'text', 'image'),
        parts: content,
      }),
      { maxLength: 400, selector: ({ id }) => id, size: 'max' },
    )
    .map((list) =>
      list.map(({ id, key, type, parts }) => ({ key, message: storedMessage(id, { type, content: parts.join('') }) })),
    );

  async function fill(list: readonly { key: string; message: SyncedMessage }[]) {
    const opened = await open();
    for (let at = 0; at < list.length; at += 100) {
      const chunk = list.slice(at, at + 100).sort((a, b) => Number(a.message.id) - Number(b.message.id));
      for (const key of [KEY, 'g200', 'r20'])
        await opened.put(
          key,
          chunk.filter((item) => item.key === key).map(({ message }) => message),
        );
    }
    const sorted = [...list].sort((a, b) => Number(a.message.id) - Number(b.message.id));
    return { ...opened, sorted };
  }

  test('the pages in either direction add up to the conversation', async () => {
    const limits = fc.integer({ min: 1, max: 150 });
    await fc.assert(
      fc.asyncProperty(
        messages,
        limits,
        fc.option(fc.constantFrom(...MESSAGE_TYPES.slice(0, 2)), { nil: undefined }),
        async (list, limit, type) => {
          const { query, sorted } = await fill(list);
          const all = sorted
            .filter(({ key, message }) => key === KEY && (!type || message.type === type))
            .map(({ message }) => message);
          let back: SyncedMessage[] = [];
          for (let page = await query.before(KEY, ABOVE_ALL, limit, type); page.length > 0;) {
            back = [...page, ...back];
            page = await query.before(KEY, page[0]!.id, limit, type);
          }
          expect(back).toEqual(all);
          const forth: SyncedMessage[] = [];
          for (let page = await query.after(KEY, '0', limit, type); page.length > 0;) {
            forth.push(...page);
            page = await query.after(KEY, page[page.length - 1]!.id, limit, type);
          }
          expect(forth).toEqual(all);
          expect(await query.count(KEY, type)).toBe(all.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a search finds what a filter over all messages finds', async () => {
    await fc.assert(
      fc.asyncProperty(messages, content, fc.integer({ min: 1, max: 60 }), async (list, parts, limit) => {
        const { store, sorted } = await fill(list);
        const terms = parts
          .join('')
          .toLowerCase()
          .split(/[\s\u0001]+/)
          .filter(Boolean);
        const expected = sorted
          .filter(({ message }) => message.type === 'text' && terms.length > 0)
          .filter(({ message }) => terms.every((term) => normalizeText(message.content).includes(term)))
          .map(({ key, message }) => ({ conversation: key, message }))
          .reverse();
        expect(await store.search(parts.join(''), '', limit)).toEqual(expected.slice(0, limit));
        const here = expected.filter(({ conversation }) => conversation === KEY);
        expect(await store.search(parts.join(''), `${KEY}/`, limit)).toEqual(here.slice(0, limit));
      }),
      { numRuns: 60 },
    );
  });
});

test('the id above all is the one after the highest', () => {
  expect(ABOVE_ALL).toBe(nextId('18446744073709551615'));
});
