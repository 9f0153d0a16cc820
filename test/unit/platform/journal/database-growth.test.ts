/** What a database reads, writes and holds does not grow with what it contains. Counted, because times vary. */
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../../src/platform/journal/file-system.ts';
import { createJournalKvProvider } from '../../../../src/platform/journal/kv-provider.ts';
import type { KvStore, KvWrite } from '../../../../src/platform/ports.ts';
import { createDeferred } from '../../../../src/util/deferred.ts';
import { MemoryDisk } from '../../../support/memory-disk.ts';

const LIMITS = { journal: 40_000, block: 8000 };
const VALUE = 1000;

const keyOf = (n: number): string => `k/${String(n).padStart(6, '0')}`;
const put = (n: number, mark = ''): KvWrite => ({ op: 'put', key: keyOf(n), value: mark.padEnd(VALUE, String(n)) });
const isBlock = (path: string): boolean => /\/\d+$/.test(path);

interface Counted {
  readonly files: FileSystem;
  readonly reads: string[];
  readonly writes: string[];
  readBytes: number;
}

function counted(disk: MemoryDisk): Counted {
  const files = disk.files();
  const count: Counted = {
    reads: [],
    writes: [],
    readBytes: 0,
    files: {
      ...files,
      read: async (path) => {
        const text = await files.read(path);
        count.reads.push(path);
        count.readBytes += text?.length ?? 0;
        return text;
      },
      write: async (path, text) => {
        count.writes.push(path);
        return files.write(path, text);
      },
    },
  };
  return count;
}

/** A database of this many records, written in no order. */
async function filled(records: number): Promise<MemoryDisk> {
  const disk = new MemoryDisk();
  const store = await createJournalKvProvider(disk.files(), LIMITS).open('db');
  for (let n = 0; n < records; n += 5)
    await store.commit([0, 1, 2, 3, 4].map((more) => put(((n + more) * 7919) % records)));
  await store.close();
  return disk;
}

async function opened(disk: MemoryDisk): Promise<{ store: KvStore; count: Counted }> {
  const count = counted(disk);
  return { store: await createJournalKvProvider(count.files, LIMITS).open('db'), count };
}

test('an open reads as much for 3,000 records as for 150', async () => {
  const read = [];
  for (const records of [150, 3000]) {
    const { store, count } = await opened(await filled(records));
    expect(count.reads.filter(isBlock)).toEqual([]);
    read.push(count.readBytes);
    expect(await store.range({ from: '', to: '~' })).toHaveLength(records);
  }
  // The list of blocks is one hundredth of them.
  expect(read[1]! - read[0]!).toBeLessThan(LIMITS.journal + 0.02 * 3000 * VALUE);
});

test('what was read is held in part only', async () => {
  const { store, count } = await opened(await filled(3000));
  for (let round = 0; round < 2; round++) for (let n = 0; n < 3000; n++) await store.get(keyOf(n));
  const reads = count.reads.filter(isBlock);
  // Neighbours are in one block. Each block left the cache before the second round.
  expect(reads.length).toBeLessThan((2 * 3000) / 3);
  expect(reads.length).toBe(2 * new Set(reads).size);
});

test('a range with a limit reads no more than a block or two', async () => {
  const { store, count } = await opened(await filled(3000));
  for (const reverse of [false, true]) {
    for (const limit of [1, 3]) {
      const before = count.reads.length;
      const range = { from: keyOf(1000), to: keyOf(2000), reverse, limit };
      const expected = Array.from({ length: limit }, (_, i) => keyOf(reverse ? 1999 - i : 1000 + i));
      expect((await store.range(range)).map(({ key }) => key)).toEqual(expected);
      expect(count.reads.length - before).toBeLessThan(3);
    }
  }
  // The newest records are in memory.
  await store.commit([put(3000, 'new')]);
  const before = count.reads.length;
  expect(await store.range({ from: '', to: '~', reverse: true, limit: 1 })).toMatchObject([{ key: keyOf(3000) }]);
  expect(count.reads.length).toBe(before);
});

describe('a merge', () => {
  test('writes the blocks that changed and no others', async () => {
    const disk = await filled(3000);
    const { store, count } = await opened(disk);
    // A hundred records, in ten places. Forty others may have waited for a merge.
    for (let n = 0; n < 100; n++) await store.commit([put((n % 10) * 300 + Math.floor(n / 10), 'new')]);
    await store.close();
    const written = count.writes.filter(isBlock).length;
    expect(written).toBeGreaterThan(0);
    expect(written).toBeLessThan(40 + 3 * 20);
    expect([...disk.contents.keys()].filter(isBlock).length).toBeGreaterThan(3 * written);
  });

  test('does not happen while the same few records change', async () => {
    const disk = new MemoryDisk();
    const { store, count } = await opened(disk);
    for (let n = 0; n < 400; n++) await store.commit([put((n % 4) * 700, String(n))]);
    await store.close();
    expect(count.writes.filter(isBlock)).toEqual([]);
    // And the journal has not grown.
    expect(count.writes.filter((path) => path.endsWith('new')).length).toBeGreaterThan(5);
  });

  test('leaves few files, and neighbours of deleted records join', async () => {
    const disk = await filled(3000);
    const blocks = (): number => [...disk.contents.keys()].filter(isBlock).length;
    expect(blocks()).toBeLessThan((3000 * VALUE) / (LIMITS.block / 2));
    const { store } = await opened(disk);
    // All but every twentieth, one by one; then enough to merge.
    for (let n = 0; n < 3000; n++) if (n % 20 > 0) await store.commit([{ op: 'delete', key: keyOf(n) }]);
    for (let n = 0; n < 100; n++) await store.commit([put(3000 + n)]);
    await store.close();
    expect(blocks()).toBeLessThan((250 * VALUE) / (LIMITS.block / 4));
  });

  test('lets commits and reads go on', async () => {
    const disk = await filled(1000);
    const files = disk.files();
    const gate = createDeferred();
    const waiting: string[] = [];
    const write: FileSystem['write'] = async (path, text) => {
      if (isBlock(path)) {
        waiting.push(path);
        await gate.promise;
      }
      return files.write(path, text);
    };
    const store = await createJournalKvProvider({ ...files, write }, LIMITS).open('db');
    for (let n = 0; waiting.length === 0; n++) await store.commit([put((n * 37) % 1000, 'new')]);
    await store.commit([put(5, 'meanwhile'), { op: 'deleteRange', from: keyOf(10), to: keyOf(20) }]);
    await store.commit([put(12, 'meanwhile')]);
    const read = async (): Promise<string[]> =>
      (await store.range({ from: keyOf(5), to: keyOf(21) })).map(({ key, value }) => key + String(value).slice(0, 9));
    const expected = await read();
    expect(expected).toContain(`${keyOf(12)}meanwhile`);
    expect(expected.length).toBe(7);
    gate.resolve();
    await store.close();
    const next = await createJournalKvProvider(disk.files(), LIMITS).open('db');
    const found = await next.range({ from: keyOf(5), to: keyOf(21) });
    expect(found.map(({ key, value }) => key + String(value).slice(0, 9))).toEqual(expected);
  });

  test('keeps up with a flood of writes in many places', async () => {
    const disk = new MemoryDisk();
    const store = await createJournalKvProvider(disk.files(), LIMITS).open('db');
    let longest = 0;
    for (let n = 0; n < 6000; n += 20) {
      await store.commit(Array.from({ length: 20 }, (_, more) => put(((n + more) * 7919) % 6007)));
      longest = Math.max(longest, disk.contents.get('db/journal')!.length);
    }
    // The newest writes at their most, what the journal grows by before and in a merge, and the lines of its last step.
    expect(longest).toBeLessThan((3 + 1 + 4 + 4) * LIMITS.journal);
    await store.close();
  });

  test('that is slow makes a flood of writes wait', async () => {
    const disk = new MemoryDisk();
    const files = disk.files();
    const gate = createDeferred();
    const write: FileSystem['write'] = async (path, text) => {
      if (isBlock(path)) await gate.promise;
      return files.write(path, text);
    };
    const store = await createJournalKvProvider({ ...files, write }, LIMITS).open('db');
    let done = 0;
    const commits = Array.from({ length: 400 }, async (_, n) => {
      await store.commit([put(n)]);
      done++;
    });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(done * VALUE).toBeGreaterThan(LIMITS.journal);
    expect(done * VALUE).toBeLessThan(4 * LIMITS.journal);
    gate.resolve();
    await Promise.all(commits);
    expect(await store.range({ from: '', to: '~' })).toHaveLength(400);
    await store.close();
  });
});
