// A failure of the storage of Chromium. Only Chromium can be made to do it: `chrome://indexeddb-internals`.
import { expect, test } from 'vitest';
import { commands } from 'vitest/browser';
import { useStore } from './kv-open-store.ts';

const ALL = { from: '', to: '\uffff' };
const opened = useStore('force-close', [{ op: 'put', key: 'a', value: 1 }]);

const calls: [string, () => Promise<unknown>, unknown][] = [
  ['get', () => opened.store.get('a'), 1],
  ['range', () => opened.store.range(ALL), [{ key: 'a', value: 1 }]],
  ['reverse range', () => opened.store.range({ ...ALL, reverse: true }), [{ key: 'a', value: 1 }]],
  [
    'commit',
    async () => {
      await opened.store.commit([{ op: 'put', key: 'a', value: 1 }]);
      return opened.store.get('a');
    },
    1,
  ],
];

test.each(calls)('%s opens a new connection', async (_name, call, expected) => {
  await commands.forceCloseDatabases();
  expect(await call()).toEqual(expected);
  expect(opened.connections.length).toBe(2);
});

test('pending commits arrive once each, in order', async () => {
  const order: number[] = [];
  let goOn = true;
  let count = 0;
  async function write(): Promise<void> {
    while (goOn) {
      const n = ++count;
      await opened.store.commit([
        { op: 'put', key: 'last', value: n },
        { op: 'put', key: `key ${String(n).padStart(9, '0')}`, value: n },
      ]);
      order.push(n);
    }
  }
  const writing = [write(), write(), write()];
  for (let i = 0; i < 3; i++) await commands.forceCloseDatabases();
  goOn = false;
  await Promise.all(writing);
  const numbers = Array.from({ length: count }, (_, i) => i + 1);
  expect(opened.connections.length).toBeGreaterThan(1);
  expect(order).toEqual(numbers);
  expect(await opened.store.get('last')).toBe(count);
  expect((await opened.store.range({ from: 'key ', to: 'key!' })).map(({ value }) => value)).toEqual(numbers);
});
