/** A device with tens of thousands of conversations: what happens costs what it changes. */
import { describe, expect, test } from 'vitest';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import { conversationKey, emptyConversation } from '../../../src/store/schema.ts';
import { newTable } from '../../../src/store/table.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { named } from '../../support/faulty-kv.ts';
import { APP_ID, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const PEERS = 10;
const FIRST = 500_000_000;

/** Puts conversations of years into the database of a user who was logged in before. */
async function fill({ uid, device }: Member, count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => String(FIRST + n * 7));
  const conversations = ids.map((id, n) => {
    const key = conversationKey('roster', id);
    return [key, { ...emptyConversation(key), content: 'long ago', timestamp: String(n + 1), unread: 1 }] as const;
  });
  const users = ids.map((id) => [id, { user_id: Number(id), username: `user ${id}` }] as const);
  const kv = await device.platform.kv.open(`flooim.${APP_ID}.${uid}`);
  await kv.commit([...newTable('conversations', new Map(conversations)), ...newTable('users', new Map(users))]);
  await kv.close();
}

/** A device whose user has so many conversations and is not logged in right now, and the users who write to it. */
async function startWith(count: number): Promise<{ world: World; alice: Member; peers: Member[]; written: KvWrite[] }> {
  const world = await startWorld();
  const device = createDevice();
  const alice = await world.member('alice', {}, device);
  const peers: Member[] = [];
  for (let n = 0; n < PEERS; n++) peers.push(await world.member(`peer-${n}`));
  await alice.client.dispose();
  await fill(alice, count);
  // The first start after that names what the next ones read first.
  const first = await start(world, device);
  await first.client.dispose();
  const written: KvWrite[] = [];
  device.commit = async (store, batch) => {
    written.push(...batch);
    await store.commit(batch);
  };
  return { world, alice, peers, written };
}

async function start(world: World, device: Device): Promise<Pick<Member, 'client' | 'events'>> {
  const next = world.client({}, device);
  await next.events.next('loginSuccess');
  return next;
}

/** What the device writes for a message of each peer that waits for it, one that comes later, and a sent one. */
async function bytesOfADay(count: number): Promise<number> {
  const { world, alice, peers, written } = await startWith(count);
  for (const { client } of peers) client.sysManage.sendRosterMessage({ uid: alice.id, content: 'while away' });
  for (const { events } of peers)
    await events.count('onSendingMessageStatusChanged', 1, ({ status }) => status === 'sent');
  const { client, events } = await start(world, alice.device);
  await events.count('onRosterMessage', PEERS);
  for (const peer of peers) peer.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'live' });
  await events.count('onRosterMessage', 2 * PEERS);
  for (const { id } of peers) client.sysManage.sendRosterMessage({ uid: id, content: 'an answer' });
  await events.count('onSendingMessageStatusChanged', PEERS, ({ status }) => status === 'sent');
  await until(() => client.userManage.getConversationList().length === count + PEERS, 'every conversation');
  await client.dispose();
  return JSON.stringify(written).length;
}

describe('with 20,000 conversations', () => {
  test('D8: messages that waited, live ones and answers are stored in as many bytes as with 1,000', async () => {
    const [few, many] = [await bytesOfADay(1000), await bytesOfADay(20_000)];
    expect(many).toBeLessThan(few * 2);
  }, 60_000);

  test('a disk that fails while the others are read costs these until the next start, and nothing waits for it', async () => {
    const { world, alice, peers } = await startWith(20_000);
    const { kv } = alice.device.platform;
    let isBroken = false;
    const whileItWorks = async <T>(call: () => Promise<T>): Promise<T> => {
      if (isBroken) throw named('UnknownError');
      return call();
    };
    const failing = async (name: string): Promise<KvStore> => {
      const store = await kv.open(name);
      return {
        get: async (key) => whileItWorks(async () => store.get(key)),
        range: async (range) => {
          isBroken ||= range.from.startsWith('conversations/');
          return whileItWorks(async () => store.range(range));
        },
        commit: async (batch) => whileItWorks(async () => store.commit(batch)),
        close: async () => store.close(),
      };
    };
    Object.assign(alice.device.platform, { kv: { ...kv, open: failing } });
    const { client, events } = await start(world, alice.device);
    await events.next('storageDegraded');
    const [peer] = peers;
    peer!.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'are you there?' });
    await events.next('onRosterMessage', ({ content }) => content === 'are you there?');
    client.sysManage.sendRosterMessage({ uid: peer!.id, content: 'yes' });
    await peer!.events.next('onRosterMessage', ({ content }) => content === 'yes');
    const shown = client.userManage.getConversationList();
    expect(shown[0]).toMatchObject({ id: peer!.id, content: 'yes' });
    expect(shown.length).toBeLessThan(20_000);
    await client.dispose();
    Object.assign(alice.device.platform, { kv });
    const next = await start(world, alice.device);
    await until(() => next.client.userManage.getConversationList().length === 20_001, 'every conversation');
  }, 30_000);

  test('the list is there at once with the newest, and an event says that the others are', async () => {
    const { world, alice } = await startWith(20_000);
    const { client, events } = world.client({}, alice.device);
    const sizes: number[] = [];
    client.on('recentlistUpdate', () => sizes.push(client.userManage.getConversationList().length));
    await until(() => sizes.includes(20_000), 'the event with every conversation');
    expect(sizes[0]).toBeLessThan(20_000);
    await events.next('onRosterListUpdate');
    const newest = client.userManage.getConversationList()[0]!;
    expect(newest).toMatchObject({ id: FIRST + 19_999 * 7, content: 'long ago', unread: 1 });
    expect(Object.keys(client.rosterManage.getAllRosterDetail()).length).toBeGreaterThanOrEqual(20_000);
  }, 30_000);
});
