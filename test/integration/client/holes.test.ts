import { expect, test } from 'vitest';
import { FrameCommand, MessageBodyType } from 'flooim/wire';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

/** Messages that no queue holds: a server that forgot to deliver them, which its history has. */
function forgotten(world: World, from: Member, to: Member, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const content = `forgotten ${index}`;
    world.app.messages.add(
      {
        id: world.app.ids.itemId(),
        fromId: from.id,
        fromDevice: 0,
        toId: to.id,
        inGroup: false,
        timestamp: Date.now(),
        body: { type: MessageBodyType.CHAT, content },
        status: 0,
        readBy: new Set(),
        hiddenFor: new Set(),
      },
      [
        [from.id, to.id],
        [to.id, from.id],
      ],
    );
    return content;
  });
}

const histories = (world: World, { id }: Member): number =>
  world.server.admin
    .receivedFrames({ uid: id })
    .filter(({ frame }) => frame?.command === FrameCommand.SYNC && frame.payload!.is_full_sync).length;

test('messages that the server skipped are filled from its history, emitted once, and survive a restart', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const say = (content: string): number => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content });
  say('first');
  await bob.events.next('onRosterMessage', ({ content }) => content === 'first');
  const missing = forgotten(world, alice, bob, 250);
  say('second');
  await bob.events.count('onRosterMessage', 252);
  const contents = bob.events.all('onRosterMessage').map(({ content }) => content);
  expect([...contents].sort()).toEqual(['first', 'second', ...missing].sort());
  const stored = async (client: Member['client']): Promise<string[]> => {
    const { messages } = await client.sysManage.getMessages({ id: alice.id, type: 'roster', limit: 300 });
    return messages.map(({ content }) => content);
  };
  expect(await stored(bob.client)).toEqual(['first', ...missing, 'second']);
  // History changes no unread count.
  expect(bob.client.rosterManage.getUnreadCount(alice.id)).toBe(2);
  const asked = histories(world, bob);
  await bob.client.dispose();
  const later = world.client({}, bob.device);
  await later.client.login({ name: 'bob', password: PASSWORD });
  say('third');
  await later.events.next('onRosterMessage', ({ content }) => content === 'third');
  expect(histories(world, bob)).toBe(asked);
  expect(await stored(later.client)).toEqual(['first', ...missing, 'second', 'third']);
});

test('a stored page is complete: missing messages are requested', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  const past = forgotten(world, alice, bob, 30);
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'new' });
  await bob.events.next('onRosterMessage');
  const page = await bob.client.sysManage.getMessages({ id: alice.id, type: 'roster', limit: 20 });
  expect(page.messages.map(({ content }) => content)).toEqual([...past.slice(11), 'new']);
  expect(page.complete).toBe(true);
  // Read quietly: the app asked by a call, not by an event.
  expect(bob.events.all('onRosterMessage').length).toBe(1);
  const rest = await bob.client.sysManage.getMessages({
    id: alice.id,
    type: 'roster',
    before: page.messages[0]!.id,
    limit: 20,
  });
  expect(rest.messages.map(({ content }) => content)).toEqual(past.slice(0, 11));
  expect(rest.complete).toBe(true);
});
