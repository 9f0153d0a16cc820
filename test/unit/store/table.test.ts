import { expect, test } from 'vitest';
import type { RosterItem } from '../../../src/model/user.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { Overlay } from '../../../src/store/overlay.ts';
import { TableIndex } from '../../../src/store/table-index.ts';
import { newTable, readBucket, tableRange, tableWrites } from '../../../src/store/table.ts';
import { createWorkingSet } from '../../../src/store/working-set.ts';
import type { WorkingSet } from '../../../src/store/working-set.ts';
import { WriteBehind } from '../../../src/store/write-behind.ts';
import type { When } from '../../../src/store/write-behind.ts';
import { NO_CHANGES } from './no-changes.ts';
import { fc } from '../../support/property.ts';

/** The records in each bucket that these writes put, by key; undefined for a deleted one. */
function written(writes: readonly KvWrite[]): Record<string, Record<string, unknown> | undefined> {
  const buckets: Record<string, Record<string, unknown> | undefined> = {};
  for (const write of writes)
    if (write.op !== 'deleteRange')
      buckets[write.key] = write.op === 'put' ? Object.fromEntries(readBucket(write.value)) : undefined;
  return buckets;
}

const records = (...keys: string[]): Map<string, string> => new Map(keys.map((key) => [key, `of ${key}`]));

/** An index of records that are stored. */
function indexOf(stored: ReadonlyMap<string, unknown>): TableIndex {
  const index = new TableIndex();
  index.apply(index.changes(stored.keys()));
  return index;
}

const numbers = (count: number, step: number): string[] =>
  Array.from({ length: count }, (_, at) => String((at + 1) * step));

test('records with the same last two digits share a bucket', () => {
  expect(written(newTable('users', records('5', '105', '205', '7')))).toEqual({
    'users/5': { 5: 'of 5' },
    'users/05': { 105: 'of 105', 205: 'of 205' },
    'users/7': { 7: 'of 7' },
  });
});

test('a change writes its whole bucket and no other', () => {
  const stored = records('105', '205', '206');
  const index = indexOf(stored);
  const changed = new Overlay<string>();
  expect(tableWrites('users', changed, stored, index)).toEqual([]);
  changed.set('105', 'new');
  expect(written(tableWrites('users', changed, stored, index))).toEqual({
    'users/05': { 105: 'new', 205: 'of 205' },
  });
  expect(stored.get('105')).toBe('of 105');
});

test('a bucket with more than 32 records is split in the batch that would write it', () => {
  const stored = records(...numbers(32, 100));
  const changed = new Overlay<string>();
  changed.set('100', 'new');
  expect(Object.keys(written(tableWrites('users', changed, stored, indexOf(stored))))).toEqual(['users/00']);
  changed.set('3300', 'one more');
  const writes = written(tableWrites('users', changed, stored, indexOf(stored)));
  expect(Object.keys(writes).sort()).toEqual(
    ['users/00', ...Array.from({ length: 10 }, (_, at) => `users/${at}00`)].sort(),
  );
  expect(writes['users/00']).toBeUndefined();
  expect(writes['users/100']).toEqual({ 100: 'new', 1100: 'of 1100', 2100: 'of 2100', 3100: 'of 3100' });
  expect(writes['users/300']).toMatchObject({ 3300: 'one more' });
});

test.each([
  ['that end in many zeros', numbers(40, 1_000_000)],
  ['of users and groups alike', numbers(20, 100).flatMap((id) => [`r${id}`, `g${id}`])],
  ['of which one is the end of the others', ['00', ...numbers(40, 100)]],
])('ids %s find room in buckets with longer names', (_, keys) => {
  const buckets = written(newTable('users', records(...keys)));
  expect(
    Object.values(buckets)
      .flatMap((bucket) => Object.keys(bucket ?? {}))
      .sort(),
  ).toEqual([...keys].sort());
  for (const [key, bucket] of Object.entries(buckets)) {
    expect(Object.keys(bucket!).length).toBeLessThanOrEqual(32);
    for (const record of Object.keys(bucket!)) expect(record.endsWith(key.slice('users/'.length))).toBe(true);
  }
});

test('a bucket of an older release is read whatever its size, and split when one of its records changes', () => {
  const stored = records(...numbers(1000, 100));
  const index = new TableIndex();
  index.add('00', [...stored.keys()]);
  const changed = new Overlay<string>();
  changed.set('100', 'new');
  const writes = written(tableWrites('users', changed, stored, index));
  expect(Object.values(writes).flatMap((bucket) => Object.keys(bucket ?? {}))).toHaveLength(1000);
  expect('users/00' in writes && writes['users/00']).toBeUndefined();
});

/** What the database has, read as at a start. */
async function reopened(kv: KvStore): Promise<WorkingSet> {
  const working = createWorkingSet();
  for (const { key, value } of await kv.range(tableRange('users')))
    working.load('users', key.slice('users/'.length), readBucket<RosterItem>(value));
  return working;
}

/** Keys that meet in few buckets: the longer ones end like the shorter ones. */
const userId = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.constantFrom('7', '07', '00', '1111'))
  .map(([n, end]) => `${n}${end}`);

const step = fc.oneof(
  fc.record({
    put: fc.uniqueArray(userId, { minLength: 1, maxLength: 60 }),
    when: fc.constantFrom<When>('now', 'later', 'ahead'),
    isRefused: fc.boolean(),
  }),
  fc.constant('the run ends' as const),
);

test.each([[undefined], [null], ['{'], ['{}'], [7], ['null']])('a damaged bucket is empty: %o', (value) => {
  expect(readBucket(value)).toEqual([]);
});

test('any records, put in any order, are the same in the next run, wherever the run before ended', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
      const kv = await createMemoryKvProvider().open('user');
      let [working, behind] = [createWorkingSet(), new WriteBehind(kv)];
      /** What the database has, and what waits. */
      let [stored, waiting] = [new Map<string, RosterItem>(), new Map<string, RosterItem>()];
      let waitingBuckets: unknown[] = [];
      for (const [at, each] of steps.entries()) {
        if (each === 'the run ends') {
          [working, behind, waiting] = [await reopened(kv), new WriteBehind(kv), new Map()];
          waitingBuckets = [];
          expect(new Map([...working.users].sort())).toEqual(new Map([...stored].sort()));
          continue;
        }
        const changed = new Overlay<RosterItem>();
        for (const id of each.put) changed.set(id, { user_id: Number(id), username: `${at}` });
        const writes = tableWrites('users', changed, working.users, working.indexes.users);
        if (each.isRefused) continue;
        await behind.commit(writes, each.when);
        working.apply({ ...NO_CHANGES, users: changed.changes() });
        const made = new Map(each.put.map((id) => [id, working.users.get(id)!]));
        const buckets = writes.map((write) => 'key' in write && write.key);
        if (each.when === 'later') {
          waiting = new Map([...waiting, ...made]);
          waitingBuckets.push(...buckets);
        } else {
          // It takes along what waits when it has one of its buckets.
          const isAll = each.when === 'now' || buckets.some((key) => waitingBuckets.includes(key));
          stored = new Map([...stored, ...(isAll ? waiting : []), ...made]);
          if (isAll) [waiting, waitingBuckets] = [new Map(), []];
        }
        expect(new Map([...working.users].sort())).toEqual(new Map([...stored, ...waiting].sort()));
      }
    }),
    { numRuns: 300 },
  );
});
