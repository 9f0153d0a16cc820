/** Stored records that were damaged: each costs itself only, and comes back from the server. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Device } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { APP_ID, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { deviceOn, temporaryDirectory } from '../../support/data-dir.ts';

const SEGMENT = (id: number): string => `s/r${id}/${'0'.repeat(20)}`;

async function withMessages(world: World, count: number, device?: Device): Promise<{ alice: Member; bob: Member }> {
  const [alice, bob] = [await world.member('alice', {}, device), await world.member('bob')];
  for (let n = 1; n <= count; n++) bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: String(n) });
  await alice.events.count('onRosterMessage', count);
  await bob.events.count('onSendingMessageStatusChanged', count, ({ status }) => status === 'sent');
  // What is not acknowledged is delivered again, and counts as unread again when the record of it is lost.
  const [computer] = world.app.devices.of(alice.id);
  await until(() => world.app.queues.undelivered(computer!, bob.id).length === 0, 'everything to be acknowledged');
  return { alice, bob };
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, at) => String(at + 1));

/** Damages a record of alice's database between two runs. */
async function damage(alice: Member, key: string, change: (value: unknown) => unknown): Promise<void> {
  await alice.client.dispose();
  const kv = await alice.device.platform.kv.open(`flooim.${APP_ID}.${alice.uid}`);
  await kv.commit([{ op: 'put', key, value: change(await kv.get(key)) }]);
  await kv.close();
}

async function nextStart(world: World, device: Device): Promise<Pick<Member, 'client' | 'events'>> {
  const next = world.client({}, device);
  await next.events.next('loginSuccess');
  return next;
}

const problems = ({ events }: Pick<Member, 'events'>): string[] =>
  events.all('flooError').map(({ category, desc }) => `${category} ${desc}`);

describe('a damaged segment', () => {
  test.each<[string, (value: unknown) => unknown]>([
    ['truncated', (value) => (value as string).slice(0, 400)],
    ['a list of something else', () => '[5]'],
    ['of another type', () => 5],
    ['with one wrong row', (value) => (value as string).replace('"7"', '7')],
    ['empty', () => '[]'],
  ])('A3: that is %s becomes a gap and comes back from history', async (_, change) => {
    const world = await startWorld();
    const { alice, bob } = await withMessages(world, 50);
    await damage(alice, SEGMENT(bob.id), change);
    const next = await nextStart(world, alice.device);
    const { messages, complete } = await next.client.sysManage.getMessages({ id: bob.id, type: 'roster', limit: 60 });
    expect(messages.map(({ content }) => content)).toEqual(numbers(50));
    expect(complete).toBe(true);
    await until(() => next.client.rosterManage.getRosterMessageByRid(bob.id).length === 50, 'the messages');
    expect(next.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, content: '50', unread: 50 }]);
    await next.client.dispose();
    const again = await nextStart(world, alice.device);
    expect(problems(again)).toEqual([]);
    expect(again.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(50);
  });

  test('A3: a flipped byte in the middle of the journal of Node costs nothing that the server has', async () => {
    const world = await startWorld();
    const directory = temporaryDirectory(world);
    const { alice, bob } = await withMessages(world, 50, deviceOn(directory));
    await alice.client.dispose();
    const path = join(directory, `flooim.${APP_ID}.${alice.uid}`, 'journal');
    const bytes = readFileSync(path);
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    writeFileSync(path, bytes);
    const next = await nextStart(world, deviceOn(directory));
    expect(problems(next)).toHaveLength(1);
    const page = async (): Promise<unknown> => {
      const { messages, complete } = await next.client.sysManage.getMessages({ id: bob.id, type: 'roster', limit: 60 });
      return { complete, contents: messages.map(({ content }) => content) };
    };
    await expect.poll(page).toEqual({ complete: true, contents: numbers(50) });
    await until(() => next.client.userManage.getConversationList()[0]?.unread === 50, 'the unread count');
    await next.client.dispose();
    const again = await nextStart(world, deviceOn(directory));
    expect(problems(again)).toEqual([]);
    expect(again.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(50);
  });
});

type Case = [what: string, keyOf: (bob: number) => string, change: (value: unknown) => unknown];

describe('a record of a wrong shape', () => {
  const ending = (id: number): string => String(id).slice(-2);
  const bucket = (change: (record: Record<string, unknown>) => unknown) => (value: unknown) =>
    JSON.stringify(
      (JSON.parse(value as string) as [string, Record<string, unknown>][]).map(([key, record]) => [
        key,
        change(record),
      ]),
    );
  const wrong = [5, null, 'x', [null], {}, [5], '[null]', '{'] as unknown[];

  test.each<Case>([
    ['a segment', (bob) => SEGMENT(bob), () => '[5]'],
    ...wrong.map((value): Case => [`friends ${JSON.stringify(value)}`, () => 'l/friends', () => value]),
    ...wrong.map((value): Case => [`groups ${JSON.stringify(value)}`, () => 'l/groups', () => value]),
    ...wrong.map((value): Case => [`notices ${JSON.stringify(value)}`, () => 'x/notices', () => value]),
    ...wrong.map((value): Case => [`last mid ${JSON.stringify(value)}`, () => 'x/last-mid', () => value]),
    ...wrong.slice(1).map((value): Case => [`the version ${JSON.stringify(value)}`, () => 'x/schema', () => value]),
    ...wrong.map((value): Case => [`the device ${JSON.stringify(value)}`, () => 'x/device', () => value]),
    ...wrong.map((value): Case => [`a queue ${JSON.stringify(value)}`, () => 'q/0', () => value]),
    ...wrong.map((value): Case => [`users ${JSON.stringify(value)}`, (bob) => `users/${ending(bob)}`, () => value]),
    ...wrong.map((value): Case => [
      `conversations ${JSON.stringify(value)}`,
      (bob) => `conversations/${ending(bob)}`,
      () => value,
    ]),
    ...wrong.map((value): Case => [
      `an outbox row ${JSON.stringify(value)}`,
      () => `o/${'5'.padStart(20, '0')}`,
      () => value,
    ]),
    [
      'an outbox mid',
      () => 'o/0000000000000000000x',
      () => ({ mid: 'x', state: 'queued', conversation: 'r1', meta: {} }),
    ],
    ...(
      ['gaps', 'readMarks', 'unread', 'newestId', 'clearedTo', 'content', 'timestamp', 'undelivered', 'draft'] as const
    ).map((field): Case => [
      `the field ${field}`,
      (bob: number) => `conversations/${ending(bob)}`,
      bucket((record) => ({ ...record, [field]: { wrong: true } })),
    ]),
  ])('A4: is dropped and healed: %s', async (_, keyOf, change) => {
    const world = await startWorld();
    const { alice, bob } = await withMessages(world, 5);
    await damage(alice, keyOf(bob.id), change);
    const next = await nextStart(world, alice.device);
    // A page is not complete while the conversation is being synced.
    const page = async (): Promise<unknown> => {
      const { messages, complete } = await next.client.sysManage.getMessages({ id: bob.id, type: 'roster' });
      return { complete, contents: messages.map(({ content }) => content) };
    };
    await expect.poll(page).toEqual({ complete: true, contents: numbers(5) });
    await until(() => next.client.userManage.getConversationList()[0]?.unread === 5, 'the unread count');
    expect(next.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, content: '5', unread: 5 }]);
    next.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'still here' });
    await bob.events.next('onRosterMessage', ({ content }) => content === 'still here');
    expect(problems(next).length).toBeLessThan(2);
    await next.client.dispose();
    const again = await nextStart(world, alice.device);
    expect(problems(again)).toEqual([]);
    expect(again.client.userManage.getConversationList()).toMatchObject([{ id: bob.id, unread: 5 }]);
  });
});
