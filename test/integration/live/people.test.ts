import { expect, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { startLiveWorld } from './followed.ts';

test('who types is shown until a message comes, and a typing user signals it once in a while', async () => {
  const { live, alice, bob, follow } = await startLiveWorld();
  const isTyping = follow(live.typing({ type: 'roster', id: bob.id }));
  bob.client.sysManage.sendInputStatusMessage(alice.id, 'typing');
  await until(() => isTyping.now, 'the typing');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'done' });
  await until(() => !isTyping.now, 'its end');

  const sender = live.sender({ type: 'roster', id: bob.id });
  for (let key = 0; key < 5; key++) sender.typed();
  sender.send('hello');
  sender.stopped();
  await bob.events.next('onRosterMessage', ({ content }) => content === 'hello');
  await bob.events.count('onInputStatusMessage', 2);
  expect(bob.events.all('onInputStatusMessage').map(({ ext }) => ext)).toEqual([
    '{"input_status":"typing"}',
    '{"input_status":"nothing"}',
  ]);
});

test('a friend request comes, is accepted and is gone', async () => {
  const { live, bob, alice, world, follow } = await startLiveWorld();
  world.app.users.get(alice.id)!.settings.auth_mode = 1;
  const { friendRequests } = live;
  const requests = follow(friendRequests);
  await until(() => requests.values.length > 1 && !requests.now.isLoading, 'the empty list');
  await bob.client.rosterManage.asyncApply({ user_id: alice.id, alias: '', reason: 'it is bob' });
  await until(() => requests.now.data.length === 1, 'the request');
  const [request] = requests.now.data;
  expect([request!.user_id, request!.reason]).toEqual([bob.id, 'it is bob']);
  await friendRequests.accept(request!);
  await until(() => requests.now.data.length === 0, 'the list without it');
  expect(await alice.client.rosterManage.asyncGetRosterIdList()).toEqual([bob.id]);
});

test('an invitation to a group comes, is declined and is gone', async () => {
  const { live, bob, alice, world, follow } = await startLiveWorld();
  world.app.users.get(alice.id)!.settings.group_confirm = true;
  const gid = world.group(bob);
  const { groupInvitations } = live;
  const invitations = follow(groupInvitations);
  await bob.client.groupManage.asyncInvite({ group_id: gid, user_list: [alice.id] });
  await until(() => invitations.now.data.length === 1, 'the invitation');
  await groupInvitations.decline(invitations.now.data[0]!);
  await until(() => invitations.now.data.length === 0, 'the list without it');
});

test('members come with their names, and change with the group', async () => {
  const { live, bob, alice, world, follow } = await startLiveWorld();
  const carol = await world.register('carol');
  const gid = world.group(bob, alice);
  const members = follow(live.members(gid));
  const names = (): string[] => members.now.data.map(({ display_name }) => display_name);
  await until(() => names().includes('bob'), 'the members');
  expect(names()).toEqual(['alice', 'bob']);
  await bob.client.groupManage.asyncInvite({ group_id: gid, user_list: [carol] });
  await until(() => names().includes('carol'), 'the new one');
});

test('names that are not known are fetched by one request, and follow their owner', async () => {
  const { live, bob, world, follow } = await startLiveWorld();
  const strangers = await Promise.all(['dave', 'erin', 'fred'].map(async (name) => world.register(name)));
  const fetches = (): number =>
    world.server.admin.receivedRequests().filter(({ path }) => path.startsWith('/roster/list')).length;
  const before = fetches();
  const rows = strangers.map((id) => follow(live.profile({ type: 'roster', id })));
  expect(rows.map(({ now }) => now.name)).toEqual(strangers.map(String));
  await until(() => rows.every(({ now }) => now.info), 'the names');
  expect(rows.map(({ now }) => now.name)).toEqual(['dave', 'erin', 'fred']);
  expect(fetches() - before).toBe(1);

  const gid = world.group(bob);
  const group = follow(live.profile({ type: 'group', id: gid }));
  await until(() => group.now.name === 'group', 'the name of the group');
  const nobody = follow(live.profile(undefined));
  expect(nobody.now).toEqual({ name: '', avatar: '', info: undefined });
});

test('a search waits for the last word, and its answer counts', async () => {
  const { live, alice, bob, follow } = await startLiveWorld();
  for (const content of ['a green apple', 'a red apple'])
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  await alice.events.count('onRosterMessage', 2);
  const source = live.search({});
  const search = follow(source);
  for (const query of ['a', 'apple', 'apple ', 'apple r', 'apple red']) source.setQuery(query);
  const texts = (): string[] => search.now.data.messages.map(({ message }) => message.content);
  await until(() => texts().length > 0, 'the answer');
  expect(texts()).toEqual(['a red apple']);
  expect(search.values.filter(({ isLoading }) => isLoading).length).toBeLessThanOrEqual(2);
  source.setQuery('bob');
  await until(() => search.now.data.rosterArr.length > 0, 'bob');
  source.setQuery('');
  await until(() => search.now.data.messages.length + search.now.data.rosterArr.length === 0, 'nothing');
});
