import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KvEntry, KvProvider, KvRange, KvStore, KvWrite } from '../../src/platform/ports.ts';

const ALL: KvRange = { from: '', to: '\uffff' };

const put = (key: string, value: unknown): KvWrite => ({ op: 'put', key, value });
const keysOf = (entries: KvEntry[]): string[] => entries.map((entry) => entry.key);

/**
 * What every {@link KvProvider} must do. The provider is asked for once a test; its databases may outlive it.
 *
 * @param shares false where every handle has its data for itself, and only until it is closed.
 */
export function kvStoreContract(
  name: string,
  makeProvider: () => KvProvider | Promise<KvProvider>,
  { shares = true } = {},
): void {
  describe(`${name} keeps the contract of KvStore`, () => {
    let provider: KvProvider;
    let store: KvStore;

    beforeEach(async () => {
      provider = await makeProvider();
      await Promise.all(['one', 'two'].map((database) => provider.drop(database)));
      store = await provider.open('one');
    });

    afterEach(() => store.close());

    const keys = async (range: Partial<KvRange> = {}): Promise<string[]> =>
      keysOf(await store.range({ ...ALL, ...range }));

    describe('one entry', () => {
      test('is undefined before it is put', async () => {
        expect(await store.get('a')).toBeUndefined();
        expect(await store.range(ALL)).toEqual([]);
      });

      test('is read after the commit that put it', async () => {
        await store.commit([put('a', { text: '你好', count: 1.5, list: [true, null, ''] })]);
        expect(await store.get('a')).toEqual({ text: '你好', count: 1.5, list: [true, null, ''] });
        expect(await store.range(ALL)).toEqual([
          { key: 'a', value: { text: '你好', count: 1.5, list: [true, null, ''] } },
        ]);
      });

      test.each([0, '', false, null, -1.25, 'text'])('may be the bare value %j', async (value) => {
        await store.commit([put('a', value)]);
        expect(await store.get('a')).toBe(value);
      });

      test('may have the empty key', async () => {
        await store.commit([put('', 1)]);
        expect(await store.get('')).toBe(1);
        expect(await keys()).toEqual(['']);
      });

      test('takes the last value put', async () => {
        await store.commit([put('a', 1), put('b', 1)]);
        await store.commit([put('a', 2), put('a', 3)]);
        expect(await store.range(ALL)).toEqual([
          { key: 'a', value: 3 },
          { key: 'b', value: 1 },
        ]);
      });

      test('is undefined after a delete; deleting an unknown key is allowed', async () => {
        await store.commit([put('a', 1), put('b', 2)]);
        await store.commit([
          { op: 'delete', key: 'a' },
          { op: 'delete', key: 'never' },
        ]);
        expect(await store.get('a')).toBeUndefined();
        expect(await keys()).toEqual(['b']);
      });
    });

    describe('order', () => {
      test('is by UTF-16 code unit, whatever the order of puts', async () => {
        // By code point the emoji would come last; by locale the capital, the digits and the umlaut would move.
        const sorted = [
          '',
          '\u0000',
          '10',
          '9',
          'B',
          'a',
          'a\u0000',
          'aa',
          'ä',
          '中',
          '中文',
          '\ud800',
          '😀',
          '\uff01',
        ];
        await store.commit([...sorted].reverse().map((key) => put(key, key)));
        expect(await keys()).toEqual(sorted);
        expect(await keys({ reverse: true })).toEqual([...sorted].reverse());
      });

      test('stays through later puts and deletes', async () => {
        await store.commit(['m', 'c', 'x'].map((key) => put(key, 0)));
        await store.commit([put('d', 0), { op: 'delete', key: 'm' }, put('a', 0), put('z', 0)]);
        expect(await keys()).toEqual(['a', 'c', 'd', 'x', 'z']);
      });
    });

    describe('range', () => {
      beforeEach(() => store.commit(['a', 'b', 'c', 'd', 'e'].map((key) => put(key, `value ${key}`))));

      test('includes its first key and excludes its last', async () => {
        expect(await keys({ from: 'b', to: 'd' })).toEqual(['b', 'c']);
        expect(await keys({ from: 'b', to: 'd', reverse: true })).toEqual(['c', 'b']);
      });

      test('may have bounds that are not keys', async () => {
        expect(await keys({ from: 'aa', to: 'cc' })).toEqual(['b', 'c']);
        expect(await keys({ from: 'x', to: 'y' })).toEqual([]);
      });

      test('keeps its limit, from the end where it starts', async () => {
        expect(await store.range({ ...ALL, limit: 2 })).toEqual([
          { key: 'a', value: 'value a' },
          { key: 'b', value: 'value b' },
        ]);
        expect(await store.range({ ...ALL, limit: 2, reverse: true })).toEqual([
          { key: 'e', value: 'value e' },
          { key: 'd', value: 'value d' },
        ]);
        expect(await keys({ limit: 99 })).toHaveLength(5);
      });

      test('is empty with a limit of 0', async () => {
        expect(await keys({ limit: 0 })).toEqual([]);
        expect(await keys({ limit: 0, reverse: true })).toEqual([]);
      });

      test('is empty when its bounds are equal or the wrong way round', async () => {
        expect(await keys({ from: 'b', to: 'b' })).toEqual([]);
        expect(await keys({ from: 'd', to: 'b' })).toEqual([]);
      });

      test('is deleted from its first key up to before its last', async () => {
        await store.commit([{ op: 'deleteRange', from: 'b', to: 'd' }]);
        expect(await keys()).toEqual(['a', 'd', 'e']);
        expect(await store.get('b')).toBeUndefined();
      });

      test('with equal or reversed bounds deletes nothing', async () => {
        await store.commit([
          { op: 'deleteRange', from: 'b', to: 'b' },
          { op: 'deleteRange', from: 'd', to: 'b' },
        ]);
        expect(await keys()).toHaveLength(5);
      });
    });

    describe('a commit', () => {
      test('applies its writes in order', async () => {
        await store.commit([
          put('a', 1),
          { op: 'delete', key: 'a' },
          put('b', 1),
          { op: 'deleteRange', from: 'a', to: 'z' },
          put('b', 2),
        ]);
        expect(await store.range(ALL)).toEqual([{ key: 'b', value: 2 }]);
      });

      test('may be empty', async () => {
        await store.commit([]);
        expect(await keys()).toEqual([]);
      });

      test.each([
        ['a function', () => {}],
        ['an object with a function deep inside', { list: [{ run: () => {} }] }],
        ['a symbol', Symbol('s')],
      ])('with %s rejects and changes nothing', async (_what, value) => {
        await store.commit([put('a', 'old'), put('b', 'old')]);
        const batch: KvWrite[] = [put('a', 'new'), { op: 'deleteRange', from: 'b', to: 'z' }, put('c', value)];
        await expect(store.commit(batch)).rejects.toBeInstanceOf(Error);
        expect(await store.range(ALL)).toEqual([
          { key: 'a', value: 'old' },
          { key: 'b', value: 'old' },
        ]);
      });

      test('that rejects does not stop the next', async () => {
        const failed = store.commit([put('a', () => {})]);
        const next = store.commit([put('b', 1)]);
        await expect(failed).rejects.toBeInstanceOf(Error);
        await next;
        expect(await keys()).toEqual(['b']);
      });

      test('takes effect in the order of the calls', async () => {
        await Promise.all(
          Array.from({ length: 50 }, (_, i) => store.commit([put('last', i), put(`key ${i}`, i), put('count', i + 1)])),
        );
        expect(await store.get('last')).toBe(49);
        expect(await store.get('count')).toBe(50);
        expect(await keys({ from: 'key ', to: 'key!' })).toHaveLength(50);
      });

      test('holds 2,000 entries', async () => {
        const key = (i: number): string => `m/${String(i).padStart(6, '0')}`;
        await store.commit(Array.from({ length: 2000 }, (_, i) => put(key(i), { id: i })));
        expect(await keys()).toHaveLength(2000);
        expect(await store.range({ ...ALL, reverse: true, limit: 2 })).toEqual([
          { key: key(1999), value: { id: 1999 } },
          { key: key(1998), value: { id: 1998 } },
        ]);
      });
    });

    describe('a value', () => {
      test('is stored as it was when commit was called', async () => {
        const value = { text: 'before', bytes: new Uint8Array([1]), list: [{ n: 1 }] };
        const committed = store.commit([put('a', value)]);
        value.text = 'after';
        value.bytes[0] = 9;
        value.list.push({ n: 2 });
        await committed;
        expect(await store.get('a')).toEqual({ text: 'before', bytes: new Uint8Array([1]), list: [{ n: 1 }] });
      });

      test('is not affected by changes to the result of a read', async () => {
        await store.commit([put('a', { list: [1], bytes: new Uint8Array([1]) })]);
        const got = (await store.get('a')) as { list: number[]; bytes: Uint8Array };
        got.list.push(2);
        got.bytes[0] = 9;
        const [entry] = await store.range(ALL);
        (entry?.value as { list: number[] }).list.push(3);
        expect(await store.get('a')).toEqual({ list: [1], bytes: new Uint8Array([1]) });
      });

      test('may be bytes, alone or inside', async () => {
        const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
        await store.commit([put('a', bytes), put('b', { body: [bytes] }), put('c', new Uint8Array())]);
        expect(await store.get('a')).toEqual(bytes);
        expect(await store.get('b')).toEqual({ body: [bytes] });
        expect(await store.get('c')).toEqual(new Uint8Array());
      });

      test('that views a larger buffer stores only its own bytes', async () => {
        const frame = new Uint8Array(10_000).fill(7);
        await store.commit([put('a', { body: frame.subarray(100, 103) })]);
        const { body } = (await store.get('a')) as { body: Uint8Array };
        expect(body).toEqual(new Uint8Array([7, 7, 7]));
        expect(body.buffer.byteLength).toBe(3);
      });

      test('may have any text for a key inside, __proto__ too', async () => {
        const value: unknown = JSON.parse('{"__proto__":{"x":1},"中文 ":"\\ud83d","":0}');
        await store.commit([put('a', value)]);
        const got = (await store.get('a')) as object;
        expect(Object.entries(got)).toEqual(Object.entries(value as object));
        expect('x' in got).toBe(false);
      });

      test('may be a megabyte, as text or bytes', async () => {
        const text = '消息'.repeat(175_000);
        const bytes = new Uint8Array(1_048_576).fill(3);
        await store.commit([put('text', text), put('bytes', { bytes })]);
        expect((await store.get('text')) === text).toBe(true);
        const got = (await store.get('bytes')) as { bytes: Uint8Array };
        expect(got.bytes.length).toBe(1_048_576);
        expect(got.bytes.every((byte) => byte === 3)).toBe(true);
      });
    });

    describe.runIf(shares)('databases', () => {
      test('with the same name are one, through any handle', async () => {
        const other = await provider.open('one');
        await store.commit([put('a', 1)]);
        expect(await other.get('a')).toBe(1);
        await other.commit([put('a', 2)]);
        expect(await store.get('a')).toBe(2);
        await other.close();
        expect(await store.get('a')).toBe(2);
      });

      test('with different names are separate', async () => {
        const two = await provider.open('two');
        await store.commit([put('a', 1)]);
        await two.commit([put('b', 2)]);
        expect(await store.get('b')).toBeUndefined();
        expect(keysOf(await two.range(ALL))).toEqual(['b']);
        await provider.drop('one');
        expect(await two.get('b')).toBe(2);
        await two.close();
      });

      test('are empty after a drop, which may come before any open', async () => {
        await store.commit([put('a', 1)]);
        await store.close();
        await provider.drop('one');
        await provider.drop('never opened');
        store = await provider.open('one');
        expect(await keys()).toEqual([]);
      });

      test('can be dropped while open; no handle sees its old data', async () => {
        await store.commit([put('a', 1)]);
        await provider.drop('one');
        const [seen] = await Promise.allSettled([store.get('a')]);
        expect(seen).not.toHaveProperty('value', 1);
        const other = await provider.open('one');
        expect(await other.range(ALL)).toEqual([]);
        await other.close();
      });

      test('keep their data while closed', async () => {
        await store.commit([put('a', { n: 1 }), put('b', new Uint8Array([2]))]);
        await store.close();
        store = await provider.open('one');
        expect(await store.range(ALL)).toEqual([
          { key: 'a', value: { n: 1 } },
          { key: 'b', value: new Uint8Array([2]) },
        ]);
      });
    });

    describe('close', () => {
      test('makes every later call reject', async () => {
        await store.close();
        await expect(store.get('a')).rejects.toBeInstanceOf(Error);
        await expect(store.range(ALL)).rejects.toBeInstanceOf(Error);
        await expect(store.commit([put('a', 1)])).rejects.toBeInstanceOf(Error);
      });

      test('may be called twice', async () => {
        await store.close();
        await store.close();
      });

      test.runIf(shares)('lets the commits called before it finish', async () => {
        const commits = [store.commit([put('a', 1)]), store.commit([put('b', 2)])];
        await store.close();
        await Promise.all(commits);
        store = await provider.open('one');
        expect(await keys()).toEqual(['a', 'b']);
      });

      test('lets the reads called before it finish', async () => {
        await store.commit([put('a', 1)]);
        const reads = [store.get('a'), store.range(ALL)];
        await store.close();
        expect(await Promise.all(reads)).toEqual([1, [{ key: 'a', value: 1 }]]);
      });
    });
  });
}
