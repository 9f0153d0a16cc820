import { describe, expect, test } from 'vitest';
import type { Message } from '../../../src/model/message.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

/** Alice on two devices, and Bob; one message of hers and one of his, which everybody has. */
async function create(): Promise<{
  world: World;
  alice: Member;
  tablet: Member;
  bob: Member;
  hers: string;
  his: string;
}> {
  const world = await startWorld();
  const [alice, tablet, bob] = [await world.member('alice'), await world.member('alice'), await world.member('bob')];
  const devices = [alice, tablet, bob];
  const say = async (from: Member, to: Member, content: string): Promise<string> => {
    from.client.sysManage.sendRosterMessage({ uid: to.id, content, ext: '{"a":1}' });
    const events = devices.map((device) =>
      device.events.next('onRosterMessage', (message) => message.content === content),
    );
    return (await Promise.all(events))[0]!.id;
  };
  const hers = await say(alice, bob, 'hers');
  const his = await say(bob, alice, 'his');
  await bob.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  return { world, alice, tablet, bob, hers, his };
}

const messages = (of: Member, peer: Member): Message[] => of.client.rosterManage.getRosterMessageByRid(peer.id);
const texts = (of: Member, peer: Member): string[] => messages(of, peer).map(({ content }) => content);
const listed = (of: Member): number[] => of.client.userManage.getConversationList().map(({ id }) => id);

describe('seen by the other device and by the peer', () => {
  test('a recalled message disappears everywhere', async () => {
    const { alice, tablet, bob, hers } = await create();
    alice.client.rosterManage.recallMessage(bob.id, hers);
    await until(() => texts(bob, alice).length === 1, 'bob to lose it');
    for (const [of, peer] of [
      [alice, bob],
      [tablet, bob],
      [bob, alice],
    ] as const) {
      await until(() => texts(of, peer).join() === 'his', 'it to be gone');
    }
    const action = { ns: 1, from: { uid: alice.uid }, payload: { operation: { type: 5, mid: hers } } };
    const received = await alice.events.next('onActionMessage', ({ payload }) => payload['type'] === 1);
    expect([received, received.isReceived]).toMatchObject([action, undefined]);
    for (const { events } of [tablet, bob])
      expect(await events.next('onActionMessage')).toMatchObject({ ...action, isReceived: true });
  });

  test('a deleted message disappears only on the own devices', async () => {
    const { alice, tablet, bob, his } = await create();
    alice.client.rosterManage.deleteMessage(bob.id, his);
    for (const of of [alice, tablet]) await until(() => texts(of, bob).join() === 'hers', 'it to be gone');
    await quiet(30);
    expect(texts(bob, alice)).toEqual(['hers', 'his']);
    expect(alice.client.userManage.getConversationList()).toMatchObject([{ content: 'hers' }]);
  });

  test('an edited message reads the same everywhere', async () => {
    const { alice, tablet, bob, hers } = await create();
    alice.client.rosterManage.appendMessageContent(bob.id, hers, ' and more');
    for (const [of, peer] of [
      [alice, bob],
      [tablet, bob],
      [bob, alice],
    ] as const) {
      await until(() => texts(of, peer)[0] === 'hers and more', 'the text to be longer');
    }
    expect(alice.client.rosterManage.replaceMessage(bob.id, hers)).toBeUndefined();
    alice.client.rosterManage.replaceMessage(bob.id, hers, 'new', { c: { d: 1 } }, '{"b":2}');
    for (const [of, peer] of [
      [alice, bob],
      [tablet, bob],
      [bob, alice],
    ] as const) {
      await until(() => texts(of, peer)[0] === 'new', 'the text to be new');
      expect(messages(of, peer)[0]).toMatchObject({ content: 'new', ext: '{"a":1,"b":2}', config: { c: { d: 1 } } });
      expect(Number(messages(of, peer)[0]!.editTimestamp)).toBeGreaterThan(0);
    }
  });

  test('a message marked unread counts again on both devices', async () => {
    const { alice, tablet, bob, his } = await create();
    alice.client.rosterManage.readRosterMessage(bob.id);
    await until(() => tablet.client.rosterManage.getUnreadCount(bob.id) === 0, 'the other device to hear it');
    await until(() => messages(bob, alice)[1]!.status === 2, 'the sender to hear it');
    expect(bob.client.sysManage.getMessageStatus(alice.id, his)).toBe('read');
    alice.client.rosterManage.unreadMessage(bob.id, his);
    for (const of of [alice, tablet]) {
      await until(() => of.client.rosterManage.getUnreadCount(bob.id) === 1, 'it to count again');
      expect(of.client.sysManage.getMessageStatus(bob.id, his)).toBe('unread');
    }
  });

  test('a played message notifies its author', async () => {
    const { alice, bob, his } = await create();
    alice.client.rosterManage.markPlayed(bob.id, his);
    await until(() => messages(bob, alice)[1]!.isPlayed, 'the author to hear it');
    expect(messages(alice, bob)[1]!.isPlayed).toBe(true);
  });

  test('in a group, the same', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    const contents = (of: Member): string[] => of.client.groupManage.getGroupMessage(gid).map(({ content }) => content);
    alice.client.sysManage.sendGroupMessage({ gid, content: 'one' });
    const { id } = await bob.events.next('onGroupMessage');
    await alice.events.next('onGroupMessage');
    alice.client.groupManage.appendMessageContent(gid, id, '!');
    for (const of of [alice, bob]) await until(() => contents(of).join() === 'one!', 'the text to be longer');
    bob.client.groupManage.deleteMessage(gid, id);
    await until(() => contents(bob).length === 0, 'it to be gone');
    expect(contents(alice)).toEqual(['one!']);
    alice.client.groupManage.recallMessage(gid, id);
    await until(() => contents(alice).length === 0, 'it to be gone');
  });
});

test('a refused operation changes nothing and fails under its client id', async () => {
  const { world, alice, bob, hers } = await create();
  world.server.admin.refuseSend({ code: 2, reason: 'exceed recall time limit' });
  const mid = alice.client.rosterManage.recallMessage(bob.id, hers);
  const failed = await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
  expect(failed).toMatchObject({ mid, errorReason: 'exceed recall time limit' });
  expect(texts(alice, bob)).toEqual(['hers', 'his']);
});

describe('a deleted conversation', () => {
  test('everywhere: disappears on both devices and from the history, and returns with the next message', async () => {
    const { alice, tablet, bob } = await create();
    alice.client.sysManage.deleteConversation(bob.id);
    const notice = { category: 'conversation_deleted', desc: { id: bob.uid } };
    const here = await alice.events.next('flooNotice', ({ category }) => category === notice.category);
    expect(here).toMatchObject({ ...notice, desc: { source: 'user_operation' } });
    const there = await tablet.events.next('flooNotice', ({ category }) => category === notice.category);
    expect(there).toMatchObject({ ...notice, desc: { source: 'other_operation' } });
    for (const of of [alice, tablet]) {
      expect([listed(of), texts(of, bob), of.client.rosterManage.getUnreadCount(bob.id)]).toEqual([[], [], 0]);
      of.client.sysManage.requireHistoryMessage(bob.id, 0, 10);
      await of.events.next('onReceiveHistoryMsg');
      expect(texts(of, bob)).toEqual([]);
    }
    expect(texts(bob, alice)).toEqual(['hers', 'his']);
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'again' });
    for (const of of [alice, tablet]) {
      await until(() => texts(of, bob).join() === 'again', 'the new message');
      expect(listed(of)).toEqual([bob.id]);
    }
  });

  test('on this device: stays on the other device', async () => {
    const { alice, tablet, bob } = await create();
    alice.client.sysManage.deleteConversation(bob.uid, false);
    await until(() => listed(alice).length === 0, 'it to be gone');
    await quiet(50);
    expect(listed(tablet)).toEqual([bob.id]);
    expect(texts(tablet, bob)).toEqual(['hers', 'his']);
    alice.client.sysManage.touchConversation(bob.id, 'roster');
    await until(() => listed(alice).length === 1, 'it to be listed');
    expect(texts(alice, bob)).toEqual([]);
  });
});

describe('a message that is not sent yet', () => {
  test('refused: is shown as failed, also after a reload, and can be sent again', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.refuseSend({ code: 12, reason: 'censored' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
    await alice.client.dispose();
    const next = world.client({}, alice.device);
    await next.events.next('loginSuccess');
    const { sysManage } = next.client;
    expect(sysManage.getSendingMessages(bob.id, 'roster')).toMatchObject([
      { id: String(mid), content: 'x', sendingStatus: 'failed', sendingError: 'MessageCensored' },
    ]);
    expect(sysManage.resendMessage(mid)).toBe(true);
    expect(sysManage.resendMessage(mid)).toBe(false);
    const sent = await next.events.count('onSendingMessageStatusChanged', 2);
    expect(sent.map((event) => [event.status, event.mid])).toEqual([
      ['sending', mid],
      ['sent', mid],
    ]);
    await bob.events.next('onRosterMessage');
    expect(sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });

  test('refused and discarded: is removed completely', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.refuseSend({ code: 12, reason: 'censored' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
    expect(await alice.client.sysManage.discardMessage(mid)).toBe(true);
    expect(await alice.client.sysManage.discardMessage(mid)).toBe(false);
    expect(alice.client.sysManage.resendMessage(mid)).toBe(false);
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });
});
