import { describe, expect, test } from 'vitest';
import { Directory } from '../../../src/directory/directory.ts';
import { FlooError } from '../../../src/errors.ts';
import type { Endpoint, RestParams } from '../../../src/http/endpoints.ts';
import type { RestAnswer } from '../../../src/http/envelope.ts';
import type { RestClient } from '../../../src/http/rest-client.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { openStore } from '../../../src/store/store.ts';

/** A REST server with these lists in pages, and details for any id. */
async function create({ friends = [['1', '2']] as unknown[][], groups = [['50']] as unknown[][] } = {}) {
  const calls: string[] = [];
  const heard: string[] = [];
  const state = { failing: '', unknown: new Set<string>(), cursor: '' };
  const pageOf = (pages: unknown[][], cursor: unknown): RestAnswer<unknown> => {
    if (state.cursor !== '') return { data: pages[0], cursor: state.cursor };
    const at = Number(cursor ?? 0);
    const next = at + 1 < pages.length ? { cursor: String(at + 1) } : {};
    return { data: pages[at], ...next };
  };
  const answer = (endpoint: Endpoint, params: RestParams): RestAnswer<unknown> => {
    const { method, path } = endpoint;
    const { cursor, list, group_list } = params as { cursor?: string; list?: string[]; group_list?: string[] };
    const ids = list ?? group_list;
    calls.push(`${method} ${path}${ids ? ` of ${ids.length}` : cursor === undefined ? '' : ` from ${cursor}`}`);
    if (state.failing === path) throw new FlooError('ServerTimeOut');
    const known = ids?.filter((id) => !state.unknown.has(id));
    if (list) return { data: known!.map((id) => ({ user_id: Number(id), username: `user ${id}` })) };
    if (group_list) return { data: known!.map((id) => ({ group_id: Number(id), name: `group ${id}`, owner: 7 })) };
    return pageOf(path.startsWith('/roster') ? friends : groups, cursor);
  };
  const rest: RestClient = {
    call: async <T>(endpoint: Endpoint, params: RestParams = {}) => answer(endpoint, params) as RestAnswer<T>,
  };
  const store = await openStore(await createMemoryKvProvider().open('user'));
  const listener = {
    onFriends: () => heard.push('friends'),
    onGroups: () => heard.push('groups'),
    onUsers: (ids: readonly string[]) => heard.push(`users ${ids.join()}`),
  };
  return { directory: new Directory({ rest, store, self: '100', listener }), store, calls, heard, state };
}

describe('the friends', () => {
  test('are replaced by the whole list of the server, page by page, and emitted once they have names', async () => {
    const { directory, store, calls, heard } = await create({ friends: [[1, '2'], [{ user_id: 3 }], []] });
    await store.update((tx) => tx.setFriends(['9', '1']));
    expect(await directory.refreshFriends()).toEqual(['1', '2', '3']);
    expect(store.reader.friends()).toEqual(['1', '2', '3']);
    expect(calls).toEqual([
      'GET /roster/list',
      'GET /roster/list from 1',
      'GET /roster/list from 2',
      'POST /roster/list of 4',
    ]);
    expect(store.reader.users().map(([id]) => id)).toEqual(['1', '2', '3', '100']);
    expect(heard).toEqual(['users 1,2,3,100', 'friends']);
  });

  test('whose names are known are not asked for again', async () => {
    const { directory, calls } = await create();
    await directory.refreshFriends();
    calls.length = 0;
    await directory.refreshFriends();
    expect(calls).toEqual(['GET /roster/list']);
  });

  test('are complete when the server repeats the same cursor', async () => {
    const { directory, calls, state } = await create();
    state.cursor = 'again';
    expect(await directory.refreshFriends()).toEqual(['1', '2', '1', '2']);
    expect(calls.filter((call) => call.startsWith('GET'))).toEqual(['GET /roster/list', 'GET /roster/list from again']);
  });

  test('stay as they are when the list cannot be fetched', async () => {
    const { directory, store, heard, state } = await create();
    await store.update((tx) => tx.setFriends(['9']));
    state.failing = '/roster/list';
    await expect(directory.refreshFriends()).rejects.toMatchObject({ reason: 'ServerTimeOut' });
    expect(store.reader.friends()).toEqual(['9']);
    expect(heard).toEqual([]);
  });
});

describe('the groups', () => {
  test('are replaced by the whole list of the server and emitted once they have names', async () => {
    const { directory, store, calls, heard } = await create({ groups: [['50', '51'], ['52']] });
    await store.update((tx) => tx.setGroups(['59']));
    expect(await directory.refreshGroups()).toEqual(['50', '51', '52']);
    expect(store.reader.joinedGroups()).toEqual(['50', '51', '52']);
    expect(store.reader.group('51')).toEqual({ group_id: 51, name: 'group 51', owner_id: 7 });
    expect(calls).toEqual(['GET /group/user_joined', 'GET /group/user_joined from 1', 'POST /group/info/batch of 3']);
    expect(heard).toEqual(['groups']);
  });
});

test('a refresh fetches both lists, and fails when one fails', async () => {
  const { directory, heard, state } = await create();
  await directory.refresh();
  expect(heard.sort()).toEqual(['friends', 'groups', 'users 1,2,100']);
  state.failing = '/group/user_joined';
  await expect(directory.refresh()).rejects.toMatchObject({ reason: 'ServerTimeOut' });
});

describe('details', () => {
  const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));

  test('are fetched for 100 users and 20 groups at a time, each once', async () => {
    const { directory, calls, store } = await create();
    expect(await directory.fetchUsers([...ids(201), '1', '2'])).toBe(true);
    expect(await directory.fetchGroups(ids(41))).toBe(true);
    expect(calls).toEqual([
      ...['POST /roster/list of 100', 'POST /roster/list of 100', 'POST /roster/list of 1'],
      ...['POST /group/info/batch of 20', 'POST /group/info/batch of 20', 'POST /group/info/batch of 1'],
    ]);
    expect(store.reader.users().length).toBe(201);
    expect(store.reader.groups().length).toBe(41);
  });

  test('of the system and of known users are not fetched', async () => {
    const { directory, calls, store } = await create();
    await store.update((tx) => tx.putUsers([{ user_id: 1, username: 'ann' }]));
    expect(await directory.fetchUsers(['0', '1'])).toBe(false);
    expect(await directory.fetchGroups(['0'])).toBe(false);
    expect(calls).toEqual([]);
  });

  test('that are known are fetched again when forced', async () => {
    const { directory, calls, store, heard } = await create();
    await store.update((tx) => tx.putUsers([{ user_id: 1, username: 'old', alias: 'A' }]));
    await store.update((tx) => tx.putGroupInfos([{ group_id: 50, name: 'old', owner_id: 1 }]));
    expect(await directory.fetchUsers(['1'], true)).toBe(true);
    expect(await directory.fetchGroups(['50'], true)).toBe(true);
    expect(calls).toEqual(['POST /roster/list of 1', 'POST /group/info/batch of 1']);
    expect(store.reader.user('1')).toEqual({ user_id: 1, username: 'user 1', alias: 'A' });
    expect(store.reader.group('50')).toEqual({ group_id: 50, name: 'group 50', owner_id: 7 });
    expect(heard).toEqual(['users 1']);
  });

  test('without a name are fetched; those that the server does not know stay unknown', async () => {
    const { directory, store, state } = await create();
    await store.update((tx) => tx.putUsers([{ user_id: 1, alias: 'A' }]));
    state.unknown.add('2');
    await directory.fetchUsers(['1', '2']);
    expect(store.reader.user('1')).toEqual({ user_id: 1, alias: 'A', username: 'user 1' });
    expect(store.reader.user('2') !== undefined).toBe(false);
  });
});
