import { describe, expect, it } from 'vitest';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member, World } from '../../support/memory-world.ts';

const isSent = ({ status }: { status: string }): boolean => status === 'sent';
const shown = ({ client }: Member, peer: Member): string[] =>
  client.rosterManage.getRosterMessageByRid(peer.id).map(({ content }) => content);

/** Alice sends; bob has it and alice no answer. */
async function sendWithoutAnswer(world: World, alice: Member, bob: Member, ...texts: string[]): Promise<string[]> {
  world.server.admin.dropAnswers({ command: 'send', count: texts.length });
  for (const content of texts) alice.client.sysManage.sendRosterMessage({ uid: bob.id, content });
  const received = await bob.events.count('onRosterMessage', texts.length);
  return received.map(({ id }) => id);
}

describe('a message whose answer was lost', () => {
  it('C7: is in the conversation when it is said to be sent, although no history shows it', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'before' });
    await alice.events.next('onRosterMessage');
    const [id] = await sendWithoutAnswer(world, alice, bob, 'x');
    world.app.messages.remove(world.app.messages.get(BigInt(id!))!);
    const atSent: string[][] = [];
    alice.client.on('onSendingMessageStatusChanged', ({ status }) => {
      if (status === 'sent') atSent.push(shown(alice, bob));
    });
    world.server.admin.dropSockets({ uid: alice.id });
    await alice.events.next('onSendingMessageStatusChanged', isSent);
    expect(atSent).toEqual([['before', 'x']]);
    const page = await alice.client.sysManage.getMessages({ id: bob.id, type: 'roster' });
    expect(page.messages.map(({ content }) => content)).toEqual(['before', 'x']);
    expect(alice.client.userManage.getConversationList()[0]).toMatchObject({ content: 'x' });
    expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toEqual([]);
  });

  it('is not given up while the app reads older pages', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    for (let sent = 0; sent < 120; sent++)
      bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: `${sent}` });
    await bob.events.count('onSendingMessageStatusChanged', 120, isSent);
    const device = await world.member('alice');
    const texts = ['a', 'b', 'c', 'a'];
    await sendWithoutAnswer(world, device, bob, ...texts);
    world.server.admin.setDelay(20);
    device.client.on('loginSuccess', () => {
      device.client.sysManage.requireHistoryMessage(bob.id, 0, 20);
      void device.client.sysManage.getMessages({ id: bob.id, type: 'roster', limit: 150 });
    });
    world.server.admin.dropSockets({ uid: device.id });
    await device.events.count('onSendingMessageStatusChanged', 4, isSent);
    expect(shown(device, bob).slice(-4)).toEqual(texts);
    await until(() => device.client.sysManage.getSendingMessages(bob.id, 'roster').length === 0, 'no row');
    const page = await device.client.sysManage.getMessages({ id: bob.id, type: 'roster', limit: 200 });
    expect(page.messages.map(({ content }) => content).filter((text) => texts.includes(text))).toEqual(texts);
  });

  it('shows what another device made of it meanwhile', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const tablet = await world.member('alice');
    const ids = await sendWithoutAnswer(world, alice, bob, 'first', 'second');
    alice.client.disConnect();
    tablet.client.rosterManage.replaceMessage(bob.id, ids[0]!, 'edited');
    await bob.events.next('onRosterMessageReplace');
    await alice.client.login({ name: 'alice', password: 'secret12' });
    await alice.events.count('onSendingMessageStatusChanged', 2, isSent);
    expect(shown(alice, bob)).toEqual(['edited', 'second']);
  });
});
