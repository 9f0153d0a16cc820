import { describe, expect, it, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const sleep = async (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const isSent = ({ status }: { status: string }): boolean => status === 'sent';
const newest = ({ client }: Member, peer: Member): string =>
  client.rosterManage.getRosterMessageByRid(peer.id).slice(-1)[0]?.content ?? '';

async function story(): Promise<{ world: World; alice: Member; bob: Member; id: string; truth(): string }> {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '|' });
  const { message } = await alice.events.next('onSendingMessageStatusChanged', isSent);
  await bob.events.next('onRosterMessage');
  const { id } = message!;
  return { world, alice, bob, id, truth: () => world.app.messages.get(BigInt(id))!.body.content! };
}

async function allRead(truth: () => string, length: number, ...readers: readonly (() => string)[]): Promise<void> {
  await until(() => truth().length === length, 'the server to have it all');
  await until(() => readers.every((read) => read() === truth()), 'everybody to have it all').catch(() => undefined);
  expect(readers.map((read) => read())).toEqual(readers.map(truth));
}

describe('a message that grows', () => {
  it.each([40, 100])(
    'I1: by %i appends in a loop reads the same at the sender, the reader and a new device',
    async (count) => {
      const { world, alice, bob, id, truth } = await story();
      for (let at = 0; at < count; at++) alice.client.rosterManage.appendMessageContent(bob.id, id, String(at % 10));
      await allRead(
        truth,
        count + 1,
        () => newest(alice, bob),
        () => newest(bob, alice),
      );
      const device = await world.member('bob');
      await until(() => newest(device, alice) === truth(), 'the new device').catch(() => undefined);
      const { messages } = await device.client.sysManage.getMessages({ id: alice.id, type: 'roster' });
      expect(messages.map(({ content }) => content)).toEqual([truth()]);
      expect(newest(device, alice)).toBe(truth());
    },
  );

  test('token by token, through cuts, pages of history and a restart of the reader', async () => {
    const { world, alice, bob, id, truth } = await story();
    let reader = bob;
    let made = 1;
    for (let second = 0; second < 4; second++) {
      for (let at = 0; at < 25; at++) {
        const token = String(made % 10).repeat(1 + (made % 3));
        alice.client.rosterManage.appendMessageContent(bob.id, id, token);
        made += 1;
        if (at % 5 === 0) reader.client.sysManage.requireHistoryMessage(alice.id, 0, 5);
        await sleep(4);
      }
      world.server.admin.dropSockets({ uid: second % 2 === 0 ? alice.id : bob.id });
      if (second === 2) {
        await reader.client.dispose();
        reader = await world.member('bob', {}, bob.device);
      }
    }
    const length = Array.from({ length: made - 1 }, (_, at) => 1 + ((at + 1) % 3)).reduce((sum, n) => sum + n, 1);
    await allRead(
      truth,
      length,
      () => newest(alice, bob),
      () => newest(reader, alice),
    );
  });

  test('on two devices of its author at once, with cuts', async () => {
    const { world, alice, bob, id, truth } = await story();
    const tablet = await world.member('alice');
    for (let at = 0; at < 60; at++) {
      alice.client.rosterManage.appendMessageContent(bob.id, id, 'a');
      tablet.client.rosterManage.appendMessageContent(bob.id, id, 'b');
      if (at === 20) world.server.admin.dropSockets({ uid: alice.id });
      if (at % 7 === 0) tablet.client.sysManage.requireHistoryMessage(bob.id, 0, 5);
      await sleep(2);
    }
    await allRead(
      truth,
      121,
      () => newest(alice, bob),
      () => newest(tablet, bob),
      () => newest(bob, alice),
    );
  });
});
