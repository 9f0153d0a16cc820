import { describe, expect, it, test } from 'vitest';
import { FrameCommand } from 'flooim/wire';
import type { IMessageBody } from 'flooim/wire';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const isSent = ({ status }: { status: string }): boolean => status === 'sent';
const isFailed = ({ status }: { status: string }): boolean => status === 'failed';
const texts = ({ client }: Member, peer: Member): string[] =>
  client.rosterManage.getRosterMessageByRid(peer.id).map(({ content }) => content);
const login = async ({ client, name }: Member): Promise<void> => client.login({ name, password: PASSWORD });

/** The operations that the server got, as `type mid`. */
const operationsAt = (world: World): string[] =>
  world.server.admin.receivedFrames().flatMap(({ frame }) => {
    const body = frame?.command === FrameCommand.SYNC ? (frame.payload!.meta?.payload as IMessageBody) : undefined;
    const { type, mid } = body?.operation ?? {};
    return type ? `${type} ${mid}` : [];
  });

async function pair(): Promise<{ world: World; alice: Member; bob: Member }> {
  const world = await startWorld();
  return { world, alice: await world.member('alice'), bob: await world.member('bob') };
}

describe('an operation on a message that has no answer yet', () => {
  it('C1: waits for the answer and goes out with the server’s id', async () => {
    const { world, alice, bob } = await pair();
    const { sysManage, rosterManage } = alice.client;
    const kept = sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    rosterManage.appendMessageContent(bob.id, kept, 'b');
    rosterManage.appendMessageContent(bob.id, kept, 'c');
    rosterManage.replaceMessage(bob.id, kept, '', { x: 1 });
    const recalled = sysManage.sendRosterMessage({ uid: bob.id, content: 'recalled' });
    rosterManage.recallMessage(bob.id, recalled);
    const deleted = sysManage.sendRosterMessage({ uid: bob.id, content: 'deleted' });
    rosterManage.deleteMessage(bob.id, deleted);
    await alice.events.next('onMessageRecalled');
    await alice.events.next('onMessageDeleted');
    await until(() => texts(bob, alice).length === 2 && texts(bob, alice)[0] === 'abc', 'bob to see it all');
    expect(texts(alice, bob)).toEqual(['abc']);
    expect(texts(bob, alice)).toEqual(['abc', 'deleted']);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)[0]!.config).toEqual({ x: 1 });
    expect(alice.events.all('onSendingMessageStatusChanged').filter(isFailed)).toEqual([]);
    expect(operationsAt(world).some((line) => line.endsWith(` ${kept}`))).toBe(false);
  });

  test('in a group, the same', async () => {
    const { world, alice, bob } = await pair();
    const gid = world.group(alice, bob);
    const { sysManage, groupManage } = alice.client;
    const mid = sysManage.sendGroupMessage({ gid, content: 'a' });
    groupManage.appendMessageContent(gid, mid, 'b');
    groupManage.unreadMessage(gid, mid);
    groupManage.markPlayed(gid, mid);
    groupManage.recallMessage(gid, mid);
    await bob.events.next('onMessageRecalled');
    expect(bob.client.groupManage.getGroupMessage(gid)).toEqual([]);
    expect(alice.client.groupManage.getGroupMessage(gid)).toEqual([]);
    expect(alice.events.all('onSendingMessageStatusChanged').filter(isFailed)).toEqual([]);
  });

  test('whose answer is lost goes out when the id is found, also in a later run', async () => {
    const { world, alice, bob } = await pair();
    world.server.admin.dropAnswers({ command: 'send', count: 1 });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    alice.client.rosterManage.appendMessageContent(bob.id, mid, 'b');
    await bob.events.next('onRosterMessage');
    await quiet(20);
    await alice.client.dispose();
    const again = await world.member('alice', {}, alice.device);
    await bob.events.next('onRosterMessageContentAppend');
    await until(() => texts(again, bob)[0] === 'ab', 'the text');
    expect(texts(bob, alice)).toEqual(['ab']);
    expect(again.events.all('onSendingMessageStatusChanged').filter(isFailed)).toEqual([]);
  });

  test('made offline goes out after its message', async () => {
    const { alice, bob } = await pair();
    alice.client.disConnect();
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    alice.client.rosterManage.appendMessageContent(bob.id, mid, 'b');
    await login(alice);
    await bob.events.next('onRosterMessageContentAppend');
    expect(texts(bob, alice)).toEqual(['ab']);
    await until(() => texts(alice, bob)[0] === 'ab', 'the text');
  });

  test('fails with the message', async () => {
    const { world, alice, bob } = await pair();
    world.server.admin.refuseSend({ code: 12, reason: 'no' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    const op = alice.client.rosterManage.appendMessageContent(bob.id, mid, 'b');
    const [first, second] = await alice.events.count('onSendingMessageStatusChanged', 2, isFailed);
    expect([first!.mid, second!.mid]).toEqual([mid, op]);
    expect(second!.error!.reason).toBe('MessageCensored');
    expect(() => alice.client.rosterManage.appendMessageContent(bob.id, mid, 'b')).toThrow(/InvalidParam/);
  });
});

describe('the client id of a message that was answered', () => {
  test.each(['in this run', 'in a later run'])('names it for every operation and query: %s', async (when) => {
    const { world, alice, bob } = await pair();
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    const { message } = await alice.events.next('onSendingMessageStatusChanged', isSent);
    let sender = alice;
    if (when === 'in a later run') {
      await quiet(80);
      await alice.client.dispose();
      sender = await world.member('alice', {}, alice.device);
    }
    const { rosterManage, sysManage } = sender.client;
    expect(sysManage.getMessageStatus(bob.id, mid)).toBe('unread');
    expect(await sysManage.getMessage({ id: bob.id, type: 'roster', mid })).toMatchObject({ id: message!.id });
    expect(await sysManage.discardMessage(mid)).toBe(false);
    expect(sysManage.resendMessage(mid)).toBe(false);
    rosterManage.appendMessageContent(bob.id, mid, 'b');
    await bob.events.next('onRosterMessageContentAppend');
    rosterManage.replaceMessage(bob.id, mid, 'c');
    await bob.events.next('onRosterMessageReplace');
    rosterManage.recallMessage(bob.id, mid);
    await bob.events.next('onMessageRecalled', ({ mid: recalled }) => recalled === message!.id);
    expect(sender.events.all('onSendingMessageStatusChanged').filter(isFailed)).toEqual([]);
  });

  test('names it for every read, however old it is, and while it is being sent', async () => {
    const { world, alice, bob } = await pair();
    const mids = Array.from({ length: 150 }, (_, at) =>
      alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: `m${at}` }),
    );
    await alice.events.count('onSendingMessageStatusChanged', 150, isSent);
    await alice.client.dispose();
    const again = await world.member('alice', {}, alice.device);
    const { sysManage } = again.client;
    const name = { id: bob.id, type: 'roster' } as const;
    const page = async (query: { before?: number; after?: number; around?: number }): Promise<string[]> => {
      const { messages } = await sysManage.getMessages({ ...name, ...query, limit: 2 });
      return messages.map(({ content }) => content);
    };
    expect(await page({ before: mids[10]! })).toEqual(['m8', 'm9']);
    expect(await page({ after: mids[10]! })).toEqual(['m11', 'm12']);
    expect(await page({ around: mids[10]! })).toEqual(['m10', 'm11']);
    expect(await sysManage.getMessage({ ...name, mid: mids[0]! })).toMatchObject({ content: 'm0' });
    sysManage.requireHistoryMessage(bob.id, mids[10]!, 1);
    expect(await again.events.next('onRosterMessage')).toMatchObject({ content: 'm9', isHistory: true });
    again.client.disConnect();
    const sending = sysManage.sendRosterMessage({ uid: bob.id, content: 'sending' });
    expect(await page({ before: sending })).toEqual(['m148', 'm149']);
    expect(await page({ around: sending })).toEqual(['m149']);
    expect(await sysManage.getMessage({ ...name, mid: sending })).toMatchObject({ content: 'sending' });
    expect(sysManage.markMessageUnread(bob.id, sending)).toMatchObject({ content: 'sending' });
  });

  test('in another conversation is refused at once, and the message stays', async () => {
    const { world, alice, bob } = await pair();
    const carol = await world.member('carol');
    alice.client.disConnect();
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    expect(() => alice.client.rosterManage.recallMessage(carol.id, mid)).toThrow(/InvalidParam/);
    expect(() => alice.client.groupManage.deleteMessage(bob.id, mid)).toThrow(/InvalidParam/);
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toHaveLength(1);
  });

  test('is refused by the server when it belongs to nothing', async () => {
    const { alice, bob } = await pair();
    const op = alice.client.rosterManage.recallMessage(bob.id, 1_740_800_000_000_000);
    expect(await alice.events.next('onSendingMessageStatusChanged', isFailed)).toMatchObject({ mid: op });
  });
});

describe('a message that has not left', () => {
  test.each(['recallMessage', 'deleteMessage'] as const)('is gone at once after %s, and never sent', async (name) => {
    const { world, alice, bob } = await pair();
    alice.client.disConnect();
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    const waiting = alice.client.rosterManage.appendMessageContent(bob.id, mid, 'b');
    alice.client.rosterManage[name](bob.id, mid);
    const event = name === 'recallMessage' ? 'onMessageRecalled' : 'onMessageDeleted';
    expect(await alice.events.next(event)).toEqual({ uid: bob.uid, mid: String(mid) });
    const failed = alice.events.all('onSendingMessageStatusChanged').filter(isFailed);
    expect(failed).toMatchObject([{ mid: waiting, error: { reason: 'UserCancel' } }]);
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
    await login(alice);
    await quiet(30);
    expect(operationsAt(world)).toEqual([]);
    expect(texts(bob, alice)).toEqual([]);
  });

  test('and failed is gone after a recall', async () => {
    const { world, alice, bob } = await pair();
    world.server.admin.refuseSend({ code: 12, reason: 'no' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'a' });
    await alice.events.next('onSendingMessageStatusChanged', isFailed);
    alice.client.rosterManage.recallMessage(bob.id, mid);
    await alice.events.next('onMessageRecalled');
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });

  test('and uploads its file is gone after a recall, and nothing is uploaded any more', async () => {
    const { world, alice, bob } = await pair();
    world.server.admin.setTransfers({ bytesPerSecond: 1000 });
    const file = new Uint8Array(5000);
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, type: 'file', file });
    await alice.events.next('onUploadProgress');
    alice.client.rosterManage.recallMessage(bob.id, mid);
    await alice.events.next('onMessageRecalled');
    await until(() => alice.device.openRequests() === 0, 'the upload to end');
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });
});

test('a group message that is not in memory any more is marked played and unread', async () => {
  const { world, alice, bob } = await pair();
  const gid = world.group(alice, bob);
  for (let at = 0; at < 300; at++) bob.client.sysManage.sendGroupMessage({ gid, content: `m${at}` });
  const [first] = await alice.events.count('onGroupMessage', 300);
  alice.client.groupManage.readGroupMessage(gid);
  await alice.client.dispose();
  const again = await world.member('alice', {}, alice.device);
  const { groupManage, sysManage } = again.client;
  groupManage.markPlayed(gid, first!.id);
  expect(await bob.events.next('onActionMessage')).toMatchObject({
    payload: { operation: { type: 7, mid: first!.id } },
  });
  expect(sysManage.markMessageUnread(gid, first!.id, true)).toBeNull();
  await until(() => groupManage.getUnreadCount(gid) === 1, 'the mark');
  const unknown = groupManage.markPlayed(gid, '1');
  expect(await again.events.next('onSendingMessageStatusChanged', isFailed)).toMatchObject({ mid: unknown });
});

describe('a conversation that only a refused message put into the list', () => {
  const listed = ({ client }: Member): number[] => client.userManage.getConversationList().map(({ id }) => id);

  it('I4: is gone again after a send to a group that the user was removed from', async () => {
    const { world, alice, bob } = await pair();
    const gid = world.group(alice, bob);
    alice.client.sysManage.sendGroupMessage({ gid, content: 'hello' });
    await bob.events.next('onGroupMessage');
    await alice.client.groupManage.asyncKick({ group_id: gid, user_list: [bob.id] });
    await bob.events.next('onGroupKicked');
    await until(() => listed(bob).length === 0, 'the group to go');
    const mid = bob.client.sysManage.sendGroupMessage({ gid, content: 'too late' });
    await bob.events.next('onSendingMessageStatusChanged', isFailed);
    expect(listed(bob)).toEqual([]);
    expect(bob.client.sysManage.getSendingMessages(gid, 'group')).toHaveLength(1);
    await quiet(80);
    await bob.client.dispose();
    const later = await world.member('bob', {}, bob.device);
    expect(listed(later)).toEqual([]);
    expect(await later.client.sysManage.discardMessage(mid)).toBe(true);
  });

  test('is gone after every kind of send to a group that was destroyed, and after a friend was removed', async () => {
    const { world, alice, bob } = await pair();
    const gid = world.group(alice, bob);
    const { sysManage, rosterManage } = bob.client;
    alice.client.sysManage.sendGroupMessage({ gid, content: 'hello' });
    const message = await bob.events.next('onGroupMessage');
    await alice.client.groupManage.asyncDestroy({ group_id: gid });
    await bob.events.next('onGroupDestoryed');
    await until(() => listed(bob).length === 0, 'the group to go');
    const sends: readonly (() => number | Promise<number>)[] = [
      () => sysManage.sendMentionMessage({ gid, txt: 'late', mentionList: [alice.id] }),
      () => sysManage.sendGroupMessage({ gid, type: 'file', file: new Uint8Array(3) }),
      async () => sysManage.forwardMessage({ gid, message }),
    ];
    for (const send of sends) {
      const mid = await send();
      await bob.events.next('onSendingMessageStatusChanged', (event) => isFailed(event) && event.mid === mid);
      expect(listed(bob)).toEqual([]);
      sysManage.resendMessage(mid);
      await bob.events.next('onSendingMessageStatusChanged', (event) => isFailed(event) && event.mid === mid);
      expect(listed(bob)).toEqual([]);
    }
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'hello' });
    await bob.events.next('onRosterMessage');
    await rosterManage.asyncDeleteRoster({ user_id: alice.id });
    world.app.roster.block(alice.id, bob.id);
    sysManage.sendRosterMessage({ uid: alice.id, content: 'late' });
    await bob.events.next('onSendingMessageStatusChanged', isFailed);
    expect(listed(bob)).toEqual([]);
  });

  test('is gone after a first message to somebody who blocks the user, and stays when something else is in it', async () => {
    const { world, alice, bob } = await pair();
    world.app.roster.block(bob.id, alice.id);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'hello' });
    await alice.events.next('onSendingMessageStatusChanged', isFailed);
    expect(listed(alice)).toEqual([]);
    alice.client.sysManage.saveConversationDraft(bob.id, 'roster', 'draft');
    await until(() => listed(alice).length === 1, 'the draft');
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'again' });
    await alice.events.next('onSendingMessageStatusChanged', isFailed);
    expect(listed(alice)).toEqual([bob.id]);
  });
});
