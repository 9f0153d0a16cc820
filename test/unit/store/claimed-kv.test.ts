/** Who is the writer of a database: whoever opened it last. */
import { expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { createClaimedKvProvider } from '../../../src/store/claimed-kv.ts';

test('who opened last is the writer', async () => {
  const provider = createMemoryKvProvider();
  const [first, second] = [createClaimedKvProvider(provider, 'first'), createClaimedKvProvider(provider, 'second')];
  await first.open('data');
  expect(await first.isWriter()).toBe(true);
  await second.open('data');
  expect([await first.isWriter(), await second.isWriter()]).toEqual([false, true]);
});

test('without a database, or with one that cannot be read, nobody else is the writer', async () => {
  const provider = createMemoryKvProvider();
  const open = { fails: true };
  const claimed = createClaimedKvProvider(
    {
      drop: async (name) => provider.drop(name),
      open: async (name) => {
        if (open.fails) throw new Error('denied');
        const kv = await provider.open(name);
        return { ...kv, get: async (key) => (open.fails ? Promise.reject(new Error('gone')) : kv.get(key)) };
      },
    },
    'only',
  );
  await expect(claimed.open('data')).rejects.toThrow('denied');
  expect(await claimed.isWriter()).toBe(true);
  open.fails = false;
  await claimed.open('data');
  open.fails = true;
  expect(await claimed.isWriter()).toBe(true);
});
