import { expect, test } from 'vitest';
import { isFlooError } from '../../../src/errors.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import { createLiveClient, startLiveWorld } from './followed.ts';

test('a login that fails gives its error, and the next one clears it', async () => {
  const world = await startWorld();
  const id = await world.register('alice');
  const { session, open } = createLiveClient(world.client().client);
  world.cleanup(open());
  world.cleanup(session.subscribe(() => undefined));
  expect(session.get()).toEqual({ isLoggedIn: false, uid: undefined, isLoggingIn: false, error: undefined });
  const login = session.login({ name: 'alice', password: 'wrong' });
  await until(() => session.get().isLoggingIn, 'the login to begin');
  expect(await login).toBe(false);
  await until(() => isFlooError(session.get().error, 'UserAuthFailed'), 'the error');
  expect(await session.login({ user_id: id, password: 'secret12' })).toBe(true);
  await until(() => session.get().uid === id && !session.get().isLoggingIn, 'alice');
  expect(session.get().error).toBeUndefined();
  await session.logout();
  await until(() => !session.get().isLoggedIn, 'nobody');
});

test('the state of the connection is known to whoever comes later', async () => {
  const { live, alice, follow } = await startLiveWorld();
  const connection = follow(live.connection);
  await until(() => connection.now.state === 'online', 'the state of before');
  alice.client.disConnect();
  await until(() => connection.now.reason === 'disconnected', 'the loss');
});

test('a client that is made is disposed of at the end, and made again for the next user', async () => {
  const world = await startWorld();
  const made: ReturnType<typeof world.client>[] = [];
  const live = createLiveClient(() => {
    made.push(world.client());
    return made[made.length - 1]!.client;
  });
  expect([live.client.get(), made.length]).toEqual([undefined, 0]);
  expect(() => live.sender({ type: 'roster', id: 1 }).send('lost')).toThrow('no client');
  for (const round of [1, 2]) {
    const close = live.open();
    const unsubscribe = live.client.subscribe(() => undefined);
    await until(() => live.client.get() === made[round - 1]!.client, 'the client');
    unsubscribe();
    close();
    await expect(made[round - 1]!.client.explain()).rejects.toThrow('disposed');
  }
  expect(made.length).toBe(2);
});

test('unread messages are counted, of one conversation and of all', async () => {
  const { live, alice, bob, world, follow } = await startLiveWorld();
  const gid = world.group(bob, alice);
  const total = follow(live.unread(undefined));
  const ofBob = follow(live.unread({ type: 'roster', id: bob.id }));
  const list = follow(live.conversations);
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '1' });
  bob.client.sysManage.sendGroupMessage({ gid, content: '2' });
  await until(() => total.now === 2 && ofBob.now === 1, 'the counts');
  expect(list.now.map(({ type, unread }) => [type, unread]).sort()).toEqual([
    ['group', 1],
    ['roster', 1],
  ]);
  live.messages({ type: 'roster', id: bob.id }, {}).markRead();
  await until(() => total.now === 1 && ofBob.now === 0, 'one to be read');
});

test('a burst of 500 messages in 1,000 conversations changes the views once a frame, and only what is new', async () => {
  const { live, alice, bob, world, follow } = await startLiveWorld();
  for (let index = 0; index < 999; index++) alice.client.sysManage.touchConversation(7_000_000 + index, 'roster');
  const list = follow(live.conversations);
  const chat = follow(live.messages({ type: 'roster', id: bob.id }, {}));
  await until(() => list.now.length === 999 && !chat.now.isLoading, 'the list');
  await quiet();
  const [lists, chats, before] = [list.values.length, chat.values.length, list.now];
  const start = performance.now();
  for (let index = 0; index < 500; index++)
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(index) });
  await until(() => chat.now.messages[chat.now.messages.length - 1]?.content === '499', 'all of them', 20_000);
  const frames = Math.ceil((performance.now() - start) / 16) + 1;
  expect(list.values.length - lists).toBeLessThanOrEqual(frames);
  expect(chat.values.length - chats).toBeLessThanOrEqual(frames);
  const known = new Set(before);
  expect(list.now.filter((row) => !known.has(row)).map(({ id }) => id)).toEqual([bob.id]);
  expect(world.server.admin.connections().length).toBe(2);
});
