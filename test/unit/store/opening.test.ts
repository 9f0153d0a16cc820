import { describe, expect, test } from 'vitest';
import type { KvStore } from '../../../src/platform/ports.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import type { StoreTransaction } from '../../../src/store/transaction.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import type { Deferred } from '../../../src/util/deferred.ts';
import { fc } from '../../support/property.ts';
import { filled, idOf } from './big-store.ts';
import { storedMessage } from './stored-message.ts';

const COUNT = 8000;
const NEWEST = `r${idOf(COUNT - 1)}`;
const OLDEST = `r${idOf(0)}`;

/** A big database that was open before: it names what is read first. */
async function openedBefore(): Promise<KvStore> {
  const { kv } = await filled(COUNT);
  const store = await openStore(kv);
  await store.update((tx) => tx.updateConversation(NEWEST, { unread: 3 }));
  return kv;
}

/** The same database; what is read after the first step waits until the test lets it go on or fail. */
function held(kv: KvStore): { kv: KvStore; gate: Deferred } {
  const gate = createDeferred();
  gate.promise.catch(() => undefined);
  const isTable = (from: string): boolean => /^(conversations|users|groups)\//.test(from);
  const range: KvStore['range'] = async (wanted) => {
    if (isTable(wanted.from)) await gate.promise;
    return kv.range(wanted);
  };
  return { kv: { ...kv, range }, gate };
}

const all = ({ reader }: Store): unknown => [new Map(reader.conversations()), new Map(reader.users())];

describe('a big store', () => {
  test('opens with the newest conversations and the details of their users; the others follow', async () => {
    const database = await openedBefore();
    const { kv, gate } = held(database);
    const store = await openStore(kv);
    expect(store.isLoaded).toBe(false);
    const { reader } = store;
    for (let n = COUNT - 100; n < COUNT; n++) {
      expect(reader.conversation(`r${idOf(n)}`)?.timestamp).toBe(String(n));
      expect(reader.user(idOf(n))?.username).toBe(`user ${idOf(n)}`);
    }
    expect(reader.conversation(OLDEST)).toBeUndefined();
    expect(reader.conversations().length).toBeLessThan(COUNT / 2);
    gate.resolve();
    await store.loaded;
    expect(store.isLoaded).toBe(true);
    expect(reader.conversations()).toHaveLength(COUNT);
    await database.commit([{ op: 'delete', key: 'x/newest' }]);
    const atOnce = await openStore(database);
    expect(atOnce.isLoaded).toBe(true);
    expect(all(store)).toEqual(all(atOnce));
  });

  test('shows a change at once, and stores it over what is there', async () => {
    const database = await openedBefore();
    const { kv, gate } = held(database);
    const store = await openStore(kv);
    const { stored } = store.change({ run: (tx) => tx.updateConversation(OLDEST, { draft: 'typed', listed: true }) });
    expect(store.reader.conversation(OLDEST)).toMatchObject({ draft: 'typed', newestId: '0' });
    const seen = store.update((tx) => {
      tx.updateConversation(`r${idOf(1)}`, { unread: 7 });
      return tx.conversation(OLDEST);
    });
    gate.resolve();
    await store.loaded;
    // Also before it is stored.
    const whole = { draft: 'typed', newestId: '5', content: 'what was written last' };
    expect(store.reader.conversation(OLDEST)).toMatchObject(whole);
    await stored;
    expect(await seen).toMatchObject(whole);
    const { reader } = await openStore(database);
    expect(reader.conversations().length).toBeGreaterThan(0);
    const reopened = await openStore(database);
    await reopened.loaded;
    expect(reopened.reader.conversations()).toHaveLength(COUNT);
    expect(reopened.reader.conversation(OLDEST)).toMatchObject(whole);
    expect(reopened.reader.conversation(`r${idOf(1)}`)).toMatchObject({ unread: 7, newestId: '5' });
  });

  test('repairs and reports a bucket that is damaged, in either step, when it knows the others', async () => {
    const database = await openedBefore();
    const names = (await database.get('x/newest')) as string[];
    const first = names.find((key) => key.startsWith('conversations/'))!;
    const others = await database.range({ from: 'conversations/', to: 'conversations0' });
    const later = others.find(({ key, value }) => !names.includes(key) && String(value).includes(`"${OLDEST}"`))!.key;
    await database.commit([
      { op: 'put', key: first, value: '{' },
      { op: 'put', key: later, value: '[5]' },
    ]);
    const damaged: string[] = [];
    const store = await openStore(database, { onDamaged: (keys) => damaged.push(...keys) });
    expect(damaged).toEqual([]);
    await store.loaded;
    expect(damaged.sort()).toEqual([first, later].sort());
    // Its messages are still there.
    expect(store.reader.conversation(OLDEST)).toMatchObject({ newestId: '5', gaps: [['1', '5']] });
    const again: string[] = [];
    await (
      await openStore(database, { onDamaged: (keys) => again.push(...keys) })
    ).loaded;
    expect(again).toEqual([]);
  });

  test.each([
    [['conversations/none', 'elsewhere/05', 'users/', 7]],
    [['conversations/none', 'elsewhere/05']],
    [[]],
    [{}],
    [7],
  ])('reads everything, whatever the hint says: %j', async (hint) => {
    const database = await openedBefore();
    await database.commit([{ op: 'put', key: 'x/newest', value: hint }]);
    const store = await openStore(database);
    await store.loaded;
    expect(store.reader.conversations()).toHaveLength(COUNT);
  });

  test('keeps what it stores when the rest cannot be read: a task fails, and nothing is overwritten', async () => {
    const database = await openedBefore();
    const { kv, gate } = held(database);
    const store = await openStore(kv);
    const { stored } = store.change({ run: (tx) => tx.updateConversation(OLDEST, { draft: 'typed' }) });
    gate.reject(new Error('the disk is gone'));
    await expect(stored).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    await expect(store.update(() => undefined)).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    expect(store.reader.conversation(OLDEST)).toBeUndefined();
    await store.close();
    const next = await openStore(database);
    await next.loaded;
    expect(next.reader.conversation(OLDEST)).toMatchObject({ newestId: '5', draft: '' });
  });

  test('goes on with what it has when the database is lost for this run', async () => {
    const { kv, gate } = held(await openedBefore());
    const store = await openStore(kv, { isLost: () => true });
    gate.reject(new Error('the disk is gone'));
    await store.update((tx) => tx.updateConversation(OLDEST, { draft: 'typed' }));
    expect(store.isLoaded).toBe(true);
    expect(store.reader.conversation(OLDEST)?.draft).toBe('typed');
  });

  test('closes without reading the rest when nothing waits for it', async () => {
    const { kv, gate } = held(await openedBefore());
    const store = await openStore(kv);
    const closed = store.close();
    gate.resolve();
    await closed;
    expect(store.reader.conversations().length).toBeLessThan(COUNT / 2);
  });

  test('stores a change that waits before it closes', async () => {
    const database = await openedBefore();
    const { kv, gate } = held(database);
    const store = await openStore(kv);
    const { stored } = store.change({ run: (tx) => tx.updateConversation(OLDEST, { draft: 'typed' }) });
    const closed = store.close();
    gate.resolve();
    await Promise.all([stored, closed]);
    const next = await openStore(database);
    await next.loaded;
    expect(next.reader.conversation(OLDEST)).toMatchObject({ newestId: '5', draft: 'typed' });
  });

  test('names the newest buckets again when others are the newest, in one of some batches and at the end', async () => {
    const database = await openedBefore();
    const before = await database.get('x/newest');
    const store = await openStore(database);
    await store.loaded;
    await store.update(() => undefined);
    await store.update((tx) => tx.updateConversation(OLDEST, { timestamp: String(COUNT) }));
    expect(await database.get('x/newest')).toEqual(before);
    await store.close();
    const { kv } = held(database);
    expect((await openStore(kv)).reader.conversation(OLDEST)?.timestamp).toBe(String(COUNT));
  });
});

const step = fc.record({
  key: fc.integer({ min: 0, max: 59 }).map((n) => `r${idOf(n)}`),
  // A new one, too.
  other: fc.constantFrom(`r${idOf(7)}`, 'g77', 'r5'),
  call: fc.constantFrom('draft', 'message', 'user', 'turn'),
});

test('whatever is changed while the rest is read, the store is as one that knew everything', async () => {
  const [buckets, run] = [
    fc.uniqueArray(fc.integer({ min: 0, max: 59 }), { maxLength: 20 }),
    fc.array(step, { maxLength: 12 }),
  ];
  await fc.assert(
    fc.asyncProperty(buckets, run, fc.nat(12), async (first, steps, readAt) => {
      const states: unknown[] = [];
      for (const isInTwoSteps of [true, false]) {
        const { kv: database } = await filled(60);
        const names = first.map((n) => `conversations/${idOf(n).slice(-2)}`);
        if (isInTwoSteps) await database.commit([{ op: 'put', key: 'x/newest', value: names }]);
        const { kv, gate } = held(database);
        if (!isInTwoSteps) gate.resolve();
        const store = await openStore(kv);
        expect(store.isLoaded).toBe(!isInTwoSteps);
        const stored: Promise<unknown>[] = [];
        for (const [at, { key, other, call }] of steps.entries()) {
          if (at === readAt) gate.resolve();
          if (call === 'turn') await new Promise((resolve) => setTimeout(resolve));
          else if (call === 'user')
            stored.push(store.update((tx) => tx.putUsers([{ user_id: Number(other.slice(1)), alias: `${at}` }])));
          else if (call === 'draft') {
            const run = (tx: StoreTransaction): boolean =>
              tx.updateConversation(key, {
                draft: `${at} after ${tx.conversation(other)?.draft}`,
                touchedAt: tx.newestActivity + 1,
              });
            stored.push(store.change({ run }).stored);
            expect(store.reader.conversation(key)?.draft).toContain(`${at} after`);
          } else
            stored.push(
              store.update(async (tx) => {
                await tx.messages.put(key, [storedMessage(10 + at)]);
                tx.updateConversation(key, {
                  newestId: String(10 + at),
                  unread: (tx.conversation(key)?.unread ?? 0) + 1,
                });
              }),
            );
        }
        gate.resolve();
        await Promise.all([store.loaded, ...stored]);
        const reopened = await openStore(database);
        await reopened.loaded;
        expect(all(reopened)).toEqual(all(store));
        states.push(all(store));
      }
      expect(states[0]).toEqual(states[1]);
    }),
    { numRuns: 60 },
  );
});

test('a small store has no hint and opens in one step', async () => {
  const { kv, written } = await filled(900);
  const store = await openStore(kv);
  expect(store.isLoaded).toBe(true);
  expect(store.reader.conversations()).toHaveLength(900);
  await store.update((tx) => tx.updateConversation(OLDEST, { unread: 1 }));
  await store.close();
  expect(written.some((write) => 'key' in write && write.key === 'x/newest')).toBe(false);
});
