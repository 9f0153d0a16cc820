import { describe, expect, test } from 'vitest';
import { isFlooError } from '../../../src/errors.ts';
import type { FlooError } from '../../../src/errors.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import type { KvProvider, KvRange, KvWrite } from '../../../src/platform/ports.ts';
import { openEnduringKv } from '../../../src/store/enduring-kv.ts';
import type { EnduringKv } from '../../../src/store/enduring-kv.ts';
import type { Removed } from '../../../src/store/make-room.ts';
import { atRandom, createFaultyKvProvider, full, lost, named } from '../../support/faulty-kv.ts';
import type { FaultPlan } from '../../support/faulty-kv.ts';
import { fc } from '../../support/property.ts';
import { kvCalls } from './kv-calls.ts';

const ALL: KvRange = { from: '', to: '\uffff' };
const put = (key: string, value: unknown): KvWrite => ({ op: 'put', key, value });
const never: FaultPlan = () => undefined;

interface Opened {
  kv: EnduringKv;
  /** The provider below the failing one: its data as they are on the disk. */
  disk: KvProvider;
  degraded: FlooError[];
  removed: Removed[];
  /** How often the disk was reported as unreadable. */
  unreadable: number;
  /** The calls that fail from now on. */
  plan: FaultPlan;
}

async function open(plan: FaultPlan, fallback = createMemoryKvProvider()): Promise<Opened> {
  const disk = createMemoryKvProvider();
  const opened: Omit<Opened, 'kv'> = { disk, plan, degraded: [], removed: [], unreadable: 0 };
  const kv = await openEnduringKv(
    createFaultyKvProvider((call, nth) => opened.plan(call, nth), disk),
    'user',
    {
      fallback,
      keepMessages: 1000,
      onDegraded: (error) => opened.degraded.push(error),
      onMakingRoom: async (removal) => opened.removed.push(await removal),
      onUnreadable: () => opened.unreadable++,
    },
  );
  return Object.assign(opened, { kv });
}

const NO_LISTENERS = {
  fallback: createMemoryKvProvider(),
  keepMessages: 1000,
  onDegraded: () => undefined,
  onMakingRoom: async () => undefined,
  onUnreadable: () => undefined,
};

const onDisk = async ({ disk }: Opened): Promise<unknown> => (await disk.open('user')).range(ALL);

describe('a database that cannot be opened', () => {
  test('is replaced by one in memory, and the problem is reported once', async () => {
    const error = lost();
    const { kv, degraded } = await open((call) => (call === 'open' ? error : undefined));
    expect(degraded).toHaveLength(1);
    expect(isFlooError(degraded[0], 'DbOperationFailed')).toBe(true);
    expect(degraded[0]!.cause).toBe(error);
    await kv.commit([put('a', 1)]);
    expect(await kv.get('a')).toBe(1);
    expect(degraded).toHaveLength(1);
  });

  test('gives the same database in memory the next time', async () => {
    const fallback = createMemoryKvProvider();
    const first = await open(() => lost(), fallback);
    await first.kv.commit([put('a', 1)]);
    await first.kv.close();
    expect(await (await open(() => lost(), fallback)).kv.get('a')).toBe(1);
  });
});

describe('a commit that fails', () => {
  test('is kept in memory on top of the disk, with all later commits, in order; it is reported once', async () => {
    const opened = await open((call, nth) => (call === 'commit' && nth > 1 ? lost() : undefined));
    const { kv, degraded } = opened;
    await kv.commit([put('a', 1), put('b', 1), put('d', 1)]);
    await Promise.all([
      kv.commit([put('c', 2), put('a', 2)]),
      kv.commit([put('a', 3), { op: 'delete', key: 'b' }]),
      kv.commit([{ op: 'deleteRange', from: 'c', to: 'z' }, put('e', 4)]),
    ]);
    const seen = [
      { key: 'a', value: 3 },
      { key: 'e', value: 4 },
    ];
    expect(await kv.range(ALL)).toEqual(seen);
    expect(await kv.range({ ...ALL, reverse: true, limit: 1 })).toEqual(seen.slice(1));
    expect(await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => kv.get(key)))).toEqual([
      3,
      undefined,
      undefined,
      undefined,
      4,
    ]);
    expect(degraded.map(({ reason }) => reason)).toEqual(['DbOperationFailed']);
    expect(await onDisk(opened)).toEqual(['a', 'b', 'd'].map((key) => ({ key, value: 1 })));
  });

  test('is tried once more: a fault that passes costs nothing', async () => {
    const opened = await open((call, nth) => (call === 'commit' && nth === 2 ? lost() : undefined));
    for (const n of [1, 2]) await opened.kv.commit([put('a', n)]);
    expect(opened.degraded).toEqual([]);
    expect(await onDisk(opened)).toEqual([{ key: 'a', value: 2 }]);
  });

  test('and whose batch is on the disk all the same counts as stored', async () => {
    const opened = await open(never);
    const { open: openDisk } = opened.disk;
    const disk = await openDisk('user');
    let fails = 2;
    const kv = await openEnduringKv(
      {
        ...opened.disk,
        open: async () => ({
          ...disk,
          commit: async (batch) => {
            await disk.commit(batch);
            if (fails-- > 0) throw lost();
          },
        }),
      },
      'user',
      { ...NO_LISTENERS, onDegraded: (error) => opened.degraded.push(error) },
    );
    await kv.commit([put('o/1', { b: [1] }), { op: 'delete', key: 'c' }]);
    expect(opened.degraded).toEqual([]);
    expect(kv.storedRow('o/1')).toEqual({ b: [1] });
    expect(await onDisk(opened)).toEqual([{ key: 'o/1', value: { b: [1] } }]);
  });

  test('rejects when nobody knows whether the batch is on the disk; later batches are in memory', async () => {
    const opened = await open((call) => (call === 'open' ? undefined : lost()));
    await expect(opened.kv.commit([put('a', 1)])).rejects.toMatchObject({ name: 'UnknownError' });
    expect(opened.degraded).toHaveLength(1);
    opened.kv.forgetDisk();
    await opened.kv.commit([put('b', 2)]);
    expect(await opened.kv.range(ALL)).toEqual([{ key: 'b', value: 2 }]);
  });

  test('is kept in memory when the database was deleted: nothing is on the disk', async () => {
    const opened = await open((call) => (call === 'open' ? undefined : named('NotFoundError')));
    await opened.kv.commit([put('a', 1)]);
    opened.kv.forgetDisk();
    expect(await opened.kv.range(ALL)).toEqual([{ key: 'a', value: 1 }]);
  });

  test('never goes back to the disk, where it would be out of order', async () => {
    const opened = await open((call, nth) => (call === 'commit' && (nth === 2 || nth === 3) ? lost() : undefined));
    for (const n of [1, 2, 3]) await opened.kv.commit([put('a', n)]);
    expect(await opened.kv.get('a')).toBe(3);
    expect(await onDisk(opened)).toEqual([{ key: 'a', value: 1 }]);
  });

  test('because of a value that cannot be stored rejects, and storage goes on', async () => {
    const opened = await open(never);
    await expect(opened.kv.commit([put('a', () => {})])).rejects.toBeInstanceOf(TypeError);
    opened.plan = (call) => (call === 'commit' ? named('DataCloneError') : undefined);
    await expect(opened.kv.commit([put('a', 1)])).rejects.toMatchObject({ name: 'DataCloneError' });
    opened.plan = never;
    await opened.kv.commit([put('a', 2)]);
    expect(opened.degraded).toEqual([]);
    expect(await onDisk(opened)).toEqual([{ key: 'a', value: 2 }]);
  });

  test('rejects while the store closes, because memory would be lost at once', async () => {
    const { kv, degraded } = await open((call) => (call === 'commit' ? lost() : undefined));
    const refused = expect(kv.commit([put('a', 1)])).rejects.toMatchObject({ name: 'UnknownError' });
    await kv.close();
    await refused;
    await expect(kv.commit([put('a', 1)])).rejects.toThrow('closed');
    expect(degraded).toEqual([]);
  });
});

describe('a read that fails', () => {
  test('is tried once more: a fault that passes costs nothing', async () => {
    const opened = await open(never);
    await opened.kv.commit([put('a', 1)]);
    opened.plan = (call, nth) => (call === 'read' && nth === 1 ? lost() : undefined);
    expect(await opened.kv.get('a')).toBe(1);
    expect(opened.degraded).toEqual([]);
  });

  test('rejects, and is reported once; later writes are in memory', async () => {
    const opened = await open((call) => (call === 'read' ? lost() : undefined));
    const { kv, degraded } = opened;
    await kv.commit([put('a', 1)]);
    await expect(kv.get('a')).rejects.toThrow('UnknownError');
    await expect(kv.range(ALL)).rejects.toThrow('UnknownError');
    await kv.commit([put('b', 2)]);
    expect(await kv.get('b')).toBe(2);
    expect([degraded.length, opened.unreadable]).toEqual([1, 1]);
    expect(await onDisk(opened)).toEqual([{ key: 'a', value: 1 }]);
  });

  test('means that the disk counts as empty once what is missing is noted', async () => {
    const opened = await open((call) => (call === 'read' ? lost() : undefined));
    const { kv } = opened;
    await kv.commit([put('a', 1)]);
    await expect(kv.get('a')).rejects.toThrow('UnknownError');
    kv.forgetDisk();
    await kv.commit([put('b', 2)]);
    opened.plan = never;
    expect(await kv.range(ALL)).toEqual([{ key: 'b', value: 2 }]);
  });
});

describe('on a full disk', () => {
  test('without anything to remove, the database goes on in memory', async () => {
    const opened = await open((call) => (call === 'commit' ? full() : undefined));
    await opened.kv.commit([put('a', 1)]);
    expect(await opened.kv.get('a')).toBe(1);
    expect(opened.degraded.map(({ cause }) => (cause as Error).name)).toEqual(['QuotaExceededError']);
    expect(opened.removed.flatMap((removed) => [...removed])).toEqual([]);
  });
});

test('a refused batch whose puts are on the disk already is not stored while its deletes are not', async () => {
  const opened = await open((call, nth) => (call === 'commit' && nth > 1 ? lost() : undefined));
  await opened.kv.commit([put('a', 1), put('b', 2)]);
  await opened.kv.commit([put('a', 1), { op: 'delete', key: 'b' }]);
  expect(await opened.kv.get('b')).toBeUndefined();
  expect(opened.degraded.length).toBe(1);
});

test('reads give the same as a store that never fails, whatever fails', async () => {
  const { key, write, range } = kvCalls;
  const step = fc.record({ batches: fc.array(fc.array(write, { maxLength: 4 }), { maxLength: 3 }), range, key });
  await fc.assert(
    fc.asyncProperty(fc.array(step), fc.nat(), async (steps, seed) => {
      const model = await createMemoryKvProvider().open('model');
      const fails = atRandom(seed, 0.15);
      // Reads reject while the disk cannot be read, so only commits fail here.
      const { kv, degraded } = await open((call, nth) => (call === 'commit' ? fails(call, nth) : undefined));
      for (const { batches, range, key } of steps) {
        await Promise.all(batches.flatMap((batch) => [kv.commit(batch), model.commit(batch)]));
        expect(await kv.range(range)).toEqual(await model.range(range));
        expect(await kv.get(key)).toEqual(await model.get(key));
      }
      expect(await kv.range(ALL)).toEqual(await model.range(ALL));
      expect(degraded.length).toBeLessThan(2);
    }),
  );
});
