import { expect, test } from 'vitest';
import type { KvWrite } from '../../../src/platform/ports.ts';
import { Overlay } from '../../../src/store/overlay.ts';
import { bucketWrites, readBucket, tableWrites } from '../../../src/store/table.ts';

/** The records after these writes, by key. */
const written = (writes: readonly KvWrite[]): Record<string, unknown> =>
  Object.fromEntries(
    writes.flatMap((write) => (write.op === 'put' ? [[write.key, Object.fromEntries(readBucket(write.value))]] : [])),
  );

test('records with the same last two digits share a bucket', () => {
  const writes = bucketWrites('users', [
    ['5', 'five'],
    ['105', 'a'],
    ['205', 'b'],
    ['7', 'seven'],
  ]);
  expect(written(writes)).toEqual({
    'users/5': { 5: 'five' },
    'users/05': { 105: 'a', 205: 'b' },
    'users/7': { 7: 'seven' },
  });
});

test('a change writes its whole bucket and no other', () => {
  const stored = new Map([
    ['105', 'old'],
    ['205', 'kept'],
    ['206', 'elsewhere'],
  ]);
  const changed = new Overlay<string>();
  expect(tableWrites('users', changed, stored)).toEqual([]);
  changed.set('105', 'new');
  expect(written(tableWrites('users', changed, stored))).toEqual({ 'users/05': { 105: 'new', 205: 'kept' } });
  expect(stored.get('105')).toBe('old');
});

test('a change on top of one that is being stored writes the bucket with both changes', () => {
  const stored = new Map([['105', 'stored']]);
  const below = new Overlay<string>();
  below.set('205', 'below');
  below.set('207', 'elsewhere');
  const next = below.child();
  expect(tableWrites('users', next, stored)).toEqual([]);
  next.set('305', 'next');
  const fork = next.fork();
  fork.set('405', 'fork');
  expect(written(tableWrites('users', fork, stored))).toEqual({
    'users/05': { 105: 'stored', 205: 'below', 305: 'next', 405: 'fork' },
  });
});

test.each([[undefined], ['{'], ['{}'], [7], ['null']])('a damaged bucket is empty: %o', (value) => {
  expect(readBucket(value)).toEqual([]);
});
