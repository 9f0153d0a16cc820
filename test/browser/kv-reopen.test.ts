import { afterEach, describe, expect, test, vi } from 'vitest';
import type { MockInstance } from 'vitest';
import { createIndexedDbKvProvider } from '../../src/platform/browser/kv-store.ts';
import type { KvWrite } from '../../src/platform/ports.ts';
import { useStore } from './kv-open-store.ts';

const NAME = 'reopen';
const ALL = { from: '', to: '\uffff' };
const provider = createIndexedDbKvProvider();
const put = (key: string, value: unknown): KvWrite => ({ op: 'put', key, value });

const opened = useStore(NAME, [put('a', 1)]);

afterEach(() => vi.useRealTimers());

describe('when the browser has closed the connection', () => {
  const calls: [string, () => Promise<unknown>, unknown][] = [
    ['get', () => opened.store.get('a'), 1],
    ['range', () => opened.store.range(ALL), [{ key: 'a', value: 1 }]],
    ['reverse range', () => opened.store.range({ ...ALL, reverse: true }), [{ key: 'a', value: 1 }]],
    ['commit', () => opened.store.commit([put('a', 1)]).then(() => opened.store.get('a')), 1],
  ];

  test.each(calls)('%s opens a new one, also without an event', async (_name, call, expected) => {
    opened.connections[0]?.close();
    expect(await call()).toEqual(expected);
    expect(opened.connections.length).toBe(2);
  });

  test('calls made at the same time share the new one', async () => {
    opened.connections[0]?.close();
    const results = await Promise.all(calls.map(([, call]) => call()));
    expect(results).toEqual(calls.map(([, , expected]) => expected));
    expect(opened.connections.length).toBe(2);
  });

  test('a commit lost on the way stays ahead of those called after it', async () => {
    loseNextTransaction((transaction) => transaction.abort());
    await Promise.all([1, 2, 3].map((n) => opened.store.commit([put('last', n)])));
    expect(await opened.store.get('last')).toBe(3);
    expect(opened.connections.length).toBe(2);
  });

  test('a commit whose transaction gets no event ends with the connection', async () => {
    loseNextTransaction((transaction) => {
      for (const type of ['complete', 'abort']) {
        transaction.addEventListener(type, (event) => event.stopImmediatePropagation());
      }
      transaction.abort();
      transaction.db.dispatchEvent(new Event('close'));
    });
    await opened.store.commit([put('a', 2)]);
    expect(await opened.store.get('a')).toBe(2);
  });

  test('a connection that is closed again at once fails the call, and the next call opens another', async () => {
    const transaction = vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(() => {
      throw new DOMException('The database connection is closing.', 'InvalidStateError');
    });
    await expect(opened.store.get('a')).rejects.toMatchObject({ name: 'InvalidStateError' });
    expect(transaction).toHaveBeenCalledTimes(2);
    transaction.mockRestore();
    expect(await opened.store.get('a')).toBe(1);
  });

  test('a call after close still rejects', async () => {
    await opened.store.close();
    opened.connections[0]?.dispatchEvent(new Event('close'));
    await expect(opened.store.get('a')).rejects.toThrow('closed');
    expect(opened.connections.length).toBe(1);
  });
});

describe('when another tab', () => {
  test('drops the database, it does not have to wait; calls reject from then on and make no new one', async () => {
    await deleteLikeAnotherTab();
    await expect(opened.store.get('a')).rejects.toThrow('deleted');
    await expect(opened.store.commit([put('b', 2)])).rejects.toThrow('deleted');
    expect(await storedDatabases()).not.toContain(NAME);
  });

  test('drops the database and makes a new one, calls reject, because it is not the one they read before', async () => {
    await deleteLikeAnotherTab();
    const other = await provider.open(NAME);
    await expect(opened.store.commit([put('b', 2)])).rejects.toThrow('deleted');
    expect(await other.range(ALL)).toEqual([]);
    await other.close();
  });

  test('upgrades the database, it does not have to wait; calls reject', async () => {
    (await openLikeAnotherTab(2)).close();
    await expect(opened.store.get('a')).rejects.toMatchObject({ name: 'VersionError' });
  });

  test('holds on to a dropped database, open gives up after 10 s and leaves nothing open', async () => {
    await opened.store.close();
    const rude = await openLikeAnotherTab();
    const dropped = provider.drop(NAME);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const opening = provider.open(NAME);
    const refused = expect(opening).rejects.toThrow('10000 ms');
    await vi.advanceTimersByTimeAsync(10_000);
    await refused;
    vi.useRealTimers();
    rude.close();
    await dropped;
    await expect.poll(() => opened.connections.length).toBe(3);
    expect(() => opened.connections[2]?.transaction('kv')).toThrow(/clos(ing|ed)/);
    opened.store = await provider.open(NAME);
    expect(await opened.store.get('a')).toBeUndefined();
  });
});

test('when the browser deleted everything without an event, calls reject and make no new database', async () => {
  opened.connections[0]?.close();
  await deleteLikeAnotherTab();
  await expect(opened.store.get('a')).rejects.toMatchObject({ name: 'AbortError' });
  await expect(opened.store.commit([put('b', 2)])).rejects.toMatchObject({ name: 'NotFoundError' });
  expect(await storedDatabases()).not.toContain(NAME);
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

test('a commit that the disk has no room for rejects as a full disk and is not repeated', async () => {
  const transaction = loseNextTransaction((real) => {
    Object.defineProperty(real, 'error', { value: new DOMException('full', 'QuotaExceededError') });
    real.abort();
  });
  await expect(opened.store.commit([put('a', 2)])).rejects.toMatchObject({ name: 'QuotaExceededError' });
  expect(transaction).toHaveBeenCalledTimes(1);
  expect(await opened.store.get('a')).toBe(1);
});

/** WebKit also lists databases of version 0, whose first upgrade was aborted: they do not exist. */
async function storedDatabases(): Promise<(string | undefined)[]> {
  const databases = await indexedDB.databases();
  return databases.filter(({ version }) => version !== 0).map(({ name }) => name);
}

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
