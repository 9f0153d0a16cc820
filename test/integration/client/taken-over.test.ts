/** A client whose session another client of its device has taken over: the stored data is that client's. */
import { describe, expect, test } from 'vitest';
import { UserNoticeType } from '../../../src/wire/enums.ts';
import { createDevice } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const ALICE = { name: 'alice', password: PASSWORD };

const talk = async (from: Member, to: Member, ...contents: readonly string[]): Promise<void> => {
  for (const content of contents) from.client.sysManage.sendRosterMessage({ uid: to.id, content });
  await to.events.next('onRosterMessage', (message) => message.content === contents[contents.length - 1]);
};

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));

const contents = ({ client }: Pick<Member, 'client'>, id: number): (string | undefined)[] =>
  client.rosterManage.getRosterMessageByRid(id).map(({ content }) => content);

/** Two clients of alice on one device. The second has taken over, and got messages that the first does not know. */
async function takenOver(): Promise<{ world: World; first: Member; second: Member; bob: Member; stored: string[][] }> {
  const world = await startWorld();
  const device = createDevice();
  const [first, bob] = [await world.member('alice', {}, device), await world.member('bob')];
  await talk(bob, first, ...numbers(30));
  const second = await world.member('alice', {}, device);
  await first.events.next('flooError', ({ category }) => category === 'UserKickedBySameDevice');
  await talk(bob, second, ...numbers(60).slice(30));
  await quiet(120);
  const stored: string[][] = [];
  device.commit = async (store, batch) => {
    stored.push(batch.map((write) => ('key' in write ? write.key : write.from)));
    await store.commit(batch);
  };
  return { world, first, second, bob, stored };
}

/** Everything that a user can change. */
const CHANGES: Record<string, (alice: Member, bob: Member) => unknown> = {
  'a read mark': ({ client }, bob) => client.rosterManage.readRosterMessage(bob.id),
  'a read mark of one': ({ client }, bob) =>
    client.rosterManage.readRosterMessage(bob.id, client.rosterManage.getRosterMessageByRid(bob.id)[3]!.id),
  'an unread mark': ({ client }, bob) =>
    client.rosterManage.unreadMessage(bob.id, client.rosterManage.getRosterMessageByRid(bob.id)[3]!.id),
  'a draft': ({ client }, bob) => client.sysManage.saveConversationDraft(bob.id, 'roster', 'dear bob'),
  'a touch': ({ client }, bob) => client.sysManage.touchConversation(bob.id, 'roster'),
  'a deleted conversation': ({ client }, bob) => client.sysManage.deleteConversation(bob.id, false),
  'a deleted message': ({ client }, bob) =>
    client.rosterManage.deleteMessage(bob.id, client.rosterManage.getRosterMessageByRid(bob.id)[3]!.id),
  'a fetched list': async ({ client }) => client.rosterManage.asyncGetRosterIdList(true),
  'fetched details': async ({ client }, bob) => client.rosterManage.asyncGetRosterInfo(bob.id, true),
};

describe('a kicked client', () => {
  test.each(Object.entries(CHANGES))('writes nothing: %s', async (_, change) => {
    const { first, bob, stored } = await takenOver();
    await change(first, bob);
    await quiet(150);
    expect(stored).toEqual([]);
    expect(first.client.isLogin()).toBe(false);
  });

  test('fails a send at once, and says why', async () => {
    const { first, bob, stored } = await takenOver();
    const mid = first.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'lost' });
    expect(await first.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed')).toMatchObject(
      { mid, error: { reason: 'UserKickedBySameDevice' } },
    );
    expect(contents(first, bob.id)).toEqual(numbers(30));
    expect(stored).toEqual([]);
  });

  test('reports a change that is undone, once, and its session ends once', async () => {
    const { first, bob } = await takenOver();
    const before = first.events.all('flooError').length;
    first.client.sysManage.saveConversationDraft(bob.id, 'roster', 'dear bob');
    await until(() => first.events.all('flooError').length > before, 'the report');
    await quiet();
    expect(first.events.all('flooError').slice(before)).toMatchObject([{ category: 'UserKickedBySameDevice' }]);
    expect(first.client.sysManage.getConversationDraft(bob.id, 'roster')).toBe('');
  });

  test('reads its data again at its next login, and goes on', async () => {
    const { first, second, bob } = await takenOver();
    first.client.sysManage.saveConversationDraft(bob.id, 'roster', 'dear bob');
    second.client.sysManage.saveConversationDraft(bob.id, 'roster', 'of the second');
    await first.client.login(ALICE);
    expect(contents(first, bob.id)).toEqual(numbers(60));
    expect(first.client.userManage.getConversationList()).toMatchObject([
      { id: bob.id, unread: 60, draft: 'of the second' },
    ]);
    await second.events.next('flooError', ({ category }) => category === 'UserKickedBySameDevice');
    await talk(bob, first, '61');
    first.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'here' });
    await bob.events.next('onRosterMessage', ({ content }) => content === 'here');
    await second.client.login(ALICE);
    // The first one may have had no time to store the answer. Then the second one looks for it.
    await expect.poll(() => contents(second, bob.id)).toEqual([...numbers(61), 'here']);
  });

  test('does not store what waits at the moment of the kick, nor what a handler changes then', async () => {
    const world = await startWorld();
    const { client, events, device, id } = await world.member('alice');
    const bob = await world.member('bob');
    await talk(bob, { client, events, device, id } as Member, '1');
    await quiet(120);
    const stored: string[][] = [];
    client.on('flooError', () => {
      client.sysManage.saveConversationDraft(bob.id, 'roster', 'in a handler');
      device.commit = async (store, batch) => {
        stored.push(batch.map((write) => ('key' in write ? write.key : write.from)));
        await store.commit(batch);
      };
    });
    world.server.admin.kick({ uid: id, type: UserNoticeType.KICK_BY_SAME_DEVICE });
    await events.next('flooError');
    await quiet(150);
    expect(stored).toEqual([]);
  });

  test('that an answer refused stores nothing more either', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    const bob = await world.member('bob');
    await talk(bob, alice, '1');
    world.server.admin.refuseSend({ code: 15, reason: 'taken over', count: 1 });
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'refused' });
    await alice.events.next('flooError', ({ error }) => error.reason === 'UserKickedBySameDevice');
    const commits = alice.device.trace.length;
    alice.client.rosterManage.readRosterMessage(bob.id);
    await quiet(150);
    expect(alice.device.trace.slice(commits)).toEqual([]);
  });
});

test('a client that only disconnected keeps its data open', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  const bob = await world.member('bob');
  await talk(bob, alice, '1');
  alice.client.disConnect();
  alice.client.sysManage.saveConversationDraft(bob.id, 'roster', 'dear bob');
  await alice.client.login(ALICE);
  expect(alice.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, unread: 1, draft: 'dear bob' }]);
});
