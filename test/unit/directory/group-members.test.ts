import { expect, test } from 'vitest';
import type { Directory } from '../../../src/directory/directory.ts';
import { GroupMembers } from '../../../src/directory/group-members.ts';
import { GROUP_MEMBERS, MEMBER_CARDS } from '../../../src/http/endpoints.ts';
import type { Endpoint, RestParams } from '../../../src/http/endpoints.ts';
import type { RestAnswer } from '../../../src/http/envelope.ts';
import type { RestClient } from '../../../src/http/rest-client.ts';
import { createMemoryKvProvider } from '../../../src/platform/memory/index.ts';
import { openStore } from '../../../src/store/store.ts';
import { fake } from '../../support/fakes.ts';

const SELF = '100';

async function create() {
  const calls: unknown[][] = [];
  const server = { ids: [100, 9, 10], cards: new Map<string, string>([['9', 'card of 9']]) };
  const rest: RestClient = {
    call: async <T>(endpoint: Endpoint, params: RestParams = {}) => {
      calls.push([endpoint === GROUP_MEMBERS ? 'members' : 'cards', params]);
      const ids = (params['user_list'] ?? server.ids) as readonly (string | number)[];
      const data = ids.map((id) => {
        const card = endpoint === MEMBER_CARDS ? server.cards.get(String(id)) : undefined;
        return { user_id: Number(id), ...(card && { display_name: card }), join_time: 5 };
      });
      return { data } as RestAnswer<T>;
    },
  };
  const store = await openStore(await createMemoryKvProvider().open('user'));
  const directory = fake<Directory>({ fetchUsers: async (ids) => calls.push(['users', ids]) > 0 });
  return { members: new GroupMembers({ rest, store, directory, self: SELF }), store, server, calls };
}

test('of an opened group have cards and details, and ascend by id', async () => {
  const { members, calls } = await create();
  expect(members.of('50')).toEqual([]);
  expect(await members.open('50')).toEqual(['9', '10', '100']);
  expect(members.of('50')).toMatchObject([
    { user_id: 9, display_name: 'card of 9', has_nick: true, join_time: 5, username: '', avatar: '' },
    { user_id: 10, display_name: '10', has_nick: false },
    { user_id: 100, display_name: '100', has_nick: true },
  ]);
  expect(calls.map(([name]) => name)).toEqual(['members', 'cards', 'users']);
});

test('have the best name that is known', async () => {
  const { members, store, server } = await create();
  server.ids = [1, 2, 3, 4, 100];
  server.cards = new Map([
    ['1', 'card'],
    ['2', 'card'],
    ['100', 'card'],
  ]);
  const user = { username: 'user', nick_name: 'nick', alias: 'alias' };
  await store.update((tx) =>
    tx.putUsers([
      { user_id: 1, ...user },
      { user_id: 2, ...user, alias: '' },
      { user_id: 3, ...user, alias: '' },
      { user_id: 4, username: 'user' },
      { user_id: 100, ...user },
    ]),
  );
  await members.open('50');
  expect(members.of('50').map(({ display_name }) => display_name)).toEqual(['alias', 'card', 'nick', 'user', 'card']);
});

test('come, change their cards and leave', async () => {
  const { members, server, calls } = await create();
  await members.open('50');
  server.cards.set('11', 'eleven').set('9', 'new card');
  await members.refresh('50', ['11', '9']);
  members.remove('50', ['10', '77']);
  expect(members.of('50').map(({ user_id, display_name }) => [user_id, display_name])).toEqual([
    [9, 'new card'],
    [11, 'eleven'],
    [100, '100'],
  ]);
  expect(calls.slice(-2)).toEqual([
    ['cards', { group_id: '50', user_list: ['11', '9'] }],
    ['users', ['11', '9']],
  ]);
});

test('who leave while their cards are fetched do not return', async () => {
  const { members } = await create();
  await members.open('50');
  const fetching = members.refresh('50', ['9', '11', '12']);
  members.remove('50', ['9', '12']);
  await fetching;
  expect(members.of('50').map(({ user_id }) => user_id)).toEqual([10, 11, 100]);
});

test('of a group that was not opened change nothing and are not fetched', async () => {
  const { members, calls } = await create();
  await members.refresh('50', ['11']);
  members.remove('50', ['11']);
  expect(members.of('50')).toEqual([]);
  expect(calls).toEqual([]);
});

test('who left while the list was fetched are missing from the next list', async () => {
  const { members, server } = await create();
  await members.open('50');
  server.ids = [100];
  await members.open('50');
  expect(members.of('50').map(({ user_id }) => user_id)).toEqual([100]);
});
