import { expect, test } from 'vitest';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { OverlaidReader } from '../../../src/store/overlaid-reader.ts';
import { Overlay } from '../../../src/store/overlay.ts';
import { fc } from '../../support/property.ts';
import { kvCalls } from './kv-calls.ts';

const { key, write, range } = kvCalls;

test('a read gives the same as a database that took the changes', async () => {
  const writes = fc.array(write, { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(writes, writes, writes, key, range, async (stored, below, above, at, wanted) => {
      const provider = createMemoryKvProvider();
      const [kv, model] = await Promise.all([provider.open('user'), provider.open('model')]);
      await Promise.all([kv.commit(stored), model.commit([...stored, ...below, ...above])]);
      const parent = new Overlay<unknown>();
      parent.apply(below);
      const overlay = parent.child();
      overlay.apply(above);
      const reader = new OverlaidReader(kv, overlay);
      expect(await reader.get(at)).toEqual(await model.get(at));
      expect(await reader.range(wanted)).toEqual(await model.range(wanted));
    }),
  );
});

test('a read sees the changes as they were when it was called', async () => {
  const kv = await createMemoryKvProvider().open('user');
  await kv.commit([{ op: 'put', key: 'a', value: 1 }]);
  const overlay = new Overlay<unknown>();
  overlay.set('b', 2);
  const reading = new OverlaidReader(kv, overlay).range({ from: 'a', to: 'z' });
  overlay.set('b', 3);
  overlay.deleteRange('a', 'b');
  expect((await reading).map(({ value }) => value)).toEqual([1, 2]);
});

test('values of the overlay are copied where that is asked for', async () => {
  const kv = await createMemoryKvProvider().open('user');
  const overlay = new Overlay<unknown>();
  const value = { n: 1 };
  overlay.set('a', value);
  const copying = new OverlaidReader(kv, overlay, (each) => structuredClone(each));
  for (const read of [await copying.get('a'), (await copying.range({ from: 'a', to: 'b' }))[0]!.value]) {
    expect(read).toEqual(value);
    expect(read).not.toBe(value);
  }
  expect(await new OverlaidReader(kv, overlay).get('a')).toBe(value);
});
