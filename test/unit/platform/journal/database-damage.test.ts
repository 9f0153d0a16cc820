/** What damaged files cost: as few records as possible, and it is always noticed. */
import { describe, expect, test } from 'vitest';
import { createJournalKvProvider } from '../../../../src/platform/journal/kv-provider.ts';
import type { KvEntry, KvProvider, KvWrite } from '../../../../src/platform/ports.ts';
import { MemoryDisk } from '../../../support/memory-disk.ts';
import { fc } from '../../../support/property.ts';

const ALL = { from: '', to: '~' };
const put = (key: string, value: unknown): KvWrite => ({ op: 'put', key, value });

const providerOn = (disk: MemoryDisk): KvProvider =>
  createJournalKvProvider(disk.files(), { journal: 1000, block: 2000 });

function copyOf(disk: MemoryDisk): MemoryDisk {
  const copy = new MemoryDisk();
  for (const [path, bytes] of disk.contents) copy.contents.set(path, Buffer.from(bytes));
  return copy;
}

const contentOf = async (disk: MemoryDisk): Promise<KvEntry[]> => (await providerOn(disk).open('db')).range(ALL);

const blocksOf = (disk: MemoryDisk): string[] => [...disk.contents.keys()].filter((path) => /\/\d+$/.test(path));

describe('in the journal', () => {
  async function written(values: readonly unknown[]): Promise<MemoryDisk> {
    const disk = new MemoryDisk();
    const store = await createJournalKvProvider(disk.files()).open('db');
    for (const stored of values) await store.commit([put('last', stored), put(String(stored), stored)]);
    await store.close();
    return disk;
  }

  test('a damaged line in the middle loses its batch only, and is reported until the first commit', async () => {
    const disk = await written([1, 2, 3, 4, 5]);
    const journal = disk.contents.get('db/journal')!;
    journal[journal.indexOf('["p","3",3]') + 2]! ^= 1;
    const left = [1, 2, 4, 5].map((stored) => ({ key: String(stored), value: stored }));
    expect(await contentOf(copyOf(disk))).toEqual([...left, { key: 'last', value: 5 }]);
    const store = await providerOn(disk).open('db');
    expect(store.isDamaged).toBe(true);
    for (const stored of [6, 7]) await store.commit([put('last', stored)]);
    expect(await store.get('last')).toBe(7);
    await store.close();
    expect(await contentOf(disk)).toEqual([...left, { key: 'last', value: 7 }]);
    expect((await providerOn(disk).open('db')).isDamaged).toBe(false);
  });

  test('a damaged first line leaves the batches after it', async () => {
    const disk = await written([1, 2]);
    disk.contents.get('db/journal')![3]! ^= 1;
    expect(await contentOf(copyOf(disk))).toEqual([
      { key: '2', value: 2 },
      { key: 'last', value: 2 },
    ]);
    expect((await providerOn(disk).open('db')).isDamaged).toBe(true);
  });
});

test('a journal that broke off anywhere in its last line is not damaged', async () => {
  const { disk, entries } = await withBlocks();
  const store = await providerOn(disk).open('db');
  await store.commit([put('k12', '["p"],[]]'), { op: 'deleteRange', from: 'x', to: 'y' }]);
  await store.close();
  const bytes = disk.contents.get('db/journal')!;
  for (let end = bytes.lastIndexOf('\n'); end < bytes.length; end++) {
    disk.contents.set('db/journal', bytes.subarray(0, end));
    const cut = await providerOn(copyOf(disk)).open('db');
    expect(cut.isDamaged).toBe(false);
    expect(await cut.range(ALL)).toEqual(entries);
  }
});

/** Thirty records in several blocks; the newest writes are in the journal. */
async function withBlocks(): Promise<{ disk: MemoryDisk; entries: KvEntry[] }> {
  const disk = new MemoryDisk();
  const store = await providerOn(disk).open('db');
  for (let n = 10; n < 40; n++) await store.commit([put(`k${n}`, `${n} 消息 `.repeat(40)), put('last', n)]);
  const entries = await store.range(ALL);
  await store.close();
  expect(blocksOf(disk).length).toBeGreaterThan(2);
  return { disk, entries };
}

describe('in a block', () => {
  test('a damaged byte anywhere costs the record that it is in at most, which reads as null', async () => {
    const { disk, entries } = await withBlocks();
    const path = blocksOf(disk)[1]!;
    const positions = fc.nat(disk.contents.get(path)!.length - 1);
    await fc.assert(
      fc.asyncProperty(positions, fc.integer({ min: 1, max: 255 }), async (at, bits) => {
        const copy = copyOf(disk);
        const bytes = copy.contents.get(path)!;
        const isLineBreak = bytes[at] === 10;
        bytes[at]! ^= bits;
        const store = await providerOn(copy).open('db');
        const found = await store.range(ALL);
        expect(found.map(({ key }) => key)).toEqual(entries.map(({ key }) => key));
        const differing = found.filter(({ value }, index) => value !== entries[index]!.value);
        expect(differing.length).toBeLessThanOrEqual(isLineBreak ? 2 : 1);
        for (const { key, value } of differing) {
          expect(value).toBeNull();
          expect(await store.get(key)).toBeNull();
        }
      }),
    );
  });

  test('a damaged record stays what it is when its block is written again, and a put heals it', async () => {
    const { disk } = await withBlocks();
    const path = blocksOf(disk)[1]!;
    const text = disk.contents.get(path)!.toString();
    const [head] = text.split('\n');
    const [, key] = [...head!.matchAll(/k\d\d/g)].map(([name]) => name) as [string, string];
    disk.contents.set(path, Buffer.from(text.replace(`["${key}","`, `["${key}","x`)));
    const store = await providerOn(disk).open('db');
    expect(await store.get(key)).toBeNull();
    await store.commit([put(`${key}a`, 'x'.repeat(1500))]);
    await store.commit([put('last', 'again')]);
    await store.close();
    expect(disk.contents.has(path)).toBe(false);
    const next = await providerOn(disk).open('db');
    expect(next.isDamaged).toBe(false);
    expect(await next.get(key)).toBeNull();
    await next.commit([put(key, 'healed')]);
    expect(await next.get(key)).toBe('healed');
  });

  test('A3: a block of which nothing can be read is noticed by its readers, and reported by the next run', async () => {
    const { disk, entries } = await withBlocks();
    const path = blocksOf(disk)[1]!;
    const keys = [
      ...disk.contents
        .get(path)!
        .toString()
        .matchAll(/\["(k\d\d)","/g),
    ].map(([, key]) => key!);
    expect(keys.length).toBeGreaterThan(2);
    disk.contents.set(path, Buffer.alloc(500));
    const store = await providerOn(disk).open('db');
    expect(store.isDamaged).toBe(false);
    const found = await store.range(ALL);
    const others = entries.filter(({ key }) => !keys.includes(key));
    expect(found.filter(({ value }) => value !== null)).toEqual(others);
    expect(found.filter(({ value }) => value === null).map(({ key }) => key)).toEqual([keys[0], keys[keys.length - 1]]);
    await store.close();
    const next = await providerOn(disk).open('db');
    expect(next.isDamaged).toBe(true);
    await next.commit([put('last', 'again')]);
    await next.close();
    expect((await providerOn(disk).open('db')).isDamaged).toBe(false);
  });

  test('the loss is reported by the next run also after a new journal', async () => {
    const { disk } = await withBlocks();
    disk.contents.set(blocksOf(disk)[1]!, Buffer.from('nothing'));
    const store = await providerOn(disk).open('db');
    await store.range(ALL);
    for (let n = 0; n < 30; n++) await store.commit([put(`new ${n}`, 'x'.repeat(200))]);
    await store.close();
    expect((await providerOn(disk).open('db')).isDamaged).toBe(true);
  });

  test('a file that is gone is reported at the open, and the rest is there', async () => {
    const { disk, entries } = await withBlocks();
    const path = blocksOf(disk)[1]!;
    const text = disk.contents.get(path)!.toString();
    disk.contents.delete(path);
    const store = await providerOn(disk).open('db');
    expect(store.isDamaged).toBe(true);
    expect(await store.range(ALL)).toEqual(entries.filter(({ key }) => !text.includes(`["${key}","`)));
  });
});

test('a damaged byte anywhere in a journal with blocks is reported, or costs nothing, or is like a last line that broke off', async () => {
  const { disk, entries } = await withBlocks();
  const store = await providerOn(disk).open('db');
  await store.commit([put('last', 'one more')]);
  await store.close();
  const whole = await contentOf(copyOf(disk));
  await fc.assert(
    fc.asyncProperty(fc.nat(disk.contents.get('db/journal')!.length - 1), async (at) => {
      const copy = copyOf(disk);
      copy.contents.get('db/journal')![at]! ^= 1;
      const damaged = await providerOn(copy).open('db');
      if (!damaged.isDamaged) expect([whole, entries]).toContainEqual(await damaged.range(ALL));
    }),
  );
});
