/** Pages that are read while the first sync goes on. */
import { describe, expect, test } from 'vitest';
import type { MessagePageQuery } from '../../../src/managers/message-reads.ts';
import { compareIds } from '../../../src/model/ids.ts';
import type { Id } from '../../../src/model/ids.ts';
import type { Message } from '../../../src/model/message.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';
import { fc } from '../../support/property.ts';
import { numbers } from './message-order.ts';

test('I9: a page of a conversation that is being synced is whole: the server is asked', async () => {
  const world = await startWorld({ pageSize: 20 });
  const [alice, bob] = [await world.register('alice'), await world.member('bob')];
  for (const content of numbers(300)) bob.client.sysManage.sendRosterMessage({ uid: alice, content });
  await bob.events.count('onSendingMessageStatusChanged', 300, ({ status }) => status === 'sent');
  const ids = bob.client.sysManage.getMessages({ id: alice, type: 'roster', limit: 300 });
  const middle = (await ids).messages[150]!;

  const { client, events } = world.client();
  world.server.admin.setDelay(15);
  await client.login({ name: 'alice', password: PASSWORD });
  await events.next('onRosterMessage');
  const name = { id: bob.id, type: 'roster' } as const;
  const around = await client.sysManage.getMessages({ ...name, around: middle.id, limit: 20 });
  const texts = (messages: readonly Message[]): string[] => messages.map(({ content }) => content);
  expect(around.complete).toBe(true);
  expect(texts(around.messages)).toEqual(numbers(161).slice(141));
  const newest = await client.sysManage.getMessages({ ...name, limit: 7 });
  expect([texts(newest.messages), newest.complete]).toEqual([numbers(300).slice(293), true]);
  const walked: string[] = [];
  for (let after = '1'; ;) {
    const page = await client.sysManage.getMessages({ ...name, after, limit: 33 });
    walked.push(...texts(page.messages));
    if (page.complete && page.messages.length < 33) break;
    after = page.messages.at(-1)?.id ?? after;
  }
  expect(walked).toEqual(numbers(300));
  // Each message is counted and emitted as new all the same.
  world.server.admin.setDelay(0);
  const fresh = (): Message[] => events.all('onRosterMessage').filter(({ isHistory }) => !isHistory);
  await expect.poll(() => new Set(texts(fresh())).size, { timeout: 10_000 }).toBe(300);
  expect(client.rosterManage.getUnreadCount(bob.id)).toBe(300);
});

type Name = Pick<MessagePageQuery, 'id' | 'type'>;
const EVERY_THIRD = 3;

/** Sends as many messages, each third a location, and waits until the server has them. */
async function fill({ client, events }: Member, to: Name, contents: readonly string[]): Promise<void> {
  const before = events.all('onSendingMessageStatusChanged').filter(({ status }) => status === 'sent').length;
  contents.forEach((content, at) => {
    const kind =
      at % EVERY_THIRD === 0
        ? ({ type: 'location', attachment: { lat: 1, lon: 2, addr: content } } as const)
        : ({ type: 'text' } as const);
    if (to.type === 'group') client.sysManage.sendGroupMessage({ gid: to.id, content, ...kind });
    else client.sysManage.sendRosterMessage({ uid: to.id, content, ...kind });
  });
  await expect
    .poll(() => events.all('onSendingMessageStatusChanged').filter(({ status }) => status === 'sent').length)
    .toBe(before + contents.length);
}

interface Walk {
  side: 'before' | 'after';
  /** Where it begins, as a part of the conversation. `undefined`: at its end. */
  from: number | undefined;
  limit: number;
  contentType: 'text' | 'location' | undefined;
  /** After the login. */
  delayMs: number;
}

const walk: fc.Arbitrary<Walk> = fc.record({
  side: fc.constantFrom('before', 'after'),
  from: fc.option(fc.double({ min: 0, max: 0.999, noNaN: true }), { nil: undefined }),
  limit: fc.integer({ min: 1, max: 100 }),
  contentType: fc.constantFrom(undefined, undefined, 'text', 'location'),
  delayMs: fc.nat(120),
});

/** Walks to the end of the conversation. Each page goes on where the one before ends; an incomplete one is asked for again. */
async function walked(
  { client }: Pick<Member, 'client'>,
  name: Name,
  all: readonly Message[],
  { side, from, limit, contentType }: Walk,
): Promise<Id[]> {
  const ids: Id[] = [];
  let anchor = from === undefined ? (side === 'before' ? '0' : '1') : all[Math.floor(from * all.length)]!.id;
  for (let incomplete = 0; incomplete < 100;) {
    const page = await client.sysManage.getMessages({
      ...{ ...name, limit, [side]: anchor },
      ...(contentType && { contentType }),
    });
    if (!page.complete) {
      incomplete += 1;
      continue;
    }
    const found = page.messages.map(({ id }) => id);
    if (side === 'before') ids.unshift(...found);
    else ids.push(...found);
    if (found.length < limit) return ids;
    anchor = found.at(side === 'before' ? 0 : -1)!;
  }
  throw new Error('the walk does not go on');
}

function expected(all: readonly Message[], { side, from, contentType }: Walk): Id[] {
  const at = from === undefined ? undefined : Math.floor(from * all.length);
  const part = side === 'before' ? all.slice(0, at) : all.slice(at === undefined ? 0 : at + 1);
  return part.filter(({ type }) => !contentType || type === contentType).map(({ id }) => id);
}

const COUNT = 130;
const NEWEST: Walk = { side: 'before', from: undefined, limit: 50, contentType: undefined, delayMs: 0 };
const scenes: Readonly<Record<string, (world: World, alice: Member, bob: Member) => Promise<Name>>> = {
  'a chat with a user': async (_, alice, bob) => {
    await fill(bob, { id: alice.id, type: 'roster' }, numbers(COUNT));
    return { id: bob.id, type: 'roster' };
  },
  'a group': async (world, alice, bob) => {
    const name: Name = { id: world.group(bob, alice), type: 'group' };
    await fill(bob, name, numbers(COUNT));
    return name;
  },
  'a chat that was cleared in its middle': async (_, alice, bob) => {
    await fill(bob, { id: alice.id, type: 'roster' }, numbers(COUNT));
    const isThere = (): boolean => alice.events.all('onRosterMessage').length === COUNT;
    await expect.poll(isThere).toBe(true);
    alice.client.sysManage.deleteConversation(bob.id, true, 'roster');
    await expect.poll(() => alice.client.rosterManage.getRosterMessageByRid(bob.id).length).toBe(0);
    await fill(bob, { id: alice.id, type: 'roster' }, numbers(COUNT));
    return { id: bob.id, type: 'roster' };
  },
};

describe('walking through a conversation at any time of its first sync gives exactly what the server has', () => {
  test.each(Object.keys(scenes))('%s', { timeout: 60_000 }, async (scene) => {
    const world = await startWorld({ pageSize: 9 });
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const name = await scenes[scene]!(world, alice, bob);
    await expect
      .poll(async () => (await alice.client.sysManage.getMessages({ ...name, limit: COUNT + 1 })).messages.length)
      .toBe(COUNT);
    const { messages: all } = await alice.client.sysManage.getMessages({ ...name, limit: COUNT });
    await alice.client.dispose();
    await fc.assert(
      fc.asyncProperty(fc.array(walk, { minLength: 1, maxLength: 4 }), fc.nat(12), async (walks, delay) => {
        const fresh = world.client();
        world.server.admin.setDelay(delay);
        await fresh.client.login({ name: 'alice', password: PASSWORD });
        const got = await Promise.all(
          walks.map(async (each) => {
            await new Promise((resolve) => setTimeout(resolve, each.delayMs));
            return walked(fresh, name, all, each);
          }),
        );
        // The server delivers what was cleared too, before it says so.
        const isCleared = (id: Id): boolean => compareIds(id, all[0]!.id) < 0;
        expect(got.map((ids) => ids.filter((id) => !isCleared(id)))).toEqual(walks.map((each) => expected(all, each)));
        world.server.admin.setDelay(0);
        const everything = all.map(({ id }) => id);
        await expect.poll(async () => walked(fresh, name, all, NEWEST)).toEqual(everything);
        await fresh.client.dispose();
      }),
      { numRuns: 12 },
    );
  });
});

test('a pushed message does not overtake one whose sync has no answer, although an own message was answered in between', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const { admin } = world.server;
  admin.dropAnswers({ count: 1, command: 'sync' });
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'first' });
  await bob.events.next('onRosterMessage');
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'own' });
  await alice.events.next('onRosterMessage', ({ content }) => content === 'own');
  admin.pushEager('item');
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'second' });
  await alice.events.next('onRosterMessage', ({ content }) => content === 'second');
  const heard = alice.events.all('onRosterMessage').map(({ content }) => content);
  expect(heard.filter((content) => content !== 'own')).toEqual(['first', 'second']);
});
