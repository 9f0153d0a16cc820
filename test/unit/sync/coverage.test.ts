import { describe, expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { newestHole } from '../../../src/store/conversation-digest.ts';
import { fc } from '../../support/property.ts';
import { chat, openTestStore, PEER } from './harness.ts';
import type { TestStore } from './harness.ts';

const KEY = `r${PEER}`;
const gapsOf = ({ store }: TestStore) => store.reader.conversation(KEY)?.gaps ?? [];

describe('the gaps', () => {
  test('are everything before the first message', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 50 }), chat({ id: 51 })]);
    expect(gapsOf(opened)).toEqual([['1', '49']]);
    expect(newestHole({ gaps: gapsOf(opened), newestId: '60' })).toBeUndefined();
  });

  test('contain the ids that a page skips, until their page comes', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 50 })]);
    await opened.apply([chat({ id: 60 })], { prevMid: '58' });
    expect(gapsOf(opened)).toEqual([
      ['1', '49'],
      ['51', '58'],
    ]);
    expect(newestHole({ gaps: gapsOf(await opened.reopen()), newestId: '60' })).toEqual(['51', '58']);
    await opened.apply([chat({ id: 57 }), chat({ id: 58 })], { history: { before: '59', isBeginning: false } });
    expect(newestHole({ gaps: gapsOf(opened), newestId: '60' })).toEqual(['51', '56']);
    await opened.apply([chat({ id: 40 })], { history: { before: '57', isBeginning: true } });
    expect(gapsOf(opened)).toEqual([]);
  });

  test('contain the ids between the stored messages and a page of the newest history', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 50 })]);
    await opened.apply([chat({ id: 60 }), chat({ id: 61 })], { isHistory: true });
    expect(newestHole({ gaps: gapsOf(opened), newestId: '60' })).toEqual(['51', '59']);
    // The sync brings it.
    await opened.apply([chat({ id: 55 })], { prevMid: '50' });
    await opened.apply([chat({ id: 60 })], { prevMid: '55' });
    expect(gapsOf(opened)).toEqual([['1', '49']]);
  });

  test('are empty when history reached the beginning', async () => {
    const opened = await openTestStore();
    await opened.apply([chat({ id: 50 })]);
    await opened.apply([], { history: { before: '50', isBeginning: true } });
    expect(gapsOf(opened)).toEqual([]);
  });
});

test('in whatever order pages come, every missing message is inside the gaps', async () => {
  const ALL = Array.from({ length: 30 }, (_, at) => 100 + at * 3);
  const page = fc.record({
    from: fc.nat(29),
    size: fc.integer({ min: 1, max: 6 }),
    live: fc.boolean(),
    newest: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(page, { minLength: 1, maxLength: 10 }), async (pages) => {
      const opened = await openTestStore(createMemoryKvProvider());
      // The server's newest, as far as this device could know it.
      let edge = 0;
      for (const { from, size, live, newest } of pages) {
        if (live) {
          const ids = ALL.slice(from, from + size);
          await opened.apply(
            ids.map((id) => chat({ id })),
            { prevMid: String(ALL[from - 1] ?? 0) },
          );
          edge = Math.max(edge, from + ids.length);
        } else {
          const to = newest || from === 0 ? Math.max(edge, from, 1) : from;
          const start = Math.max(0, to - size);
          edge = Math.max(edge, to);
          const before = to === from && from > 0 && !newest ? String(ALL[from]!) : '0';
          await opened.apply(
            ALL.slice(start, to).map((id) => chat({ id })),
            { history: { before, isBeginning: start === 0 } },
          );
        }
        const messages = await opened.store.update(async (tx) => tx.messages.newest(KEY));
        const stored = new Set(messages.map(({ id }) => Number(id)));
        const newestStored = Math.max(...stored);
        const missing = ALL.filter((id) => id < newestStored && !stored.has(id));
        const gaps = gapsOf(opened);
        for (const id of missing)
          expect(gaps.some(([low, high]) => Number(low) <= id && id <= Number(high))).toBe(true);
      }
    }),
    { numRuns: 100 },
  );
}, 20_000);
