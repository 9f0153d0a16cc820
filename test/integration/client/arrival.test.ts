/** How each message came: live, waiting on the server, or as history. */
import { expect, test } from 'vitest';
import { MessageBodyType } from 'flooim/wire';
import type { ArrivedMessage, Message } from '../../../src/model/message.ts';
import { until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { numbers } from './message-order.ts';

/** The event of a message with this text. */
const heard = async ({ events }: Pick<Member, 'events'>, content: string): Promise<ArrivedMessage> =>
  events.next('onRosterMessage', (message) => message.content === content);

const arrivals = (messages: readonly ArrivedMessage[]): string[] =>
  messages.map(({ content, arrival }) => `${content} ${arrival}`);

/** Sends texts to a user and waits until the server has them. */
async function say({ client, events }: Member, uid: number, ...texts: string[]): Promise<void> {
  const mids = texts.map((content) => client.sysManage.sendRosterMessage({ uid, content }));
  for (const mid of mids) {
    await events.next('onSendingMessageStatusChanged', (sent) => sent.status === 'sent' && sent.mid === mid);
  }
}

/** Starts the app again on a device whose client was disposed of. */
async function started(world: World, name: string, device: Device): Promise<Pick<Member, 'client' | 'events'>> {
  const made = world.client({}, device);
  await made.client.login({ name, password: PASSWORD });
  return made;
}

/** Everything a peer and another device of the user can send: a text, a mention, a call, an own message. */
function sendAllKinds(peer: Member, own: Member, gid: number): void {
  peer.client.sysManage.sendRosterMessage({ uid: own.id, content: 'text' });
  peer.client.rtcManage.sendRTCMessage({ uid: own.id, content: 'call', config: '{"action":"call"}' });
  peer.client.sysManage.sendMentionMessage({ gid, txt: 'mention', mentionAll: true });
  own.client.sysManage.sendRosterMessage({ uid: peer.id, content: 'own' });
  own.client.sysManage.sendGroupMessage({ gid, content: 'own in group' });
}

/** Waits for one of each kind, and returns the arrival of each event. */
async function allKinds({ events }: Pick<Member, 'events'>): Promise<string[]> {
  const messages = [
    ...(await events.count('onRosterMessage', 3)),
    ...(await events.count('onGroupMessage', 2)),
    ...(await events.count('onMentionMessage', 1)),
    ...(await events.count('onRosterRTCMessage', 1)),
  ];
  return [...new Set(messages.map(({ arrival }) => arrival))];
}

async function twoWithGroup(world: World): Promise<{ alice: Member; bob: Member; gid: number }> {
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  return { alice, bob, gid: world.group(alice, bob) };
}

test('C9: what the server holds for a new device is history, own messages too, and what comes then is live', async () => {
  const world = await startWorld({ pageSize: 3 });
  const { alice, bob, gid } = await twoWithGroup(world);
  sendAllKinds(bob, alice, gid);
  await allKinds(alice);
  await say(bob, alice.id, ...numbers(12));

  const second = await world.member('alice', {}, createDevice());
  await second.events.count('onRosterMessage', 15);
  await second.events.count('onGroupMessage', 2);
  for (const name of ['onRosterMessage', 'onGroupMessage', 'onMentionMessage', 'onRosterRTCMessage'] as const) {
    for (const message of second.events.all(name)) {
      expect(message).toMatchObject({ arrival: 'history', isHistory: false });
    }
  }
  await say(bob, alice.id, 'news');
  expect(await heard(second, 'news')).toMatchObject({ arrival: 'live', isHistory: false });
  // Getters say it too, and a page of history changes nothing there.
  second.client.sysManage.requireHistoryMessage(bob.id, 0, 20);
  await second.events.next('onReceiveHistoryMsg');
  const again = second.events.all('onRosterMessage').filter(({ content }) => content === 'news');
  expect(again.map(({ arrival, isHistory }) => [arrival, isHistory])).toEqual([
    ['live', false],
    ['history', true],
  ]);
  const stored = second.client.rosterManage.getRosterMessageByRid(bob.id);
  expect(stored.map(({ arrival }) => arrival)).toEqual([...Array.from({ length: 15 }, () => 'history'), 'live']);
});

test('everything is live on a device that is online', async () => {
  const world = await startWorld();
  const { alice, bob, gid } = await twoWithGroup(world);
  const second = await world.member('alice', {}, createDevice());
  sendAllKinds(bob, alice, gid);
  expect(await allKinds(second)).toEqual(['live']);
  expect(await allKinds(alice)).toEqual(['live']);
});

test('what the server held while a device was away was waiting, own messages of another device too', async () => {
  const world = await startWorld({ pageSize: 2 });
  const { alice, bob, gid } = await twoWithGroup(world);
  const { device, client, events } = await world.member('alice', {}, createDevice());
  await say(bob, alice.id, 'before');
  await heard({ events }, 'before');
  await client.dispose();
  sendAllKinds(bob, alice, gid);
  await alice.events.count('onRosterMessage', 4);
  const later = await started(world, 'alice', device);
  expect(await allKinds(later)).toEqual(['waiting']);
  await say(bob, alice.id, 'news');
  expect(await heard(later, 'news')).toMatchObject({ arrival: 'live' });
  expect(later.client.groupManage.getGruopMessage(gid).map(({ arrival }) => arrival)).toEqual(['waiting', 'waiting']);
});

test('what came during a short loss of the connection was waiting', async () => {
  const world = await startWorld();
  const { alice, bob } = await twoWithGroup(world);
  await say(bob, alice.id, 'before');
  await heard(alice, 'before');
  alice.client.disConnect();
  await say(bob, alice.id, 'meanwhile');
  await alice.client.login({ name: 'alice', password: PASSWORD });
  await heard(alice, 'meanwhile');
  world.server.admin.dropSockets({ uid: alice.id });
  await alice.events.next('disconnected');
  await say(bob, alice.id, 'after');
  await heard(alice, 'after');
  const [before, meanwhile] = arrivals(alice.events.all('onRosterMessage'));
  expect([before, meanwhile]).toEqual(['before live', 'meanwhile waiting']);
});

test('a run that ended in its first catch-up is still in it, and one that ended after it is not', async () => {
  const world = await startWorld({ pageSize: 4 });
  const [bob, carol] = [await world.member('bob'), await world.member('carol')];
  const alice = await world.register('alice');
  await say(bob, alice, ...numbers(10));
  await say(carol, alice, ...numbers(10));
  const device = createDevice();
  const seen: string[] = [];
  for (let run = 0; run < 3; run++) {
    const { client, events } = world.client({}, device);
    // It ends in the middle of its first page.
    const ended = new Promise<void>((resolve) => client.on('onRosterMessage', () => resolve(client.dispose())));
    await client.login({ name: 'alice', password: PASSWORD });
    await ended;
    seen.push(...arrivals(events.all('onRosterMessage')));
    await say(bob, alice, `between ${run}`);
  }
  const last = await started(world, 'alice', device);
  const stored = (): Message[] => [bob, carol].flatMap(({ id }) => last.client.rosterManage.getRosterMessageByRid(id));
  await until(() => stored().length === 23, 'all messages');
  seen.push(...arrivals(last.events.all('onRosterMessage')));
  expect(seen.filter((text) => !text.endsWith(' history'))).toEqual([]);
  expect(stored().filter(({ arrival }) => arrival !== 'history')).toEqual([]);
  for (const peer of [bob, carol]) {
    await say(peer, alice, 'news');
    expect(await heard(last, 'news')).toMatchObject({ arrival: 'live' });
  }
  await last.client.dispose();
  await say(bob, alice, 'while away');
  const away = await started(world, 'alice', device);
  expect(await heard(away, 'while away')).toMatchObject({ arrival: 'waiting' });
});

test('messages that fill a gap are history', async () => {
  const world = await startWorld();
  const { alice, bob } = await twoWithGroup(world);
  await say(bob, alice.id, 'first');
  await heard(alice, 'first');
  const sides: [number, number][] = [
    [bob.id, alice.id],
    [alice.id, bob.id],
  ];
  const message = { fromId: bob.id, fromDevice: 0, toId: alice.id, inGroup: false, status: 0 };
  const body = { type: MessageBodyType.CHAT, content: 'skipped' };
  const lists = { readBy: new Set<number>(), hiddenFor: new Set<number>() };
  world.app.messages.add({ ...message, ...lists, id: world.app.ids.itemId(), timestamp: Date.now(), body }, sides);
  await say(bob, alice.id, 'second');
  await heard(alice, 'skipped');
  expect(arrivals(alice.events.all('onRosterMessage'))).toEqual(['first live', 'second live', 'skipped history']);
});

test('a message that this device sent is live, also when its answer was lost', async () => {
  const world = await startWorld();
  const { alice, bob } = await twoWithGroup(world);
  await say(alice, bob.id, 'answered');
  world.server.admin.dropAnswers({ command: 'send', count: 1 });
  const { client, events } = await world.member('alice', { answerTimeoutMs: 200 }, createDevice());
  client.sysManage.sendRosterMessage({ uid: bob.id, content: 'not answered' });
  await events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  expect(await heard({ events }, 'not answered')).toMatchObject({ arrival: 'live' });
  expect(await heard(alice, 'answered')).toMatchObject({ arrival: 'live' });
  expect(client.rosterManage.getRosterMessageByRid(bob.id).at(-1)).toMatchObject({ arrival: 'live' });
});
