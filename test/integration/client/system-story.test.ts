/** Conversations of a user with two devices, and the connection under them, by their events. */
import { beforeEach, expect, test } from 'vitest';
import { FrameCommand, MetaNameSpace } from 'flooim/wire';
import { encodeFrame } from '../../../src/wire/index.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

let world: World;
let alice: Member;
let alice2: Member;
let bob: Member;

beforeEach(async () => {
  world = await startWorld();
  alice = await world.member('alice');
  alice2 = await world.member('alice');
  bob = await world.member('bob');
});

const listOf = ({ client }: Member): number[] => client.userManage.getConversationList().map(({ id }) => id);

async function say(content: string): Promise<string> {
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  const messages = await Promise.all([alice, alice2].map(async ({ events }) => events.next('onRosterMessage')));
  expect(messages.map((message) => message.content)).toEqual([content, content]);
  return messages[0]!.id;
}

test('a conversation is read, marked, given a draft and deleted', async () => {
  await say('one');
  for (const { events } of [alice, alice2]) {
    await events.next('onUnreadChange', (uid) => uid === bob.uid);
    await events.next('recentlistUpdate');
  }
  alice.client.rosterManage.readRosterMessage(bob.id);
  await alice2.events.next('onUnreadChange', () => alice2.client.rosterManage.getUnreadCount(bob.id) === 0);

  alice.client.sysManage.saveConversationDraft(bob.id, 'roster', 'dear bob');
  await alice.events.next('recentlistUpdate', () => alice.client.userManage.getConversationList()[0]?.draft !== '');

  alice.client.sysManage.deleteConversation(bob.id, true);
  const gone = (source: string) => ({ category: 'conversation_deleted', desc: { id: bob.uid, source } });
  const isDeletion = ({ category }: { category: string }): boolean => category === 'conversation_deleted';
  expect(await alice.events.next('flooNotice', isDeletion)).toEqual(gone('user_operation'));
  expect(await alice2.events.next('flooNotice', isDeletion)).toEqual(gone('other_operation'));
  for (const member of [alice, alice2]) expect(listOf(member)).toEqual([]);
});

test('a recalled message and an appended one look the same on both devices', async () => {
  const [recalled, edited] = [await say('one'), await say('two')];
  bob.client.rosterManage.recallMessage(alice.id, recalled);
  bob.client.rosterManage.appendMessageContent(alice.id, edited, ' and more');
  for (const { events, client } of [alice, alice2]) {
    expect(await events.next('onMessageRecalled')).toEqual({ uid: bob.uid, mid: recalled });
    const append = await events.next('onRosterMessageContentAppend');
    expect(append).toMatchObject({ id: edited, content: 'two and more', appendedContent: ' and more' });
    expect(client.rosterManage.getRosterMessageByRid(bob.id).map(({ content }) => content)).toEqual(['two and more']);
  }
});

test('the signalling of a call is emitted as such before it is emitted as a message', async () => {
  bob.client.rtcManage.sendRTCMessage({ uid: alice.id, config: { action: 'call', callId: 'c' } });
  for (const { events } of [alice, alice2]) {
    const call = await events.next('onRosterRTCMessage');
    expect(call).toMatchObject({ from: bob.uid, type: 'rtc', isNative: false, config: { action: 'call' } });
    const names = events.heard.map(({ name }) => name);
    expect(names.indexOf('onRosterRTCMessage')).toBeLessThan(names.indexOf('onRosterMessage'));
    expect(await events.next('onRosterMessage')).toEqual(call);
  }
  expect(await bob.events.next('onRosterRTCMessage')).toMatchObject({ isNative: true, to: alice.uid });
});

test('a message of type NORMAL is emitted', async () => {
  const meta = {
    id: '9007199254749999',
    from: { uid: bob.uid, deviceSN: 1 },
    to: { uid: alice.uid, deviceSN: 0 },
    timestamp: '1700000000000',
    ns: MetaNameSpace.MESSAGE,
    payload: { type: 0, content: 'plain' },
  } as const;
  const payload = { xid: { uid: '0' }, metas: [meta], is_eager_sync: true };
  world.server.admin.sendBytes({
    uid: alice.id,
    bytes: encodeFrame({ command: FrameCommand.SYNC, payload }, 'down'),
  });
  const { id, from, payload: body } = await alice.events.next('messageNormal');
  expect([id, Number(from.uid), body['content']]).toEqual([meta.id, bob.id, 'plain']);
});

test('a lost connection is opened again, step by step', async () => {
  world.server.admin.dropSockets({ uid: alice.id });
  expect((await alice.events.next('disconnected')).reason).not.toBe('');
  expect(await alice.events.next('reconnecting')).toEqual({ attempt: 1 });
  await alice.events.next('loginSuccess');
  const steps = alice.events.heard.map(({ name }) => name).filter((name) => /connect(?!ion)|loginSuccess/.test(name));
  expect(steps).toEqual([
    ...['connected', 'loginSuccess'],
    ...['disconnected', 'reconnect', 'reconnecting', 'connected', 'loginSuccess'],
  ]);
});

test('after five failures in a row the client tries the next host and emits an event', async () => {
  await world.server.close();
  await alice.events.next('fireplaceError');
  const attempts = alice.events.all('reconnecting').map(({ attempt }) => attempt);
  expect(attempts.slice(0, 4)).toEqual([1, 2, 3, 4]);
});

test('disConnect and logout are emitted once each', async () => {
  alice.client.disConnect();
  expect(alice.events.all('disconnected')).toHaveLength(1);
  await until(() => world.server.admin.connections().length === 2, 'the server to see it');
  await quiet();
  expect(alice.events.all('reconnect')).toEqual([]);
  await alice.client.logout();
  expect(alice.events.all('logout')).toHaveLength(1);
  expect(alice.events.all('disconnected')).toHaveLength(1);
});
