/** What the client hands out is the app's, and what the app hands in stays the app's: neither is shared. */
import { describe, expect, it } from 'vitest';
import type { FlooClient } from '../../../src/floo-client.ts';
import type { Message } from '../../../src/model/message.ts';
import { createDevice } from '../../support/client-device.ts';
import { NAMES, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { scribble } from '../../support/scribble.ts';

const PICTURE = { url: 'https://example.com/p', width: 3, height: 2, thumb: { url: 'https://example.com/t' } };
const SETTINGS = { pin: { by: [1, 2] }, list: [{ a: 1 }] };

/** Binds a handler to every event that writes into all it gets. */
function scribbleEvents(client: FlooClient): void {
  for (const name of NAMES) client.on(name, scribble);
}

/** Alice, bob and carol in a group, with messages of every kind that has objects in it. Events of alice are written into. */
async function busyAlice(world: World, alice: Member): Promise<{ bob: Member; group: number }> {
  const [bob, carol] = [await world.member('bob'), await world.member('carol')];
  const group = world.group(bob, alice, carol);
  alice.client.groupManage.openGroup(group);
  await alice.client.userManage.asyncUpdateSettings({ user_id: alice.id, group_confirm: true });
  await alice.client.groupManage.asyncGetJoinedGroups(true);
  const { sysManage, rosterManage, groupManage } = bob.client;
  const mid = sysManage.sendRosterMessage({ uid: alice.id, type: 'image', attachment: PICTURE, config: SETTINGS });
  const sent = await bob.events.next('onSendingMessageStatusChanged', (e) => e.mid === mid && e.status === 'sent');
  rosterManage.replaceMessage(alice.id, sent.message!.id, 'later', { pin: { by: [3] } });
  sysManage.sendRosterMessage({ uid: alice.id, type: 'rtc', config: SETTINGS });
  sysManage.sendMentionMessage({ gid: group, txt: 'hey', mentionList: [alice.id] });
  sysManage.sendGroupMessage({ gid: group, type: 'location', attachment: { lat: 1, lon: 2 }, config: SETTINGS });
  groupManage.appendMessageContent(group, '1', 'nothing');
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, type: 'image', attachment: PICTURE, config: SETTINGS });
  await bob.client.groupManage.asyncCreate({ name: 'another', user_list: [alice.id] });
  await bob.client.groupManage.asyncUpdateName({ group_id: group, value: 'new name' });
  const all = (client: FlooClient, id: number): Message[] => [
    ...client.rosterManage.getRosterMessageByRid(id),
    ...client.groupManage.getGroupMessage(group),
  ];
  await until(() => all(alice.client, bob.id).length === 5 && all(bob.client, alice.id).length === 5, 'every message');
  await until(() => alice.client.rosterManage.getRosterMessageByRid(bob.id)[0]?.content === 'later', 'the edit');
  await until(() => alice.client.groupManage.getAllGroupDetail()[group]?.name === 'new name', 'the name');
  await until(() => alice.client.groupManage.getGroupMembers(group).length === 3, 'the members');
  await until(() => alice.client.sysManage.getNoticeMessage().length > 0, 'the notice');
  await until(() => alice.client.sysManage.getAppConfig() !== undefined, 'the configuration');
  return { bob, group };
}

/** Every read of what the client keeps. */
const READS: Readonly<Record<string, (client: FlooClient, bob: number, group: number) => unknown>> = {
  getConversationList: ({ userManage }) => userManage.getConversationList(),
  getRosterMessageByRid: ({ rosterManage }, bob) => rosterManage.getRosterMessageByRid(bob),
  getGroupMessage: ({ groupManage }, _, group) => groupManage.getGroupMessage(group),
  getRosterInfo: ({ rosterManage }, bob) => rosterManage.getRosterInfo(bob),
  getAllRosterDetail: ({ rosterManage }) => rosterManage.getAllRosterDetail(),
  getAllGroupDetail: ({ groupManage }) => groupManage.getAllGroupDetail(),
  getGroupMembers: ({ groupManage }, _, group) => groupManage.getGroupMembers(group),
  getNoticeMessage: ({ sysManage }) => sysManage.getNoticeMessage(),
  getSendingMessages: ({ sysManage }, bob) => sysManage.getSendingMessages(bob, 'roster'),
  makeSearch: ({ sysManage }) => sysManage.makeSearch('later'),
  getServers: ({ sysManage }) => sysManage.getServers(),
  getAppConfig: ({ sysManage }) => sysManage.getAppConfig(),
  getAccountVerification: ({ sysManage }) => sysManage.getAccountVerification(),
  getStaticVars: ({ sysManage }) => sysManage.getStaticVars(),
  getMessages: async ({ sysManage }, bob) => sysManage.getMessages({ id: bob, type: 'roster' }),
  getMessage: async ({ sysManage, rosterManage }, bob) =>
    sysManage.getMessage({ id: bob, type: 'roster', mid: rosterManage.getRosterMessageByRid(bob)[0]!.id }),
  searchMessages: async ({ sysManage }) => sysManage.searchMessages('hey'),
  asyncGetRosterIdList: async ({ rosterManage }) => rosterManage.asyncGetRosterIdList(),
  asyncGetRosterInfo: async ({ rosterManage }, bob) => rosterManage.asyncGetRosterInfo(bob),
  asyncGetRosterListDetailByIds: async ({ rosterManage }, bob) => rosterManage.asyncGetRosterListDetailByIds([bob]),
  asyncGetJoinedGroups: async ({ groupManage }) => groupManage.asyncGetJoinedGroups(),
  asyncGetGroupInfo: async ({ groupManage }, _, group) => groupManage.asyncGetGroupInfo(group),
  asyncGetGroupListDetail: async ({ groupManage }, _, group) => groupManage.asyncGetGroupListDetail([group]),
};
const readAll = async (client: FlooClient, bob: number, group: number): Promise<Record<string, unknown>> => {
  const read: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(READS)) read[name] = structuredClone(await run(client, bob, group));
  return read;
};

describe('what an app gets', () => {
  it('C2: a handler writes into every event; the messages stay, in memory and after a restart', async () => {
    const world = await startWorld();
    const device = createDevice();
    const alice = await world.member('alice', {}, device);
    scribbleEvents(alice.client);
    const { bob, group } = await busyAlice(world, alice);
    alice.client.rosterManage.readRosterMessage(bob.id);
    await until(() => alice.client.rosterManage.getUnreadCount(bob.id) === 0, 'the read mark');
    const kept = await readAll(alice.client, bob.id, group);
    expect(JSON.stringify(kept)).not.toMatch(/scribbled|the app/);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)[0]).toMatchObject({
      attach: PICTURE,
      config: { pin: { by: [3] }, list: [{ a: 1 }] },
    });
    await alice.client.dispose();

    const again = await world.member('alice', {}, device);
    await again.client.groupManage.asyncGetGroupMembers(group);
    await until(() => again.client.sysManage.getAppConfig() !== undefined, 'the configuration');
    const stored = await readAll(again.client, bob.id, group);
    expect(stored).toEqual(kept);
  });

  it('G2: an app writes into the result of every getter and list; the next read is as it was', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    const { bob, group } = await busyAlice(world, alice);
    const before = await readAll(alice.client, bob.id, group);
    for (const run of Object.values(READS)) scribble(await run(alice.client, bob.id, group));
    expect(await readAll(alice.client, bob.id, group)).toEqual(before);
    await alice.client.dispose();
  });

  it('what markMessageUnread returns is a copy', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    const { bob } = await busyAlice(world, alice);
    const [first] = alice.client.rosterManage.getRosterMessageByRid(bob.id);
    scribble(alice.client.sysManage.markMessageUnread(bob.id, first!.id));
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)[0]!.attach).toEqual(PICTURE);
  });

  it('a message that waits offline is sent as the app gave it, whatever handlers write', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    scribbleEvents(alice.client);
    alice.client.disConnect();
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, type: 'image', attachment: PICTURE, config: SETTINGS });
    await until(() => alice.client.sysManage.getSendingMessages(bob.id, 'roster').length === 1, 'the row');
    scribble(alice.client.sysManage.getSendingMessages(bob.id, 'roster'));
    await alice.client.login({ name: 'alice', password: PASSWORD });
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ attach: PICTURE, config: SETTINGS });
  });

  it('an error of an event is a copy: the state of the app stays as its server said', async () => {
    const world = await startWorld();
    world.server.admin.setDns({ app_status: 'frozen' });
    const { client } = world.client();
    scribbleEvents(client);
    await until(() => client.sysManage.getAppStatus() !== '', 'the state of the app');
    expect(client.sysManage.getAppStatus()).toBe('frozen');
  });
});

describe('what an app gives', () => {
  it('is read at the call: the app may change its objects afterwards', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const attachment = structuredClone(PICTURE);
    const config = structuredClone(SETTINGS);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, type: 'image', attachment, config });
    scribble(attachment);
    scribble(config);
    const received = await bob.events.next('onRosterMessage');
    expect(received).toMatchObject({ attach: PICTURE, config: SETTINGS });

    const message = structuredClone(received);
    const forwarded = bob.client.sysManage.forwardMessage({ uid: alice.id, message });
    scribble(message);
    await forwarded;
    expect(await alice.events.next('onRosterMessage', ({ from }) => from === bob.uid)).toMatchObject({
      type: 'image',
      attach: PICTURE,
    });

    const params = { name: 'friends', user_list: [bob.id] };
    const created = alice.client.groupManage.asyncCreate(params);
    scribble(params);
    const { group_id } = await created;
    expect(world.app.groups.get(group_id)?.info.name).toBe('friends');
  });

  it('options are read when the client is made', async () => {
    const world = await startWorld();
    const backoff = { baseMs: 4, capMs: 40 };
    const { client, events } = world.client({ backoff });
    backoff.baseMs = backoff.capMs = 1e9;
    await world.register('alice');
    await client.login({ name: 'alice', password: PASSWORD });
    world.server.admin.dropSockets();
    await events.next('reconnecting');
    await events.next('connected');
  });
});
