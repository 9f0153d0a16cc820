import { describe, expect, test } from 'vitest';
import { importDeployed } from '../../../src/account/import-deployed.ts';
import { createMemoryPreferences } from '../../../src/platform/memory/index.ts';
import { DeployedStorage } from '../../../src/session/deployed-storage.ts';
import { emptyConversation } from '../../../src/store/schema.ts';
import { deployedRecords, putAll } from '../../support/deployed-storage.ts';
import { readable } from '../../support/stored-records.ts';
import { fc } from '../../support/property.ts';

/** The records that are imported for user 7 of `app`, by key. */
function imported(records: Record<string, string>, appId = 'app'): Record<string, unknown> {
  const preferences = createMemoryPreferences();
  putAll(preferences, records);
  const writes = importDeployed(new DeployedStorage(preferences, appId), '7');
  return Object.fromEntries(writes.flatMap((write) => (write.op === 'put' ? readable(write.key, write.value) : [])));
}
const of = (name: string, value: string): Record<string, unknown> =>
  imported({ key_app_id: 'app', [`7_key_${name}`]: value });
const recent = (...items: unknown[]): Record<string, unknown> => of('recent_store', JSON.stringify({ data: items }));

describe('the data of the deployed SDK', () => {
  test('becomes conversations with drafts, friends and groups', () => {
    expect(imported(deployedRecords('7', 'token', 'app'))).toEqual({
      'c/g300': {
        ...emptyConversation('g300'),
        ...{ content: 'see you', ext: '{"a":1}', timestamp: '1700000000900', hasAt: true },
      },
      'c/r200': {
        ...emptyConversation('r200'),
        ...{ content: 'image', timestamp: '1700000000800', draft: 'half a sen', draftTimestamp: 1700000000950 },
      },
      'c/r202': emptyConversation('r202'),
      'l/friends': ['200', '201'],
      'l/groups': ['300'],
    });
  });

  test('imports nothing when it is missing or belongs to another app', () => {
    expect(imported(deployedRecords('7', 'token', 'other'))).toEqual({});
    expect(imported(deployedRecords('8', 'token', 'app'))).toEqual({});
    expect(imported({})).toEqual({});
  });

  test('is also read without the wrapping, and with times as halves of a Long', () => {
    expect(of('roster_lists', '[1,"2",1]')).toEqual({ 'l/friends': ['1', '2'] });
    expect(recent({ type: 'roster', id: 1, timestamp: { low: -1, high: 395, unsigned: true } })['c/r1']).toMatchObject({
      timestamp: String(395 * 2 ** 32 + 2 ** 32 - 1),
    });
  });

  test('the first of two entries of a conversation counts; a user and a group with the same number are two conversations', () => {
    const all = recent(
      { type: 'roster', id: 1, content: 'new' },
      { type: 'roster', id: '1', content: 'old' },
      { type: 'group', id: 1 },
    );
    expect(Object.keys(all)).toEqual(['c/r1', 'c/g1']);
    expect(all['c/r1']).toMatchObject({ content: 'new' });
  });
});

describe('unreadable data', () => {
  test.each(['', 'null', 'undefined', '{"data":', '"text"', '7', 'true', '{"data":{"length":3}}', '{"data":null}'])(
    'a list that is %s is ignored',
    (value) => {
      for (const name of ['recent_store', 'roster_lists', 'group_lists']) expect(of(name, value)).toEqual({});
    },
  );

  test('loses only the bad item', () => {
    const bad = [null, 7, 'x', [], {}, { type: 'roster' }, { type: 'channel', id: 1 }, { type: 'roster', id: -1 }];
    const odd = {
      type: 'roster',
      id: 1,
      content: 5,
      ext: { a: 1 },
      timestamp: 'soon',
      hasAt: 1,
      draft: {},
      draftTimestamp: {},
    };
    expect(recent(...bad, odd, { type: 'group', id: 2, content: 'good' })).toEqual({
      'c/r1': emptyConversation('r1'),
      'c/g2': { ...emptyConversation('g2'), content: 'good' },
    });
    expect(of('roster_lists', '{"data":[1,null,-2,1.5,"x",{"low":1,"high":0},3]}')).toEqual({
      'l/friends': ['1', '3'],
    });
  });

  test('changes no prototype', () => {
    of('recent_store', '{"__proto__":{"polluted":1},"data":[{"__proto__":{"polluted":1},"type":"roster","id":1}]}');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(recent({ type: 'roster', id: '__proto__' }, { type: '__proto__', id: 1 })).toEqual({});
  });

  test('never throws, and leaves only records of the right shape', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.array(fc.anything()).map((data) => JSON.stringify({ data })),
        ),
        (text) => {
          for (const record of Object.values(of('recent_store', text)))
            expect(Object.keys(record as object).sort()).toEqual(Object.keys(emptyConversation('r1')).sort());
          for (const ids of Object.values(of('group_lists', text)))
            for (const id of ids as string[]) expect(id).toMatch(/^\d+$/);
        },
      ),
    );
  });
});
