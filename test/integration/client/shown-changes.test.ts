import { describe, expect, test } from 'vitest';
import type { Platform } from '../../../src/platform/ports.ts';
import { createDeferred } from '../../../src/util/deferred.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

/** Commits wait from now on. @returns lets them go on */
function holdDisk(device: Device): () => void {
  const gate = createDeferred<undefined>();
  const { commit } = device;
  device.commit = async (store, batch) => {
    await gate.promise;
    await commit(store, batch);
  };
  return () => {
    device.commit = commit;
    gate.resolve(undefined);
  };
}

/** Commits are refused from now on, as one with values that the storage cannot keep. @returns ends that */
function refuseCommits(device: Device): () => void {
  const { commit } = device;
  device.commit = async () => Promise.reject(new TypeError('not to be stored'));
  return () => (device.commit = commit);
}

/** Names of the events that this causes before it returns. */
function eventsOf({ events }: Member, change: () => void): string[] {
  const before = events.heard.length;
  change();
  return events.heard.slice(before).map(({ name }) => name);
}

const firstInList = ({ client }: Member): string => {
  const [first] = client.userManage.getConversationList();
  return first ? `${first.type} ${first.id}` : 'none';
};

/** Alice with three messages of Bob, and one of their group that mentions her. */
async function chat(world: World): Promise<{ alice: Member; bob: Member; group: number }> {
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const group = world.group(bob, alice);
  for (const content of ['1', '2', '3']) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content });
  await alice.events.count('onRosterMessage', 3);
  bob.client.sysManage.sendMentionMessage({ gid: group, txt: 'you', mentionList: [alice.id] });
  await alice.events.count('onGroupMessage', 1);
  return { alice, bob, group };
}

describe('a change made here', () => {
  test('G1: is seen by the next getter and has its events in the same tick, while the disk stands still', async () => {
    const world = await startWorld();
    const { alice, bob, group } = await chat(world);
    const { rosterManage, groupManage, sysManage, userManage } = alice.client;
    const empty = world.group(bob, alice);
    const messages = rosterManage.getRosterMessageByRid(bob.id);
    const release = holdDisk(alice.device);

    expect(eventsOf(alice, () => sysManage.touchConversation(empty, 'group'))).toEqual(['recentlistUpdate']);
    expect(firstInList(alice)).toBe(`group ${empty}`);
    expect(eventsOf(alice, () => sysManage.saveConversationDraft(bob.id, 'roster', 'dear'))).toEqual([
      'recentlistUpdate',
    ]);
    expect(sysManage.getConversationDraft(bob.id, 'roster')).toBe('dear');
    expect(firstInList(alice)).toBe(`roster ${bob.id}`);

    expect(eventsOf(alice, () => rosterManage.readRosterMessage(bob.id, messages[1]!.id))).toEqual([
      'onMessageStatusChanged',
      'onUnreadChange',
    ]);
    expect(rosterManage.getUnreadCount(bob.id)).toBe(2);
    expect(sysManage.getMessageStatus(bob.id, messages[1]!.id)).toBe('read');
    expect(eventsOf(alice, () => rosterManage.readRosterMessage(bob.id))).toEqual([
      'onMessageStatusChanged',
      'onMessageStatusChanged',
      'onUnreadChange',
    ]);
    expect(rosterManage.getUnreadCount(bob.id)).toBe(0);
    expect(eventsOf(alice, () => sysManage.markMessageUnread(bob.id, messages[2]!.id))).toEqual(['onUnreadChange']);
    expect(rosterManage.getUnreadCount(bob.id)).toBe(1);
    expect(rosterManage.getRosterMessageByRid(bob.id).map(({ status }) => status)).toEqual([2, 2, 0]);

    expect(userManage.getConversationList().find(({ id }) => id === group)!.hasAt).toBe(true);
    expect(eventsOf(alice, () => groupManage.consumeGroupAtStatus(group))).toEqual(['recentlistUpdate']);
    expect(userManage.getConversationList().find(({ id }) => id === group)!.hasAt).toBe(false);
    groupManage.readGroupMessage(group);
    expect(groupManage.getUnreadCount(group)).toBe(0);

    let mid = 0;
    expect(eventsOf(alice, () => (mid = sysManage.sendRosterMessage({ uid: bob.id, content: 'hi' })))).toEqual([
      'onSendingMessageStatusChanged',
    ]);
    expect(sysManage.getSendingMessages(bob.id, 'roster')).toMatchObject([
      { id: String(mid), content: 'hi', sendingStatus: 'sending' },
    ]);

    expect(eventsOf(alice, () => sysManage.deleteConversation(group, false, 'group'))).toEqual([
      'flooNotice',
      'onUnreadChange',
      'recentlistUpdate',
    ]);
    expect(userManage.getConversationList().map(({ id }) => id)).toEqual([bob.id, empty]);
    expect(groupManage.getGroupMessage(group)).toEqual([]);
    // Nothing has left: a row is stored before its first byte.
    await quiet(30);
    expect(bob.events.all('onRosterMessage').filter(({ from }) => from === alice.uid)).toEqual([]);

    release();
    expect(await bob.events.next('onRosterMessage', ({ from }) => from === alice.uid)).toMatchObject({ content: 'hi' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    expect(rosterManage.getUnreadCount(bob.id)).toBe(1);
    expect(userManage.getConversationList().map(({ id }) => id)).toEqual([bob.id, empty]);

    // The next run finds it all.
    await alice.client.dispose();
    const again = world.client({}, alice.device);
    await again.events.next('loginSuccess');
    expect(again.client.sysManage.getConversationDraft(bob.id, 'roster')).toBe('dear');
    expect(again.client.rosterManage.getUnreadCount(bob.id)).toBe(1);
    expect(again.client.userManage.getConversationList().map(({ id }) => id)).toEqual([bob.id, empty]);
  });

  test('that cannot be stored is undone: it is reported, and the events by which apps read again come once more', async () => {
    const world = await startWorld();
    const { alice, bob, group } = await chat(world);
    const { rosterManage, sysManage, userManage } = alice.client;
    const seen = (): unknown => [
      userManage.getConversationList(),
      rosterManage.getUnreadCount(bob.id),
      rosterManage.getRosterMessageByRid(bob.id),
      sysManage.getSendingMessages(bob.id, 'roster'),
    ];
    const before = seen();
    const end = refuseCommits(alice.device);
    const changes: (() => void)[] = [
      () => sysManage.touchConversation(bob.id, 'roster'),
      () => sysManage.saveConversationDraft(group, 'group', 'dear'),
      () => rosterManage.readRosterMessage(bob.id),
      () => sysManage.deleteConversation(bob.id, true, 'roster'),
    ];
    for (const change of changes) {
      const emitted = eventsOf(alice, change);
      expect(seen()).not.toEqual(before);
      const at = alice.events.heard.length;
      alice.events.skip();
      expect(await alice.events.next('flooError')).toMatchObject({ category: 'DbOperationFailed' });
      expect(seen()).toEqual(before);
      const readAgain = emitted.filter((name) => name !== 'flooNotice');
      expect(alice.events.heard.slice(at).map(({ name }) => name)).toEqual([...readAgain, 'flooError']);
    }
    end();
    sysManage.saveConversationDraft(bob.id, 'roster', 'dear');
    await quiet(30);
    expect(sysManage.getConversationDraft(bob.id, 'roster')).toBe('dear');
  });

  test('to failed messages is seen at once: one that is sent again, and one that is discarded', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const { sysManage } = alice.client;
    const send = async (content: string): Promise<number> => {
      world.server.admin.refuseSend({ code: 2, reason: 'no', count: 1 });
      const mid = sysManage.sendRosterMessage({ uid: bob.id, content });
      await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
      return mid;
    };
    const [first, second] = [await send('first'), await send('second')];
    const shown = (): unknown[] =>
      sysManage.getSendingMessages(bob.id, 'roster').map(({ id, sendingStatus }) => [Number(id), sendingStatus]);
    const release = holdDisk(alice.device);
    expect(sysManage.resendMessage(first)).toBe(true);
    expect(shown()).toEqual([
      [first, 'sending'],
      [second, 'failed'],
    ]);
    const discarded = sysManage.discardMessage(second);
    expect(shown()).toEqual([[first, 'sending']]);
    release();
    expect(await discarded).toBe(true);
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'first' });
  });

  test('does not touch messages that arrive meanwhile', async () => {
    const world = await startWorld();
    const { alice, bob } = await chat(world);
    const { rosterManage, sysManage, userManage } = alice.client;
    const release = holdDisk(alice.device);
    // The message is on its way to the store, ahead of the change.
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: '4' });
    await bob.events.count('onSendingMessageStatusChanged', 5, ({ status }) => status === 'sent');
    await quiet(30);
    rosterManage.readRosterMessage(bob.id);
    expect(rosterManage.getUnreadCount(bob.id)).toBe(0);
    sysManage.deleteConversation(bob.id, false, 'roster');
    expect(rosterManage.getRosterMessageByRid(bob.id)).toEqual([]);
    release();
    await alice.events.count('onRosterMessage', 4);
    await until(() => userManage.getConversationList().some(({ id }) => id === bob.id), 'the conversation to be back');
    expect(rosterManage.getRosterMessageByRid(bob.id).map(({ content }) => content)).toEqual(['4']);
    expect(rosterManage.getUnreadCount(bob.id)).toBe(1);
  });
});

describe('the time of a conversation', () => {
  test('G5: touching it without a time keeps that of its last message, and moves it to the top', async () => {
    const world = await startWorld();
    const { alice, bob, group } = await chat(world);
    const timeOf = (type: string): unknown =>
      alice.client.userManage.getConversationList().find((item) => item.type === type)!.timestamp;
    const [, last] = [timeOf('group'), alice.client.rosterManage.getRosterMessageByRid(bob.id).at(-1)!.timestamp];
    expect(firstInList(alice)).toBe(`group ${group}`);
    alice.client.sysManage.touchConversation(bob.id, 'roster');
    expect(firstInList(alice)).toBe(`roster ${bob.id}`);
    expect(timeOf('roster')).toBe(last);
    const later = Number(last) + 60_000;
    alice.client.sysManage.touchConversation(group, 'group', later);
    expect(firstInList(alice)).toBe(`group ${group}`);
    expect(timeOf('group')).toBe(String(later));
  });

  test('C5: a clock that is ten minutes slow moves no conversation down and no time back', async () => {
    const world = await startWorld();
    const [bob, carol] = [await world.member('bob'), await world.member('carol')];
    const device = createDevice();
    const clock: Platform['clock'] = { ...device.platform.clock, now: () => Date.now() - 600_000 };
    Object.assign(device.platform, { clock });
    const alice = await world.member('alice', {}, device);
    const { sysManage, userManage } = alice.client;
    for (const { client } of [bob, carol]) {
      client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hi' });
      await alice.events.next('onRosterMessage');
    }
    const times = (): number[] => userManage.getConversationList().map(({ timestamp }) => Number(timestamp));
    const newest = Math.max(...times());
    expect(firstInList(alice)).toBe(`roster ${carol.id}`);
    sysManage.touchConversation(bob.id, 'roster');
    expect(firstInList(alice)).toBe(`roster ${bob.id}`);
    // An app passes its own, slow time.
    sysManage.touchConversation(carol.id, 'roster', Date.now() - 600_000);
    expect(firstInList(alice)).toBe(`roster ${carol.id}`);
    sysManage.saveConversationDraft(bob.id, 'roster', 'a draft');
    expect(firstInList(alice)).toBe(`roster ${bob.id}`);
    expect(userManage.getConversationList()[0]!.draftTimestamp).toBeGreaterThan(newest);
    expect(Math.min(...times())).toBeGreaterThan(newest - 60_000);
    const dave = await world.member('dave');
    sysManage.sendRosterMessage({ uid: dave.id, content: 'new' });
    expect(firstInList(alice)).toBe(`roster ${dave.id}`);
    sysManage.sendRosterMessage({ uid: carol.id, content: 'answer' });
    const [sending] = sysManage.getSendingMessages(carol.id, 'roster');
    expect(Number(sending!.timestamp)).toBeGreaterThanOrEqual(newest);
    await alice.events.count('onSendingMessageStatusChanged', 2, ({ status }) => status === 'sent');
  });

  test('a clock that is ten minutes fast keeps no conversation above later messages', async () => {
    const world = await startWorld();
    const [bob, carol] = [await world.member('bob'), await world.member('carol')];
    const device = createDevice();
    const clock: Platform['clock'] = { ...device.platform.clock, now: () => Date.now() + 600_000 };
    Object.assign(device.platform, { clock });
    const alice = await world.member('alice', {}, device);
    const { sysManage, userManage } = alice.client;
    const receive = async ({ client, id, uid }: Member): Promise<void> => {
      client.sysManage.sendRosterMessage({ uid: alice.id, content: 'hi' });
      await alice.events.next('onRosterMessage', ({ from }) => from === uid);
      expect(firstInList(alice)).toBe(`roster ${id}`);
    };
    await receive(bob);
    await receive(carol);
    sysManage.touchConversation(bob.id, 'roster');
    expect(firstInList(alice)).toBe(`roster ${bob.id}`);
    await receive(carol);
    sysManage.saveConversationDraft(bob.id, 'roster', 'a draft');
    expect(firstInList(alice)).toBe(`roster ${bob.id}`);
    expect(Math.abs(Number(userManage.getConversationList()[0]!.draftTimestamp) - Date.now())).toBeLessThan(60_000);
    await receive(carol);
    const dave = await world.member('dave');
    alice.client.disConnect();
    sysManage.sendRosterMessage({ uid: dave.id, content: 'new' });
    expect(firstInList(alice)).toBe(`roster ${dave.id}`);
    await alice.client.login({ name: 'alice', password: PASSWORD });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    await receive(carol);
  });
});

/** Alice's data with a message in each of these groups, stored on a device. */
async function manyGroups(world: World, amount: number): Promise<{ alice: Member; groups: number[] }> {
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const groups = Array.from({ length: amount }, () => world.group(bob, alice));
  for (const gid of groups) bob.client.sysManage.sendGroupMessage({ gid, content: `in ${gid}` });
  await bob.events.count('onSendingMessageStatusChanged', amount, ({ status }) => status === 'sent');
  return { alice, groups };
}

test('G10: messages that a getter misses are announced when they are in memory', async () => {
  const world = await startWorld();
  const { alice, groups } = await manyGroups(world, 100);
  await alice.events.count('onGroupMessage', 100);
  await alice.client.dispose();
  // No request and no socket reaches the server.
  const { platform } = alice.device;
  const away: Platform = {
    ...platform,
    http: async () => Promise.reject(new TypeError('offline')),
    sockets: (_, { onClose }) => {
      const timer = setTimeout(() => onClose('offline'));
      return { send: () => undefined, close: () => clearTimeout(timer) };
    },
  };
  const offline = world.client({ backoff: { baseMs: 500, capMs: 500 } }, { ...alice.device, platform: away });
  await until(() => offline.client.userManage.getConversationList().length === 100, 'the stored list');
  const { groupManage, sysManage } = offline.client;
  const cold = groups.filter((gid) => groupManage.getGroupMessage(gid).length === 0);
  expect(cold.length).toBeGreaterThan(20);
  const announced = await offline.events.count('onReceiveHistoryMsg', cold.length);
  expect(announced.map(({ conversationId }) => conversationId).sort()).toEqual(cold.map(String).sort());
  // Everything that memory holds at once is there.
  for (const gid of cold.slice(-10)) {
    const messages = groupManage.getGroupMessage(gid);
    expect(messages.map(({ content }) => content)).toEqual([`in ${gid}`]);
    expect(sysManage.getMessageStatus(gid, messages[0]!.id, true)).toBe('unread');
  }
  // An empty conversation, and one that is not there, are announced never.
  sysManage.touchConversation(999, 'group');
  groupManage.getGroupMessage(999);
  groupManage.getGroupMessage(998);
  await quiet(30);
  expect(offline.events.all('onReceiveHistoryMsg').length).toBe(cold.length);
});

test(
  'I6: a first login emits one list event a batch, and one unread event a conversation',
  { timeout: 20_000 },
  async () => {
    const world = await startWorld();
    const { groups } = await manyGroups(world, 150);
    const fresh = world.client({ requestTimeoutMs: 10_000, connectTimeoutMs: 10_000 });
    await fresh.client.login({ name: 'alice', password: PASSWORD });
    await fresh.events.count('onGroupMessage', 150);
    await quiet(50);
    const { events, device } = fresh;
    const batches = device.trace.filter((line) => line.startsWith('commit')).length;
    expect(events.all('recentlistUpdate').length).toBeLessThanOrEqual(batches);
    const unread = events.all('onUnreadChange');
    expect(unread.length).toBe(150);
    expect(new Set(unread).size).toBe(150);
    for (const gid of groups) expect(fresh.client.groupManage.getUnreadCount(gid)).toBe(1);
  },
);

test('D1: a page that cannot be stored costs the pages in its batch nothing', async () => {
  const world = await startWorld();
  const { alice, groups } = await manyGroups(world, 8);
  await alice.events.count('onGroupMessage', 8);
  const bad = groups[3]!;
  const device = createDevice();
  const gate = createDeferred<undefined>();
  let isLoggedIn = false;
  device.commit = async (store, batch) => {
    // The pages collect behind the first batch of the session.
    if (isLoggedIn) await gate.promise;
    if (JSON.stringify(batch).includes(`in ${bad}`)) throw new TypeError('not to be stored');
    await store.commit(batch);
  };
  const fresh = world.client({}, device);
  fresh.client.on('connected', () => (isLoggedIn = true));
  void fresh.client.login({ name: 'alice', password: PASSWORD }).catch(() => undefined);
  await fresh.events.next('connected');
  await quiet(100);
  gate.resolve(undefined);
  await fresh.events.count('onGroupMessage', 7);
  expect(fresh.events.all('onGroupMessage').map(({ to }) => to)).not.toContain(String(bad));
  expect(await fresh.events.next('flooError')).toMatchObject({ category: 'DbOperationFailed' });
  for (const gid of groups) expect(fresh.client.groupManage.getGroupMessage(gid).length).toBe(gid === bad ? 0 : 1);
});
