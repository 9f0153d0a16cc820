/** Runs that could not store, and the good starts after them. */
import { describe, expect, test } from 'vitest';
import type { KvStore, KvWrite } from '../../../src/platform/ports.ts';
import type { Device } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { APP_ID, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const full = (): Error => Object.assign(new Error('full'), { name: 'QuotaExceededError' });

/** What a disk does with a batch that it refuses. */
const FAULTS: Record<string, (store: KvStore, batch: readonly KvWrite[]) => Promise<void>> = {
  'is full': async () => Promise.reject(full()),
  fails: async () => Promise.reject(Object.assign(new Error('lost'), { name: 'UnknownError' })),
};

const contents = async ({ client }: Pick<Member, 'client'>, id: number): Promise<(string | undefined)[]> => {
  const { messages, complete } = await client.sysManage.getMessages({ id, type: 'roster', limit: 100 });
  expect(complete).toBe(true);
  return messages.map(({ content }) => content);
};

const unreadOf = ({ client }: Pick<Member, 'client'>, id: number): number | undefined =>
  client.userManage.getConversationList().find((item) => item.id === id)?.unread;

/** The next start on this device, with a disk that works. */
async function nextStart(world: World, device: Device): Promise<Pick<Member, 'client' | 'events'>> {
  device.commit = async (store, batch) => store.commit(batch);
  const next = world.client({}, device);
  await next.events.next('loginSuccess');
  return next;
}

const talk = async (from: Member, to: Member, content: string): Promise<void> => {
  from.client.sysManage.sendRosterMessage({ uid: to.id, content });
  await to.events.next('onRosterMessage', (message) => message.content === content);
};

describe('messages of a run that could not store', () => {
  test.each(Object.entries(FAULTS))('A1: come back at the next good start, when the disk %s', async (_, fault) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    await talk(bob, alice, '1');
    alice.device.commit = fault;
    for (const text of ['2', '3', '4']) await talk(bob, alice, text);
    await talk(alice, bob, 'mine');
    expect(await contents(alice, bob.id)).toEqual(['1', '2', '3', '4', 'mine']);
    expect(unreadOf(alice, bob.id)).toBe(4);
    expect(alice.events.all('onRosterMessage').map(({ content }) => content)).toEqual(['1', '2', '3', '4', 'mine']);
    await alice.client.dispose();

    const next = await nextStart(world, alice.device);
    await until(() => unreadOf(next, bob.id) === 4, 'the unread count');
    expect(await contents(next, bob.id)).toEqual(['1', '2', '3', '4', 'mine']);
    expect(next.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, content: 'mine', unread: 4 }]);
    expect(await contents(bob, alice.id)).toEqual(['1', '2', '3', '4', 'mine']);
  });

  test('A2: come back when the database was deleted between two runs, as a new device shows them', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(bob, alice);
    for (const text of ['1', '2', '3', '4', '5']) await talk(bob, alice, text);
    for (const content of ['6', '7', '8']) {
      bob.client.sysManage.sendGroupMessage({ gid, content });
      await alice.events.next('onGroupMessage', (message) => message.content === content);
    }
    await alice.client.dispose();
    await alice.device.platform.kv.drop(`flooim.${APP_ID}.${alice.uid}`);

    const next = await nextStart(world, alice.device);
    await next.events.count('onRosterMessage', 5);
    await next.events.count('onGroupMessage', 3);
    expect(next.client.userManage.getConversationList()).toMatchObject([
      { id: gid, content: '8', unread: 3 },
      { id: bob.id, content: '5', unread: 5 },
    ]);
    expect(next.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(5);
    expect(await contents(next, bob.id)).toEqual(['1', '2', '3', '4', '5']);
  });
});
