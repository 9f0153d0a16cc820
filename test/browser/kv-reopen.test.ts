import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { commands } from 'vitest/browser';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import type { KvStore, KvWrite } from '../../src/platform/ports.ts';

const NAME = 'reopen';
const ALL = { from: '', to: '\uffff' };
const provider = createIndexedDbKvProvider();
const put = (key: string, value: unknown): KvWrite => ({ op: 'put', key, value });

let store: KvStore;
/** The connections opened since the test began, the newest last. */
let connections: IDBDatabase[];

beforeEach(async () => {
  connections = [];
  await provider.drop(NAME);
  const open = IDBFactory.prototype.open;
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(function (this: IDBFactory, ...parameters) {
    const request = open.apply(this, parameters);
    request.addEventListener('success', () => connections.push(request.result));
    return request;
  });
  store = await provider.open(NAME);
  await store.commit([put('a', 1)]);
});

afterEach(async () => {
  await store.close();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe('when the browser has shut the connection', () => {
  const calls: [string, () => Promise<unknown>, unknown][] = [
    ['get', () => store.get('a'), 1],
    ['range', () => store.range(ALL), [{ key: 'a', value: 1 }]],
    ['reverse range', () => store.range({ ...ALL, reverse: true }), [{ key: 'a', value: 1 }]],
    ['commit', () => store.commit([put('a', 1)]).then(() => store.get('a')), 1],
  ];

  test.each(calls)('%s works on a new one', async (_name, call, expected) => {
    await commands.forceCloseDatabases();
    expect(await call()).toEqual(expected);
    expect(connections.length).toBe(2);
  });

  test.each(calls)('%s works also when nothing told that it was shut', async (_name, call, expected) => {
    connections[0]?.close();
    expect(await call()).toEqual(expected);
    expect(connections.length).toBe(2);
  });

  test('calls made at once share the new one', async () => {
    connections[0]?.close();
    const results = await Promise.all(calls.map(([, call]) => call()));
    expect(results).toEqual(calls.map(([, , expected]) => expected));
    expect(connections.length).toBe(2);
  });

  test('commits on their way arrive once each, in order', async () => {
    const order: number[] = [];
    let goOn = true;
    let count = 0;
    async function write(): Promise<void> {
      while (goOn) {
        const n = ++count;
        await store.commit([put('last', n), put(`key ${String(n).padStart(9, '0')}`, n)]);
        order.push(n);
      }
    }
    const writing = [write(), write(), write()];
    for (let i = 0; i < 3; i++) await commands.forceCloseDatabases();
    goOn = false;
    await Promise.all(writing);
    const numbers = Array.from({ length: count }, (_, i) => i + 1);
    expect(connections.length).toBeGreaterThan(1);
    expect(order).toEqual(numbers);
    expect(await store.get('last')).toBe(count);
    expect((await store.range({ from: 'key ', to: 'key!' })).map(({ value }) => value)).toEqual(numbers);
  });

  test('a commit lost on the way stays ahead of those called after it', async () => {
    loseNextTransaction((transaction) => transaction.abort());
    await Promise.all([1, 2, 3].map((n) => store.commit([put('last', n)])));
    expect(await store.get('last')).toBe(3);
    expect(connections.length).toBe(2);
  });

  test('a commit whose transaction never ends is told by the connection', async () => {
    loseNextTransaction((transaction) => {
      for (const type of ['complete', 'abort']) {
        transaction.addEventListener(type, (event) => event.stopImmediatePropagation());
      }
      transaction.abort();
      transaction.db.dispatchEvent(new Event('close'));
    });
    await store.commit([put('a', 2)]);
    expect(await store.get('a')).toBe(2);
  });

  test('a connection that is shut again at once fails the call, and the next call starts anew', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError');
    });
    await expect(store.get('a')).rejects.toMatchObject({ name: 'InvalidStateError' });
    expect(transaction).toHaveBeenCalledTimes(2);
    transaction.mockRestore();
    expect(await store.get('a')).toBe(1);
  });

  test('a call after close still rejects', async () => {
    await store.close();
    connections[0]?.dispatchEvent(new Event('close'));
    await expect(store.get('a')).rejects.toThrow('closed');
    expect(connections.length).toBe(1);
  });
});

describe('when another tab', () => {
  test('drops the database, it need not wait; calls reject from then on and make no new one', async () => {
    await deleteLikeAnotherTab();
    await expect(store.get('a')).rejects.toThrow('deleted');
    await expect(store.commit([put('b', 2)])).rejects.toThrow('deleted');
    expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(NAME);
  });

  test('drops the database and makes a new one, calls reject: it is not what they read before', async () => {
    await deleteLikeAnotherTab();
    const other = await provider.open(NAME);
    await expect(store.commit([put('b', 2)])).rejects.toThrow('deleted');
    expect(await other.range(ALL)).toEqual([]);
    await other.close();
  });

  test('upgrades the database, it need not wait; calls reject', async () => {
    (await openLikeAnotherTab(2)).close();
    await expect(store.get('a')).rejects.toMatchObject({ name: 'VersionError' });
  });

  test('holds on to a dropped database, open gives up after 10 s and leaves nothing open', async () => {
    await store.close();
    const rude = await openLikeAnotherTab();
    const dropped = provider.drop(NAME);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const opened = provider.open(NAME);
    const refused = expect(opened).rejects.toThrow('10000 ms');
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    vi.useRealTimers();
    rude.close();
    await dropped;
    await expect.poll(() => connections.length).toBe(3);
    expect(() => connections[2]?.transaction('kv')).toThrow('closing');
    store = await provider.open(NAME);
    expect(await store.get('a')).toBeUndefined();
  });
});

test('when the browser deleted everything and told nobody, calls reject and make no new database', async () => {
  connections[0]?.close();
  await deleteLikeAnotherTab();
  await expect(store.get('a')).rejects.toMatchObject({ name: 'AbortError' });
  await expect(store.commit([put('b', 2)])).rejects.toMatchObject({ name: 'AbortError' });
  expect((await indexedDB.databases()).map(({ name }) => name)).not.toContain(NAME);
});

test.each([
  ['there is no IndexedDB', undefined],
  [
    'IndexedDB is denied',
    {
      open() {
        throw new DOMException('denied', 'SecurityError');
      },
      deleteDatabase() {
        throw new DOMException('denied', 'SecurityError');
      },
    },
  ],
])('when %s, open and drop reject', async (_what, indexedDB) => {
  vi.stubGlobal('indexedDB', indexedDB);
  const outcomes = Promise.allSettled([provider.open(NAME), provider.drop(NAME)]);
  vi.unstubAllGlobals();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a commit the disk has no room for rejects as such and is not repeated', async () => {
  const transaction = loseNextTransaction((real) => {
    Object.defineProperty(real, 'error', { value: new DOMException('full', 'QuotaExceededError') });
    real.abort();
  });
  await expect(store.commit([put('a', 2)])).rejects.toMatchObject({ name: 'QuotaExceededError' });
  expect(transaction).toHaveBeenCalledTimes(1);
  expect(await store.get('a')).toBe(1);
});

/** Does this to the next transaction in place of its commit. */
function loseNextTransaction(lose: (transaction: IDBTransaction) => void): MockInstance {
  const original = IDBDatabase.prototype.transaction;
  return vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementationOnce(function (
    this: IDBDatabase,
    ...parameters
  ) {
    const transaction = original.apply(this, parameters);
    transaction.commit = () => lose(transaction);
    return transaction;
  });
}

function openLikeAnotherTab(version?: number): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(String(request.error)));
  });
}

function deleteLikeAnotherTab(): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(NAME);
    request.onsuccess = () => resolve();
    request.onblocked = () => reject(new Error('blocked'));
    request.onerror = () => reject(new Error(String(request.error)));
  });
}
