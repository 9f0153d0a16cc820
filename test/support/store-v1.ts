import { expect } from 'vitest';
import type { KvStore, KvWrite } from '../../src/platform/ports.ts';
import { openStore } from '../../src/store/store.ts';
import { readable } from './stored-records.ts';
import fixture from '../fixtures/store-v1.json';

const ALL = { from: '', to: '\uffff' };

/** A database as version 1 wrote it (made with its code): 130 messages, a group, an empty conversation, an outbox. */
export async function fillV1(kv: KvStore): Promise<void> {
  await kv.commit(fixture.map(({ key, value }): KvWrite => ({ op: 'put', key, value })));
}

/** Opens what {@link fillV1} filled; everything in it must be of version 3 then. */
export async function expectUpgraded(kv: KvStore): Promise<void> {
  const { reader } = await openStore(kv);
  const records = new Map((await kv.range(ALL)).map(({ key, value }) => [key, value]));
  expect(records.get('x/schema')).toBe(3);
  const stored = new Map([...records].flatMap(([key, value]) => readable(key, value)));
  const added = { listed: true, undelivered: 0, clearedTo: '0', readMarks: [] };
  const gaps: Record<string, unknown> = { r200: [['1', '9223372036854774999']], g300: [['1', '999']], r400: [] };
  for (const { key, value } of fixture) {
    if (key.startsWith('c/')) {
      const expected = { ...(value as object), ...added, gaps: gaps[key.slice(2)] };
      expect(stored.get(key), key).toEqual(expected);
      expect(reader.conversation(key.slice(2)), key).toEqual(expected);
    } else if (key.startsWith('s/')) expect(stored.get(key), key).toEqual(value);
    else if (/^[ug]\//.test(key)) {
      const id = key.slice(2);
      expect(key.startsWith('u') ? reader.user(id) : reader.group(id), key).toEqual(value);
    } else if (!key.startsWith('o/')) expect(records.get(key), key).toEqual(value);
  }
  expect(reader.outbox().map(({ mid, state, createdAt }) => [mid, state, createdAt])).toEqual([
    ['1740800000000000', 'queued', 1700000000777],
    // An operation: from its mid.
    ['1740800000001024', 'queued', 1700000000001],
    ['1740800000002048', 'failed', 1700000000888],
  ]);
  // Each conversation, user and group is in a bucket now, and nowhere else.
  const isAlone = (key: string): boolean => /^[cug]\//.test(key);
  expect([...records.keys()].filter(isAlone)).toEqual([]);
  expect(stored.size).toBe(fixture.length + 1);
}
