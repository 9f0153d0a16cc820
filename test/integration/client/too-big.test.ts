import { describe, expect, test } from 'vitest';
import { FrameCommand } from 'flooim/wire';
import type { ClientOptions } from '../../../src/options.ts';
import { createDevice } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

const LIMIT_BYTES = 65_536;
const LONG = 'x'.repeat(70_000);

/** How often the server got this client mid. A frame that is too big never gets as far. */
const sends = ({ server }: World, mid: number): number =>
  server.admin
    .receivedFrames()
    .filter(({ frame }) => frame?.command === FrameCommand.SYNC && frame.payload?.meta?.id === String(mid)).length;

const failures = ({ events }: Pick<Member, 'events'>): unknown[] =>
  events
    .all('onSendingMessageStatusChanged')
    .filter(({ status }) => status === 'failed')
    .map(({ mid, error }) => [mid, error?.reason]);

interface Scene {
  world: World;
  alice: Member;
  bob: Member;
  gid: number;
  /** A message that is at the server. */
  known: string;
}

async function scene(options: ClientOptions = {}, device = createDevice()): Promise<Scene> {
  const world = await startWorld({ maxFrameBytes: LIMIT_BYTES });
  const alice = await world.member('alice', options, device);
  const bob = await world.member('bob');
  const gid = world.group(alice, bob);
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'known' });
  const { id } = await bob.events.next('onRosterMessage');
  await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
  bob.events.skip();
  alice.events.skip();
  return { world, alice, bob, gid, known: id };
}

type Send = (given: Scene) => number;

/** All that an app can make too big, each with a name. */
const BIG: Readonly<Record<string, Send>> = {
  text: ({ alice, bob }) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: LONG }),
  'text of wide characters': ({ alice, bob }) =>
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '漢'.repeat(23_000) }),
  ext: ({ alice, bob }) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x', ext: { LONG } }),
  config: ({ alice, bob }) => alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'x', config: { LONG } }),
  attachment: ({ alice, bob }) =>
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, type: 'location', attachment: { lat: 1, lon: 2, LONG } }),
  'attachment with a file': ({ alice, bob }) =>
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob(['x']), attachment: { LONG } }),
  mention: ({ alice, gid }) => {
    const mentionList = Array.from({ length: 6000 }, (_, index) => 6_597_478_000_000 + index);
    return alice.client.sysManage.sendMentionMessage({ gid, txt: '@all', mentionList });
  },
  append: ({ alice, bob, known }) => alice.client.rosterManage.appendMessageContent(bob.id, known, LONG),
  'text of a replacement': ({ alice, bob, known }) => alice.client.rosterManage.replaceMessage(bob.id, known, LONG)!,
  'config of a replacement': ({ alice, bob, known }) =>
    alice.client.rosterManage.replaceMessage(bob.id, known, 'x', { LONG })!,
};

describe.each(['raw', 'socket.io'] as const)('on a %s socket that takes 64 KB', (transport) => {
  test.each(Object.entries(BIG))('I2: a message that is too big fails (%s), and the next goes', async (_, send) => {
    const given = await scene({ transport });
    const { alice, bob } = given;
    const big = send(given);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'next' });
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'next' });
    await until(() => failures(alice).length === 1, 'the message to fail');
    expect(failures(alice)).toEqual([[big, 'MessageInvalid']]);
    // It ended some sockets, and no more now.
    const reconnects = alice.events.all('reconnect').length;
    expect(reconnects).toBeGreaterThan(0);
    expect(alice.events.all('reconnect')[0]!.reason).toMatch(/1009/);
    await quiet(200);
    expect(alice.events.all('reconnect')).toHaveLength(reconnects);
    expect(bob.events.all('onRosterMessage').map(({ content }) => content)).toEqual(['known', 'next']);
  });

  test('I2: among many others, each other message arrives once and in order; the failed one can be discarded', async () => {
    const given = await scene({ transport });
    const { world, alice, bob } = given;
    const texts = Array.from({ length: 30 }, (_, index) => String(index));
    const mids = texts.map((content, index) =>
      alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: index % 10 === 5 ? content + LONG : content }),
    );
    const small = texts.filter((_, index) => index % 10 !== 5);
    await until(() => bob.events.all('onRosterMessage').length === 1 + small.length, 'the others', 20_000);
    expect(bob.events.all('onRosterMessage').map(({ content }) => content)).toEqual(['known', ...small]);
    await until(() => failures(alice).length === 3, 'three to fail');
    expect(failures(alice)).toEqual([5, 15, 25].map((index) => [mids[index], 'MessageInvalid']));
    expect(sends(world, mids[5]!)).toBe(0);
    for (const index of [5, 15, 25]) expect(await alice.client.sysManage.discardMessage(mids[index]!)).toBe(true);
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });

  test('I2: after a restart in the middle the big message fails too, and the others go', async () => {
    const device = createDevice();
    const { world, alice, bob } = await scene({ transport }, device);
    // What is stored as sent goes first at the next start.
    world.server.admin.dropAnswers({ command: 'send', count: 1 });
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'before' });
    const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: LONG });
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'after' });
    await until(() => device.trace.some((line) => line.startsWith('commit')), 'the rows to be stored');
    await alice.client.dispose();
    const next = world.client({ autoLogin: true, transport }, device);
    await until(() => bob.events.all('onRosterMessage').length === 3, 'the others');
    expect(bob.events.all('onRosterMessage').map(({ content }) => content)).toEqual(['known', 'before', 'after']);
    await until(() => failures(next).length === 1, 'the message to fail');
    expect(failures(next)).toEqual([[mid, 'MessageInvalid']]);
    expect(await next.client.sysManage.discardMessage(mid)).toBe(true);
    expect(next.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });
});

test('I2: a message made offline that is too big fails when it is sent, and again when it is resent', async () => {
  const { alice, bob } = await scene();
  alice.client.disConnect();
  const mid = alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: LONG });
  await alice.client.tokenLogin(alice.id, alice.client.userManage.getToken()!);
  await until(() => failures(alice).length === 1, 'the message to fail');
  expect(alice.client.sysManage.resendMessage(mid)).toBe(true);
  await until(() => failures(alice).length === 2, 'the message to fail again');
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'next' });
  expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'next' });
});

describe('with maxMessageBytes', () => {
  const tooBig = expect.objectContaining({ name: 'FlooError', reason: 'MessageInvalid' }) as Error;

  test.each(Object.entries(BIG))('I2: the call throws (%s), and nothing is stored or sent', async (_, send) => {
    const given = await scene({ maxMessageBytes: LIMIT_BYTES - 1 });
    const { alice, bob, gid } = given;
    const before = alice.client.userManage.getConversationList();
    expect(() => send(given)).toThrow(tooBig);
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
    expect(alice.client.sysManage.getSendingMessages(gid, 'group')).toEqual([]);
    expect(alice.client.userManage.getConversationList()).toEqual(before);
    expect(alice.events.all('onSendingMessageStatusChanged').slice(2)).toEqual([]);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'next' });
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'next' });
    expect(alice.events.all('reconnect')).toEqual([]);
  });

  /** Makes a message as long as it may be. */
  const longest = (send: (text: string) => void, length: number): string => {
    const text = 'x'.repeat(length);
    try {
      send(text);
      return text;
    } catch (error) {
      expect(error).toEqual(tooBig);
      return longest(send, length - 1);
    }
  };

  test.each(['raw', 'socket.io'] as const)('a message that just fits is sent on a %s socket', async (transport) => {
    const { alice, bob } = await scene({ transport, maxMessageBytes: LIMIT_BYTES - 1 });
    const text = longest(
      (content) => void alice.client.sysManage.sendRosterMessage({ uid: bob.id, content }),
      LIMIT_BYTES - 50,
    );
    expect(text.length).toBeGreaterThan(LIMIT_BYTES - 200);
    await until(() => bob.events.all('onRosterMessage').length === 2, 'the message');
    expect(bob.events.all('onRosterMessage')[1]?.content).toBe(text);
    expect(alice.events.all('reconnect')).toEqual([]);
  });

  test('a forwarded message that is too big is refused', async () => {
    const { alice, bob, gid } = await scene({ maxMessageBytes: 1000 });
    const message = { type: 'text', content: LONG } as const;
    await expect(alice.client.sysManage.forwardMessage({ gid, message })).rejects.toMatchObject({
      reason: 'MessageInvalid',
    });
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });

  test('a message that gets too big by the URL of its file fails', async () => {
    const { alice, bob } = await scene({ maxMessageBytes: 1000 });
    longest((ext) => void alice.client.sysManage.sendRosterMessage({ uid: bob.id, file: new Blob(['x']), ext }), 1000);
    await until(() => failures(alice).length === 1, 'the message to fail');
    expect(failures(alice)).toEqual([[expect.any(Number), 'MessageInvalid']]);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
  });
});
