import { describe, expect, test } from 'vitest';
import { MessageBodyType } from 'flooim/wire';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { World } from '../../support/memory-world.ts';

/** Adds messages to the history only. They are in no queue, so the server sends them only when asked. */
function seedHistory(world: World, from: number, to: number, count: number): string[] {
  const group = world.app.groups.isGroupId(to);
  return Array.from({ length: count }, (_, index) => {
    const id = world.app.ids.itemId();
    world.app.messages.add(
      {
        id,
        fromId: from,
        fromDevice: 0,
        toId: to,
        inGroup: group,
        timestamp: Date.now(),
        body: { type: group ? MessageBodyType.GROUPCHAT : MessageBodyType.CHAT, content: String(index) },
        status: 0,
        readBy: new Set(),
        hiddenFor: new Set(),
      },
      group
        ? [...world.app.groups.get(to)!.members.keys()].map((user) => [user, to])
        : [
            [from, to],
            [to, from],
          ],
    );
    return String(id);
  });
}

test('when the newest message is recalled, the list shows an older one of the server, or nothing is left and it is gone', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const shown = (): (readonly [string, string])[] =>
    alice.client.userManage.getConversationList().map(({ content, timestamp }) => [content, timestamp]);
  seedHistory(world, bob.id, alice.id, 1);
  for (const expected of [['0'], []]) {
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'newest' });
    await alice.events.next('onRosterMessage', ({ content }) => content === 'newest');
    const newest = alice.client.rosterManage.getRosterMessageByRid(bob.id).pop()!;
    bob.client.rosterManage.recallMessage(alice.id, newest.id);
    await alice.events.next('onMessageRecalled');
    for (const [, timestamp] of shown()) expect(timestamp).toMatch(/^\d{13}$/);
    await until(() => JSON.stringify(shown().map(([content]) => content)) === JSON.stringify(expected), 'the preview');
    for (const [, timestamp] of shown()) expect(timestamp).toMatch(/^\d{13}$/);
    for (const { id } of alice.client.rosterManage.getRosterMessageByRid(bob.id))
      alice.client.rosterManage.deleteMessage(bob.id, id);
    await until(() => shown().length === 0, 'the conversation to go');
  }
});

describe('history', () => {
  test('goes back to the beginning in pages and emits each message once, marked as history', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.register('bob')];
    const ids = seedHistory(world, bob, alice, 250);
    const { client, events } = await world.member('alice');
    await events.count('recentlistUpdate', 1);
    expect(client.userManage.getConversationList()).toEqual([
      {
        type: 'roster',
        id: bob,
        content: '',
        ext: {},
        timestamp: '',
        hasAt: false,
        draft: '',
        draftTimestamp: '',
        unread: 0,
      },
    ]);
    expect(events.all('onRosterMessage')).toEqual([]);

    let next = '0';
    let pages = 0;
    do {
      const before = events.all('onRosterMessage').length;
      client.sysManage.requireHistoryMessage(bob, next, 20);
      const page = await events.next('onReceiveHistoryMsg');
      expect(page.conversationId).toBe(String(bob));
      const emitted = events.all('onRosterMessage').slice(before);
      expect(emitted).toHaveLength(pages === 12 ? 10 : 20);
      const end = 250 - pages * 20;
      expect(emitted.map(({ id }) => id)).toEqual(ids.slice(Math.max(0, end - 20), end));
      next = page.next;
      pages++;
    } while (next !== '0');
    expect(pages).toBe(13);
    const emitted = events.all('onRosterMessage');
    expect(new Set(emitted.map(({ id }) => id)).size).toBe(250);
    expect(emitted.every(({ isHistory }) => isHistory)).toBe(true);
    expect(client.rosterManage.getUnreadCount(bob)).toBe(0);
    expect(events.all('onUnreadChange')).toEqual([]);
    expect(client.rosterManage.getRosterMessageByRid(bob).map(({ id }) => id)).toEqual(ids.slice(150));
    expect(client.userManage.getConversationList()).toMatchObject([{ id: bob, content: '249' }]);
  });

  test('of a group, and of a conversation without messages', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.register('bob')];
    const gid = world.group({ id: bob }, { id: alice });
    const ids = seedHistory(world, bob, gid, 30);
    const { client, events } = await world.member('alice');
    client.sysManage.requireHistoryMessage(gid, 0, 500);
    expect(await events.next('onReceiveHistoryMsg')).toEqual({ next: '0', conversationId: String(gid) });
    expect(events.all('onGroupMessage').map(({ id }) => id)).toEqual(ids);
    client.sysManage.requireHistoryMessage(bob, 0, 20);
    expect(await events.next('onReceiveHistoryMsg')).toEqual({ next: '0', conversationId: String(bob) });
    expect(events.all('onRosterMessage')).toEqual([]);
  });

  test('requested while offline comes after the reconnect; several requests are answered in order', async () => {
    const world = await startWorld();
    const [, bob] = [await world.register('alice'), await world.register('bob')];
    const ids = seedHistory(world, bob, await world.register('alice'), 30);
    const { client, events } = await world.member('alice');
    world.server.admin.stall({ on: false, alsoNew: true });
    world.server.admin.dropSockets();
    await events.next('reconnect');
    client.sysManage.requireHistoryMessage(bob, 0, 10);
    client.sysManage.requireHistoryMessage(bob, ids[20]!, 10);
    client.sysManage.requireHistoryMessage(bob, ids[10]!, 10);
    await events.next('loginSuccess');
    const pages = await events.count('onReceiveHistoryMsg', 3);
    expect(pages.map(({ next }) => next)).toEqual([ids[20], ids[10], '0']);
    expect(new Set(events.all('onRosterMessage').map(({ id }) => id)).size).toBe(30);
  });

  test('is requested again when the answer is lost', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.register('alice'), await world.register('bob')];
    seedHistory(world, bob, alice, 5);
    const { client, events } = await world.member('alice', { answerTimeoutMs: 200 });
    world.server.admin.dropAnswers({ command: 'history', count: 1 });
    client.sysManage.requireHistoryMessage(bob, 0, 20);
    expect(await events.next('onReceiveHistoryMsg')).toMatchObject({ next: '0' });
    expect(events.all('onRosterMessage')).toHaveLength(5);
    expect(events.all('onReceiveHistoryMsg')).toHaveLength(1);
  });
});
