/** Pages that are read while the first sync goes on. */
import { expect, test } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import { numbers } from './message-order.ts';

test('I9: a page of a conversation that is being synced is whole: the server is asked', async () => {
  const world = await startWorld({ pageSize: 20 });
  const [alice, bob] = [await world.register('alice'), await world.member('bob')];
  for (const content of numbers(300)) bob.client.sysManage.sendRosterMessage({ uid: alice, content });
  await bob.events.count('onSendingMessageStatusChanged', 300, ({ status }) => status === 'sent');
  const ids = bob.client.sysManage.getMessages({ id: alice, type: 'roster', limit: 300 });
  const middle = (await ids).messages[150]!;

  const { client, events } = world.client();
  world.server.admin.setDelay(15);
  await client.login({ name: 'alice', password: PASSWORD });
  await events.next('onRosterMessage');
  const name = { id: bob.id, type: 'roster' } as const;
  const around = await client.sysManage.getMessages({ ...name, around: middle.id, limit: 20 });
  const texts = (messages: readonly Message[]): string[] => messages.map(({ content }) => content);
  expect(around.complete).toBe(true);
  expect(texts(around.messages)).toEqual(numbers(161).slice(141));
  const newest = await client.sysManage.getMessages({ ...name, limit: 7 });
  expect([texts(newest.messages), newest.complete]).toEqual([numbers(300).slice(293), true]);
  const walked: string[] = [];
  for (let after = '1'; ;) {
    const page = await client.sysManage.getMessages({ ...name, after, limit: 33 });
    walked.push(...texts(page.messages));
    if (page.complete && page.messages.length < 33) break;
    after = page.messages.at(-1)?.id ?? after;
  }
  expect(walked).toEqual(numbers(300));
  // Each message is counted and emitted as new all the same.
  world.server.admin.setDelay(0);
  const fresh = (): Message[] => events.all('onRosterMessage').filter(({ isHistory }) => !isHistory);
  await expect.poll(() => new Set(texts(fresh())).size, { timeout: 10_000 }).toBe(300);
  expect(client.rosterManage.getUnreadCount(bob.id)).toBe(300);
});
