/** Databases from before there were blocks: all keys in the journal, large values in files of their own. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createJournalKvProvider } from '../../../../src/platform/journal/kv-provider.ts';
import type { KvEntry } from '../../../../src/platform/ports.ts';
import { MemoryDisk } from '../../../support/memory-disk.ts';
import type { DiskPlan } from '../../../support/memory-disk.ts';

const ALL = { from: '', to: '~' };
const LIMITS = { journal: 400, block: 400 };

const fixture = JSON.parse(
  readFileSync(new URL('../../../fixtures/journal-with-value-files.json', import.meta.url), 'utf8'),
) as { files: Record<string, string> };

const disk = (): MemoryDisk => {
  const made = new MemoryDisk();
  for (const [name, text] of Object.entries(fixture.files)) made.contents.set(`db/${name}`, Buffer.from(text));
  return made;
};

const segment = (n: number): KvEntry => ({
  key: `s/r${n}/0`,
  value: JSON.stringify([[String(n), '消息 '.repeat(20 + n)]]),
});
const entries: KvEntry[] = [
  { key: 'bytes', value: new Uint8Array([0, 1, 2, 255]) },
  ...[0, 10, 11, 2].map(segment),
  { key: 's/r4/0', value: 'short again' },
  ...[6, 7, 9].map(segment),
  { key: 'text', value: '\0mark 😀' },
  { key: 'x/last', value: 12 },
];
const filesOf = (made: MemoryDisk): string[] => [...made.contents.keys()].map((path) => path.slice(3)).sort();

test('are read as they are, and an open changes none of their files', async () => {
  const made = disk();
  const store = await createJournalKvProvider(made.files(), LIMITS).open('db');
  expect(store.isDamaged).toBe(false);
  expect(await store.range(ALL)).toEqual(entries);
  for (const { key, value } of entries) expect(await store.get(key)).toEqual(value);
  expect(await store.get('s/r3/0')).toBeUndefined();
  await store.close();
  expect(filesOf(made)).toEqual([...Object.keys(fixture.files), 'reserve'].sort());
});

test('get blocks with the next journal', async () => {
  const made = disk();
  const store = await createJournalKvProvider(made.files(), LIMITS).open('db');
  await store.commit([{ op: 'put', key: 'x/last', value: 'x'.repeat(500) }]);
  await store.commit([{ op: 'put', key: 'x/last', value: 12 }]);
  await store.close();
  expect(filesOf(made).filter((name) => name in fixture.files)).toEqual(['journal']);
  expect(made.contents.get('db/journal')!.toString()).not.toContain('["f",');
  const next = await createJournalKvProvider(made.files(), LIMITS).open('db');
  expect(await next.range(ALL)).toEqual(entries);
});

test('keep every record wherever a process ends that makes blocks of them', async () => {
  let calls = Infinity;
  for (let endAt = 1; endAt <= calls; endAt++) {
    for (const done of [0, 0.5, 1]) {
      const made = disk();
      let count = 0;
      const plan: DiskPlan = (_call, nth) => {
        count = nth;
        return nth === endAt ? { error: new Error('planned'), done, isLast: true } : undefined;
      };
      const store = await createJournalKvProvider(made.files(plan), LIMITS)
        .open('db')
        .catch(() => undefined);
      const commit = async (value: unknown): Promise<void> =>
        store?.commit([{ op: 'put', key: 'x/last', value }]).catch(() => undefined);
      await commit('x'.repeat(500));
      await commit(12);
      await store?.close();
      if (count < endAt) calls = count;
      const next = await createJournalKvProvider(made.files(), LIMITS).open('db');
      expect(next.isDamaged).toBe(false);
      const found = await next.range(ALL);
      expect(found.slice(0, -1)).toEqual(entries.slice(0, -1));
    }
  }
  expect(calls).toBeGreaterThan(20);
});
