import { describe, expect, test } from 'vitest';
import { createJournalKvProvider } from '../../../../src/platform/journal/kv-provider.ts';
import type { FileSystem } from '../../../../src/platform/journal/file-system.ts';
import type { KvEntry, KvProvider, KvStore, KvWrite } from '../../../../src/platform/ports.ts';
import { MemoryDisk } from '../../../support/memory-disk.ts';
import type { DiskPlan } from '../../../support/memory-disk.ts';
import { fc } from '../../../support/property.ts';

type Batch = readonly KvWrite[];
type State = ReadonlyMap<string, unknown>;

const ALL = { from: '', to: '~' };
/** Small, so that a few batches make new journals and blocks. */
const HELD = { journal: 300, block: 200 };

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const value = fc.oneof(
  fc.nat(9),
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.integer({ min: 100, max: 500 }).map((length) => '长'.repeat(length)),
  fc.uint8Array({ maxLength: 40 }),
);
const batch: fc.Arbitrary<KvWrite[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant('put' as const), key, value }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('delete' as const), key }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('deleteRange' as const), from: key, to: key }) },
  ),
  { maxLength: 4 },
);
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
const broken = new Error('planned');

/** The model: an ordered map. */
function applied(state: State, writes: Batch): State {
  const next = new Map(state);
  for (const write of writes) {
    if (write.op === 'put') next.set(write.key, write.value);
    else if (write.op === 'delete') next.delete(write.key);
    else for (const each of [...next.keys()]) if (write.from <= each && each < write.to) next.delete(each);
  }
  return next;
}

const entriesOf = (state: State): KvEntry[] =>
  [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, stored]) => ({ key: name, value: stored }));

/** Identifies a batch. */
const numbered = (batches: readonly Batch[], run: number): Batch[] =>
  batches.map((writes, i) => [...writes, { op: 'put', key: 'number', value: `${run}.${i}` }]);

const put = (name: string, stored: unknown): KvWrite => ({ op: 'put', key: name, value: stored });

const providerOn = (disk: MemoryDisk, plan?: DiskPlan): KvProvider => createJournalKvProvider(disk.files(plan), HELD);

async function contentOf(disk: MemoryDisk): Promise<KvEntry[]> {
  const copy = new MemoryDisk();
  for (const [path, bytes] of disk.contents) copy.contents.set(path, bytes);
  const store = await providerOn(copy).open('db');
  return store.range(ALL);
}

async function outcomes(store: KvStore, batches: readonly Batch[], together: boolean): Promise<boolean[]> {
  if (together) {
    const settled = await Promise.allSettled(batches.map(async (writes) => store.commit(writes)));
    return settled.map(({ status }) => status === 'fulfilled');
  }
  const done: boolean[] = [];
  for (const writes of batches) {
    const resolved = await store.commit(writes).then(
      () => true,
      () => false,
    );
    done.push(resolved);
  }
  return done;
}

describe('a process that ends anywhere', () => {
  const run = fc.record({
    batches: fc.array(batch, { maxLength: 8 }),
    together: fc.boolean(),
    endAt: fc.integer({ min: 1, max: 60 }),
    done: share,
  });

  test('leaves every committed batch, in order, and no part of another batch', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(run, { minLength: 1, maxLength: 4 }), async (runs) => {
        const disk = new MemoryDisk();
        let state: State = new Map();
        for (const [index, { batches, together, endAt, done }] of runs.entries()) {
          let isOver = false;
          const plan: DiskPlan = (_call, nth) =>
            isOver || nth === endAt ? { error: broken, done, isLast: true } : undefined;
          const all = numbered(batches, index);
          const store = await providerOn(disk, plan)
            .open('db')
            .catch(() => undefined);
          const resolved = store ? await outcomes(store, all, together) : [];
          // Blocks may still be in the making.
          isOver = true;
          const count = resolved.filter(Boolean).length;
          // None after one that failed: the process is gone.
          expect(resolved.indexOf(false) + 1 || count + 1).toBe(count + 1);

          const found = await contentOf(disk);
          // The one that was under way may have happened.
          const states = [0, 1].map((more) => (store ? all.slice(0, count + more) : []).reduce(applied, state));
          state = new Map(found.map(({ key: name, value: stored }) => [name, stored]));
          expect(states.map(entriesOf)).toContainEqual(found);
        }
      }),
    );
  }, 60_000);

  test('leaves a database that it was removing whole or empty', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { maxLength: 8 }),
        fc.integer({ min: 1, max: 4 }),
        share,
        async (all, at, done) => {
          const disk = new MemoryDisk();
          const store = await providerOn(disk).open('db');
          await outcomes(store, all, false);
          await store.close();
          const before = await contentOf(disk);
          const plan: DiskPlan = (_call, nth) => (nth === at ? { error: broken, done, isLast: true } : undefined);
          await providerOn(disk, plan)
            .drop('db')
            .catch(() => undefined);
          expect([before, []]).toContainEqual(await contentOf(disk));
        },
      ),
    );
  });
});

describe('a disk that fails now and then', () => {
  test('has every batch whose commit resolved and none whose commit rejected, now and in the next run', async () => {
    const faults = fc.array(fc.option(share, { freq: 2 }), { minLength: 1, maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(fc.array(batch, { maxLength: 12 }), faults, fc.boolean(), async (batches, plan, together) => {
        const disk = new MemoryDisk();
        let failing = false;
        const provider = providerOn(disk, (call, nth) => {
          const done = plan[nth % plan.length];
          return failing && call !== 'read' && typeof done === 'number' ? { error: broken, done } : undefined;
        });
        const store = await provider.open('db');
        failing = true;
        const all = numbered(batches, 0);
        const resolved = await outcomes(store, all, together);
        const expected = entriesOf(all.filter((_, i) => resolved[i]).reduce(applied, new Map()));
        expect(await store.range(ALL)).toEqual(expected);
        await store.close();
        failing = false;
        expect(await (await provider.open('db')).range(ALL)).toEqual(expected);
        expect(await contentOf(disk)).toEqual(expected);
      }),
    );
  });

  test('that cannot be read after a failure ends the database, and the next run finds it unchanged', async () => {
    const disk = new MemoryDisk();
    let failing = false;
    const provider = providerOn(disk, (call) => {
      if (failing) return { error: broken, done: call === 'append' ? 1 : 0 };
      return undefined;
    });
    const store = await provider.open('db');
    await store.commit([put('a', 1)]);
    failing = true;
    await expect(store.commit([put('a', 2)])).rejects.toBe(broken);
    failing = false;
    await expect(store.get('a')).rejects.toBe(broken);
    await expect(store.commit([put('a', 3)])).rejects.toBe(broken);
    await store.close();
    expect(await (await provider.open('db')).get('a')).toBe(2);
  });
});

describe('the directory', () => {
  test('does not grow with overwritten values, and holds no leftover files', async () => {
    const disk = new MemoryDisk();
    const provider = createJournalKvProvider(disk.files(), { journal: 10_000, block: 5000 });
    const store = await provider.open('db');
    const sizes: number[] = [];
    for (let n = 0; n < 400; n++) {
      await store.commit(['a', 'b', 'c', 'd'].map((name) => put(name, `${n} ${name.repeat(3000)}`)));
      sizes.push(disk.bytes);
    }
    // Old and new blocks; the journal and a new one, each with the most that waits for a merge; what was written since; the reserve.
    expect(Math.max(...sizes)).toBeLessThan(2 * 12_000 + 2 * (2 * 10_000 + 12_000) + 12_000 + 10_000);
    await store.close();
    disk.contents.set('db/17000', Buffer.from('left'));
    disk.contents.set('db/journal.new', Buffer.from('left'));
    const before = await contentOf(disk);
    const again = await provider.open('db');
    expect(await again.range(ALL)).toEqual(before);
    expect([...disk.contents.keys()].filter((path) => /17000|new/.test(path))).toEqual([]);
  });
});

describe('readers', () => {
  test('see whole batches while others commit and remove', async () => {
    const files = new MemoryDisk().files();
    const read: FileSystem['read'] = async (path) => {
      await new Promise((resolve) => setTimeout(resolve));
      return files.read(path);
    };
    const store = await createJournalKvProvider({ ...files, read }, HELD).open('db');
    const names = ['a', 'b', 'c', 'd'];
    await store.commit(names.map((name) => put(name, 'first')));
    const seen: Promise<KvEntry[]>[] = [];
    for (let n = 0; n < 60; n++) {
      const text = `${n} ${'x'.repeat(n % 3 === 0 ? 400 : 20)}`;
      // Before, in and after the bytes behind the last commit.
      if (n % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      const committed = store.commit(names.map((name) => put(name, text)));
      for (let i = 0; i < n % 7; i++) {
        seen.push(store.range(ALL));
        await Promise.resolve();
      }
      await committed;
    }
    const reads = await Promise.all(seen);
    expect(reads.length).toBeGreaterThan(100);
    for (const entries of reads) {
      expect(entries.map(({ key: name }) => name)).toEqual(names);
      expect(new Set(entries.map(({ value: stored }) => stored)).size).toBe(1);
    }
  });
});

describe.each([
  ['each record has a block', HELD],
  ['a block has some records', { journal: 20_000, block: 20_000 }],
])('a full disk where %s', (_, limits) => {
  const CAPACITY = 400_000;
  const nameOf = (n: number): string => `m/${String(n).padStart(6, '0')}`;
  const message = (n: number): KvWrite => put(nameOf(n), 'x'.repeat(2000));

  async function filled(): Promise<{ disk: MemoryDisk; store: KvStore; count: number; tidied(): Promise<void> }> {
    const disk = new MemoryDisk();
    const provider = createJournalKvProvider(disk.files(undefined, CAPACITY), limits);
    const store = await provider.open('db');
    const tidied = async (): Promise<void> => (await provider.open('db')).close();
    for (let count = 0; ; count++) {
      const error = await store.commit([message(count)]).then(
        () => undefined,
        (failure: unknown) => failure as Error,
      );
      if (!error) continue;
      expect(error.name).toBe('QuotaExceededError');
      return { disk, store, count, tidied };
    }
  }

  test('refuses a batch and keeps the others', async () => {
    const { disk, store, count } = await filled();
    expect(count).toBeGreaterThan(100);
    expect(await store.get(nameOf(count))).toBeUndefined();
    expect(await store.range(ALL)).toHaveLength(count);
    expect(await contentOf(disk)).toHaveLength(count);
  });

  test('takes a batch that only deletes although no byte is free, and then new batches', async () => {
    const { disk, store, count } = await filled();
    disk.contents.set('other', Buffer.alloc(CAPACITY - disk.bytes));
    await store.commit([{ op: 'deleteRange', from: 'm/', to: nameOf(50) }]);
    expect(await store.range(ALL)).toHaveLength(count - 50);
    await store.commit([message(count)]);
    const left = await store.range(ALL);
    expect(left).toHaveLength(count - 49);
    expect(await contentOf(disk)).toEqual(left);
  });

  test('takes another such batch when it is full again', async () => {
    const { disk, store, count, tidied } = await filled();
    for (let round = 0; round < 5; round++) {
      const others = disk.contents.get('other')?.length ?? 0;
      disk.contents.set('other', Buffer.alloc(CAPACITY - disk.bytes + others));
      await store.commit([{ op: 'deleteRange', from: nameOf(round * 10), to: nameOf(round * 10 + 10) }]);
      await tidied();
    }
    expect(await contentOf(disk)).toHaveLength(count - 50);
  });
});
