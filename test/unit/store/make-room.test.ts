import { expect, test } from 'vitest';
import type { FlooError } from '../../../src/errors.ts';
import { createJournalKvProvider } from '../../../src/platform/journal/kv-provider.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider, KvStore } from '../../../src/platform/ports.ts';
import { openEnduringKv } from '../../../src/store/enduring-kv.ts';
import { makeRoom } from '../../../src/store/make-room.ts';
import { prefixRange } from '../../../src/store/schema.ts';
import { unpackItems } from '../../../src/store/segment-record.ts';
import { openStore } from '../../../src/store/store.ts';
import type { Store } from '../../../src/store/store.ts';
import { createFaultyKvProvider, full } from '../../support/faulty-kv.ts';
import type { FaultPlan } from '../../support/faulty-kv.ts';
import { MemoryDisk } from '../../support/memory-disk.ts';
import { storedMessage as message } from './stored-message.ts';

const numbers = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at);

/** Stores messages 1 to `count`, a page at a time. */
async function fill(store: Store, key: string, count: number): Promise<void> {
  for (let from = 1; from <= count; from += 100) {
    const to = Math.min(count, from + 99);
    await store.update(async (tx) => {
      await tx.messages.put(
        key,
        numbers(from, to).map((id) => message(id)),
      );
      tx.updateConversation(key, { newestId: String(to) });
    });
  }
}

async function stored(kv: KvStore, key: string, fromTheFirst = true): Promise<string[]> {
  const entries = await kv.range(prefixRange(`s/${key}/`));
  expect(entries[0]?.key.endsWith('/' + '0'.repeat(20))).toBe(fromTheFirst);
  return entries.flatMap(({ value }) => unpackItems(value).map(({ id }) => id));
}

/** A store as an account opens it, on a disk that fails as planned. */
async function openOn(
  disk: KvProvider,
  plan: FaultPlan,
  keepMessages = 1000,
): Promise<{ store: Store; kv: KvStore; degraded: FlooError[] }> {
  const degraded: FlooError[] = [];
  let store: Store | undefined = undefined;
  const kv = await openEnduringKv(createFaultyKvProvider(plan, disk), 'user', {
    fallback: createMemoryKvProvider(),
    keepMessages,
    onDegraded: (error) => degraded.push(error),
    onMakingRoom: async (removal) => store?.noteRemoval(removal),
    onUnreadable: () => undefined,
  });
  store = await openStore(kv);
  return { store, kv, degraded };
}

test('the newest messages of each conversation stay in whole segments, and its record holds the gap', async () => {
  const kv = await createMemoryKvProvider().open('user');
  const store = await openStore(kv);
  await fill(store, 'r200', 1000);
  await fill(store, 'g300', 300);
  await fill(store, 'r201', 100);
  await store.update((tx) => tx.messages.put('r200', [{ id: '7', removed: true }]));
  const removed = await makeRoom(kv, 250);
  expect([...removed]).toEqual([['r200', '700']]);
  // The stub of a removed message stays, so that the message does not return.
  expect(await stored(kv, 'r200')).toEqual(['7', ...numbers(701, 1000).map(String)]);
  expect(await stored(kv, 'g300')).toEqual(numbers(1, 300).map(String));
  const reopened = await openStore(kv);
  expect(reopened.reader.conversation('r200')).toMatchObject({ newestId: '1000', gaps: [['1', '700']] });
  expect(reopened.reader.conversation('g300')).toMatchObject({ gaps: [] });
  expect(await makeRoom(kv, 250)).toEqual(new Map());
  expect([...(await makeRoom(kv, 100))].sort()).toEqual([
    ['g300', '200'],
    ['r200', '900'],
  ]);

  // A message that comes again is stored in its place.
  const again = await openStore(kv);
  await again.update((tx) =>
    tx.messages.put(
      'r200',
      numbers(500, 502).map((id) => message(id)),
    ),
  );
  expect((await stored(kv, 'r200')).slice(0, 6)).toEqual(['7', '500', '501', '502', '901', '902']);
});

test('a full disk loses only the oldest messages', async () => {
  const disk = createMemoryKvProvider();
  const filled = await openOn(disk, () => undefined);
  await fill(filled.store, 'r200', 2000);
  await filled.store.close();

  // Full until something was deleted.
  let first = true;
  const { store, degraded } = await openOn(disk, (call) => {
    if (call !== 'commit' || !first) return undefined;
    first = false;
    return full();
  });
  await store.update(async (tx) => {
    await tx.messages.put('r200', [message(2001)]);
    tx.updateConversation('r200', { newestId: '2001', unread: 1 });
  });
  await store.update(() => undefined);
  expect(degraded).toEqual([]);
  const record = { newestId: '2001', unread: 1, gaps: [['1', '1000']] };
  expect(store.reader.conversation('r200')).toMatchObject(record);
  await store.close();

  const reopened = await openOn(disk, () => undefined);
  expect(reopened.store.reader.conversation('r200')).toMatchObject(record);
  expect(await stored(reopened.kv, 'r200')).toEqual(numbers(1001, 2001).map(String));
});

test('when the option leaves nothing to remove, all but 100 messages are removed', async () => {
  const disk = createMemoryKvProvider();
  let fails = false;
  const { store, kv, degraded } = await openOn(disk, () => {
    const error = fails ? full() : undefined;
    fails = false;
    return error;
  });
  await fill(store, 'r200', 600);
  fails = true;
  await store.update((tx) => tx.addFriend('200'));
  await store.update(() => undefined);
  expect(degraded).toEqual([]);
  expect(await stored(kv, 'r200')).toEqual(numbers(501, 600).map(String));
  expect(store.reader.conversation('r200')).toMatchObject({ gaps: [['1', '500']] });
});

test('when the disk stays full, everything is in memory and the disk stays as it was', async () => {
  const disk = createMemoryKvProvider();
  let fails = false;
  const { store, kv, degraded } = await openOn(disk, (call) => (fails && call === 'commit' ? full() : undefined));
  await fill(store, 'r200', 600);
  fails = true;
  await store.update((tx) => tx.messages.put('r200', [message(601)]));
  expect(degraded).toHaveLength(1);
  expect(await stored(kv, 'r200')).toEqual(numbers(1, 601).map(String));
  const real = await openOn(disk, () => undefined);
  expect(await stored(real.kv, 'r200')).toEqual(numbers(1, 600).map(String));
});

/** Like Chromium: a full disk refuses every batch with a put, until a batch that only deletes made room. */
function createFullDisk(inner: KvProvider, endAfterDelete = false): KvProvider {
  let state: 'full' | 'free' | 'gone' = 'full';
  return {
    ...inner,
    open: async (name) => {
      const kv = await inner.open(name);
      return {
        get: async (key) => kv.get(key),
        range: async (range) => kv.range(range),
        close: async () => kv.close(),
        commit: async (batch) => {
          if (state !== 'free' && batch.some(({ op }) => op === 'put')) throw full();
          await kv.commit(batch);
          if (state === 'full') state = endAfterDelete ? 'gone' : 'free';
        },
      };
    },
  };
}

test.each([
  ['on the same run', false],
  ['after a run that ended in the middle', true],
])('a disk that takes only deletes is freed, and the removed messages are recorded as a gap %s', async (_, isEnded) => {
  const disk = createMemoryKvProvider();
  const filled = await openOn(disk, () => undefined);
  await fill(filled.store, 'r200', 2000);
  await fill(filled.store, 'r300', 50);
  await filled.store.close();
  const { store, degraded } = await openOn(createFullDisk(disk, isEnded), () => undefined);
  await store.update((tx) => tx.addFriend('200'));
  expect(degraded.length).toBe(isEnded ? 1 : 0);
  await store.update(() => undefined);
  const reopened = await openOn(disk, () => undefined);
  const [oldest, ...newer] = (await stored(reopened.kv, 'r200', !isEnded)).map(Number);
  // A run that cannot write on tries once more, with as little as possible.
  expect(oldest).toBe(isEnded ? 1901 : 1001);
  expect(newer).toEqual(numbers(oldest! + 1, 2000));
  const record = { newestId: '2000', gaps: [['1', String(oldest! - 1)]] };
  expect(store.reader.conversation('r200')).toMatchObject(record);
  expect(reopened.store.reader.conversation('r200')).toMatchObject(record);
  expect(await stored(reopened.kv, 'r300')).toEqual(numbers(1, 50).map(String));
});

test('when files cannot grow any more, the oldest messages are removed again and again, and no new one is lost', async () => {
  const disk = new MemoryDisk();
  const files = createJournalKvProvider(disk.files(undefined, 250_000), { journal: 20_000, block: 10_000 });
  const { store, kv, degraded } = await openOn(files, () => undefined);
  const most = 8000;
  await fill(store, 'r200', most);
  await store.update(() => undefined);
  expect(degraded).toEqual([]);
  const kept = await stored(kv, 'r200');
  expect(kept.length).toBeLessThan(most / 2);
  expect(kept).toEqual(numbers(most - kept.length + 1, most).map(String));
  expect(kept.length).toBeGreaterThanOrEqual(1000);
  const record = { newestId: String(most), gaps: [['1', String(most - kept.length)]] };
  expect(store.reader.conversation('r200')).toMatchObject(record);
  await store.close();
  const reopened = await openOn(createJournalKvProvider(disk.files()), () => undefined);
  expect(reopened.store.reader.conversation('r200')).toMatchObject(record);
  expect(await stored(reopened.kv, 'r200')).toEqual(kept);
});
