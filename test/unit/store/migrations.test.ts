import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { migrate } from '../../../src/store/migrations.ts';
import { emptyConversation } from '../../../src/store/schema.ts';
import { newTable } from '../../../src/store/table.ts';
import { openStore } from '../../../src/store/store.ts';
import { expectUpgraded, fillV1 } from '../../support/store-v1.ts';
import { storedMessage } from './stored-message.ts';

const ALL = { from: '', to: '\uffff' };
const put = (key: string, value: unknown): KvWrite => ({ op: 'put', key, value });

/** A store in memory that records its calls and refuses commits from one on. */
async function watched(failAt = Infinity): Promise<{ kv: KvStore; inner: KvStore; calls: string[] }> {
  const inner = await createMemoryKvProvider().open('user');
  const calls: string[] = [];
  let commits = 0;
  const kv: KvStore = {
    get: async (key) => {
      calls.push(`get ${key}`);
      return inner.get(key);
    },
    range: async (range) => {
      calls.push(`range ${range.from}`);
      return inner.range(range);
    },
    commit: async (batch) => {
      if (commits++ >= failAt) throw new Error('the page was closed');
      calls.push(`commit ${batch.length}`);
      await inner.commit(batch);
    },
    close: async () => inner.close(),
  };
  return { kv, inner, calls };
}

describe('a database of version 1', () => {
  test('is brought to version 3: segments, buckets, gaps, times of the outbox', async () => {
    const { kv } = await watched();
    await fillV1(kv);
    await expectUpgraded(kv);
  });

  test('is finished by the next start, wherever the upgrade was interrupted', async () => {
    const whole = await watched();
    await fillV1(whole.kv);
    await migrate(whole.kv);
    const commits = whole.calls.filter((call) => call.startsWith('commit')).length - 1;
    expect(commits).toBe(7);
    for (let failAt = 0; failAt < commits; failAt++) {
      const { kv, inner } = await watched(failAt);
      await fillV1(inner);
      await expect(openStore(kv)).rejects.toMatchObject({ reason: 'DbOperationFailed' });
      expect(await inner.get('x/schema')).toBeUndefined();
      await expectUpgraded(inner);
      expect(await inner.range(ALL)).toEqual(await whole.inner.range(ALL));
    }
  });

  test('is written in batches of a bounded size, whatever it holds', async () => {
    const { kv, inner, calls } = await watched();
    const keys = Array.from({ length: 100 }, (_, at) => `r${at + 1}`);
    await inner.commit(
      keys.flatMap((key) => [put(`c/${key}`, { id: key.slice(1) }), put(`s/${key}/${'0'.repeat(20)}`, [])]),
    );
    await migrate(kv);
    const sizes = calls.filter((call) => call.startsWith('commit')).map((call) => Number(call.split(' ')[1]));
    expect(Math.max(...sizes)).toBeLessThanOrEqual(128);
    // A conversation without a message has no gaps.
    const { reader } = await openStore(inner);
    expect(reader.conversation('r100')).toEqual(emptyConversation('r100'));
  });

  test('is also upgraded when it has only messages to send and no conversation', async () => {
    const { kv } = await watched();
    await kv.commit([put('o/00000000000000102400', { mid: '102400' })]);
    await migrate(kv);
    expect(await kv.get('o/00000000000000102400')).toEqual({ mid: '102400', createdAt: 100, tried: true });
  });
});

describe('a database of version 2', () => {
  const records = Array.from({ length: 9000 }, (_, at) => {
    const key = `${at % 2 ? 'g' : 'r'}${at + 1}2${at % 10}`;
    return [key, { ...emptyConversation(key), unread: at }] as const;
  });
  const users = [['5', { user_id: 5, username: 'five' }]];
  const bucket = (end: string): KvWrite =>
    put(`conversations/${end}`, JSON.stringify(records.filter(([key]) => key.endsWith(end))));
  const fill = async (kv: KvStore): Promise<void> =>
    kv.commit([
      put('x/schema', 2),
      ...Array.from({ length: 10 }, (_, digit) => bucket(`2${digit}`)),
      put('users/5', JSON.stringify(users)),
    ]);

  async function expectSplit(kv: KvStore): Promise<void> {
    const store = await openStore(kv);
    await store.loaded;
    expect(new Map(store.reader.conversations())).toEqual(new Map(records));
    expect(store.reader.users()).toEqual(users);
    expect(await kv.get('x/schema')).toBe(3);
    const sizes = (await kv.range({ from: 'conversations/', to: 'conversations0' })).map(
      ({ value }) => (JSON.parse(value as string) as unknown[]).length,
    );
    expect(sizes.reduce((sum, size) => sum + size)).toBe(records.length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32);
  }

  test('has its big buckets split, and nothing else changed', async () => {
    const { kv } = await watched();
    await fill(kv);
    await expectSplit(kv);
  });

  test('is finished by the next start, wherever that was interrupted', async () => {
    const whole = await watched();
    await fill(whole.kv);
    await migrate(whole.kv);
    const commits = whole.calls.filter((call) => call.startsWith('commit')).length - 1;
    expect(commits).toBe(3);
    for (let failAt = 0; failAt < commits; failAt++) {
      const { kv, inner } = await watched(failAt);
      await fill(inner);
      await expect(openStore(kv)).rejects.toMatchObject({ reason: 'DbOperationFailed' });
      expect(await inner.get('x/schema')).toBe(2);
      await expectSplit(inner);
      await migrate(inner);
    }
  });

  test('keeps a bucket that is damaged, so that the damage is found', async () => {
    const { kv } = await watched();
    await fill(kv);
    await kv.commit([put('conversations/23', JSON.stringify([...records.filter(([key]) => key.endsWith('23')), 7]))]);
    const damaged: string[] = [];
    await (
      await openStore(kv, { onDamaged: (keys) => damaged.push(...keys) })
    ).loaded;
    expect(damaged).toEqual(['conversations/23']);
  });
});

test('a database that is up to date needs two gets', async () => {
  const { kv, calls } = await watched();
  await migrate(kv);
  calls.length = 0;
  await migrate(kv);
  expect(calls).toEqual(['get x/schema', 'get x/device']);
});

test('a database of a newer version is refused and left as it is', async () => {
  const version = 4;
  const { kv, inner } = await watched(1);
  await kv.commit([put('x/schema', version)]);
  await expect(openStore(kv)).rejects.toMatchObject({
    reason: 'DbOperationFailed',
    rawMessage: `the database is of version ${version}, this release reads 3`,
  });
  expect(await inner.range(ALL)).toEqual([{ key: 'x/schema', value: version }]);
});

test.each(['newer', {}, null, 1.5])('a version that is %j is damaged, and is written again', async (version) => {
  const { kv, inner } = await watched();
  await kv.commit([put('x/schema', version)]);
  await openStore(kv);
  expect(await inner.get('x/schema')).toBe(3);
});

describe('the names of the device', () => {
  const earlier = { guid: '7_1', serial: 12 };
  const fresh = { guid: '7_2', serial: 13 };
  const first = { newNames: () => fresh, earlierNames: (isNew: boolean) => (isNew ? undefined : earlier) };
  const row = (mid: string, fields: object = {}) => ({
    ...{ mid, conversation: 'r7', meta: { ns: 1, payload: {} }, after: '0' },
    ...{ state: 'queued', createdAt: 1, ...fields },
  });

  test('are new in a new database, and stay', async () => {
    const { kv } = await watched();
    expect((await openStore(kv, { first })).reader.device()).toEqual(fresh);
    expect((await openStore(kv, { first: { newNames: () => earlier } })).reader.device()).toEqual(fresh);
  });

  test.each(['of version 1', 'of this version'])('are the earlier ones in a database %s', async (which) => {
    const { kv } = await watched();
    if (which === 'of version 1') await fillV1(kv);
    else await migrate(kv);
    expect((await openStore(kv, { first })).reader.device()).toEqual(earlier);
  });

  test.each([null, 5, {}, { guid: '', serial: 1 }, { guid: '7_1' }, { guid: '7_1', serial: 'x' }])(
    'are new where they were damaged (%j): rows that may have left under the old ones are looked for first',
    async (damaged) => {
      const { kv } = await watched();
      await migrate(kv, first);
      const message = storedMessage('3');
      await kv.commit([
        put('x/device', damaged),
        put('o/00000000000000000001', row('1')),
        put('o/00000000000000000002', row('2', { tried: true })),
        put('o/00000000000000000003', row('3', { tried: true, message })),
      ]);
      const { reader } = await openStore(kv, { first });
      expect(reader.device()).toEqual(fresh);
      expect(reader.outbox()).toEqual([
        row('1'),
        row('2', { tried: true, elsewhere: true }),
        row('3', { tried: true, message, elsewhere: true, state: 'unnumbered' }),
      ]);
    },
  );
});

describe('a seed', () => {
  const seed = () =>
    newTable('conversations', new Map([['r7', { ...emptyConversation('r7'), draft: 'from elsewhere' }]]));

  test('is stored in a new database in the batch of the version, and is requested once', async () => {
    const { kv } = await watched();
    expect((await openStore(kv, { first: { seed } })).reader.conversation('r7')?.draft).toBe('from elsewhere');
    await kv.commit([{ op: 'delete', key: 'conversations/r7' }]);
    expect((await openStore(kv, { first: { seed } })).reader.conversations().length).toBe(0);
  });

  test('is not used for a database with conversations', async () => {
    const { kv } = await watched();
    await fillV1(kv);
    expect((await openStore(kv, { first: { seed } })).reader.conversation('r7')).toBeUndefined();
  });
});
