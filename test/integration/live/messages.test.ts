import { expect, test } from 'vitest';
import { messageKey } from '../../../src/live/messages.ts';
import type { MessagesState } from '../../../src/live/messages.ts';
import { until } from '../../support/client-events.ts';
import { startLiveWorld } from './followed.ts';
import type { LiveWorld } from './followed.ts';

const textsOf = ({ messages }: MessagesState): string[] => messages.map(({ content }) => content);
const numbers = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** Bob sends these numbers to alice, who gets them before anybody looks at them. */
async function startWithMessages(count: number): Promise<LiveWorld> {
  const started = await startLiveWorld();
  const { alice, bob } = started;
  for (const content of numbers(1, count)) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  await alice.events.count('onRosterMessage', count);
  return started;
}

test('pages go back to the beginning, and a message that arrives keeps them', async () => {
  const { live, alice, bob, follow } = await startWithMessages(250);
  const source = live.messages({ type: 'roster', id: bob.id }, {});
  const chat = follow(source);
  await until(() => !chat.now.isLoading && chat.now.hasMore, 'the newest page');
  expect(textsOf(chat.now)).toEqual(numbers(201, 250));

  await source.loadOlder();
  await until(() => chat.now.messages.length === 100, 'an older page');
  await source.loadOlder();
  await until(() => chat.now.messages.length === 150, 'one that is not in memory');
  const before = chat.now.messages;

  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '251' });
  await until(() => textsOf(chat.now).includes('251'), 'the new message');
  expect(textsOf(chat.now)).toEqual(numbers(101, 251));
  // Each row that did not change is the same object, so that no view of it is rendered again.
  expect(before.filter((message, index) => chat.now.messages[index] !== message)).toEqual([]);

  await source.loadOlder();
  await source.loadOlder();
  await until(() => textsOf(chat.now).length === 251, 'all of them');
  await source.loadOlder();
  await until(() => !chat.now.hasMore, 'the beginning');
  expect(textsOf(chat.now)).toEqual(numbers(1, 251));
  expect(chat.now.error).toBeUndefined();
});

test('what is no longer in memory changes, too: recalled, edited and read messages of an old page', async () => {
  const { live, alice, bob, follow } = await startLiveWorld();
  for (const content of numbers(1, 130)) alice.client.sysManage.sendRosterMessage({ uid: bob.id, content });
  await alice.events.count('onRosterMessage', 130);
  await bob.events.count('onRosterMessage', 130);
  const chat = follow(live.messages({ type: 'roster', id: bob.id }, { pageSize: 130 }));
  await until(() => chat.now.messages.length === 130 && !chat.now.isLoading, 'the page');

  const [first, second] = chat.now.messages;
  alice.client.rosterManage.recallMessage(bob.id, first!.id);
  alice.client.rosterManage.replaceMessage(bob.id, second!.id, 'edited');
  await until(() => textsOf(chat.now)[0] === 'edited', 'the edit and the recall');
  expect(textsOf(chat.now)).toEqual(['edited', ...numbers(3, 130)]);

  expect(chat.now.messages[1]!.status).not.toBe(2);
  bob.client.rosterManage.readRosterMessage(alice.id);
  await until(() => chat.now.messages.every(({ status }) => status === 2), 'all receipts');
});

test('a message shows at once when it is sent, and is the same row when the server has it', async () => {
  const { live, bob, world, follow } = await startLiveWorld();
  const to = { type: 'roster', id: bob.id } as const;
  const chat = follow(live.messages(to, {}));
  await until(() => chat.now.messages.length === 0 && !chat.now.isLoading, 'the empty chat');
  // No answer comes before the row was looked at.
  world.server.admin.setDelay(100);
  const mid = live.sender(to).send('hello');
  await until(() => chat.now.messages.length > 0, 'the row');
  const [row] = chat.now.messages;
  expect([row!.content, row!.sendingStatus, messageKey(row!)]).toEqual(['hello', 'sending', String(mid)]);
  await until(() => chat.now.messages.some(({ sendingStatus }) => !sendingStatus), 'the server');
  expect(chat.now.messages.map(messageKey)).toEqual([String(mid)]);
  // Never twice, and never gone in between.
  const afterwards = chat.values.slice(chat.values.findIndex(({ messages }) => messages.length > 0));
  expect(afterwards.map(({ messages }) => messages.length)).toEqual(afterwards.map(() => 1));
});

test('a message that fails stays with its error, and is sent again or forgotten', async () => {
  const { live, alice, bob, world, follow } = await startLiveWorld();
  const to = { type: 'roster', id: bob.id } as const;
  const chat = follow(live.messages(to, {}));
  const sender = live.sender(to);
  world.server.admin.refuseSend({ code: 2, reason: 'no', count: 2 });
  const mid = sender.send('refused');
  await until(() => chat.now.messages[0]?.sendingStatus === 'failed', 'the failure');
  expect(sender.retry(mid)).toBe(true);
  await alice.events.count('onSendingMessageStatusChanged', 2, ({ status }) => status === 'failed');
  await until(() => chat.now.messages[0]?.sendingStatus === 'failed', 'the second one');
  expect(await sender.discard(mid)).toBe(true);
  await until(() => chat.now.messages.length === 0, 'the row to go');
});

test('two users of a device: the messages of the first are not shown to the second', async () => {
  const { live, alice, bob, world, follow } = await startLiveWorld();
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'for alice' });
  const chat = follow(live.messages({ type: 'roster', id: bob.id }, {}));
  await until(() => textsOf(chat.now).includes('for alice'), 'the message');
  await alice.client.logout();
  await until(() => chat.now.messages.length === 0, 'the messages to go');
  await world.register('carol');
  await alice.client.login({ name: 'carol', password: 'secret12' });
  await until(() => !chat.now.isLoading, 'the page of carol');
  expect(chat.now.messages).toEqual([]);
});
