import { describe, expect, it, test } from 'vitest';
import { quiet, until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member } from '../../support/memory-world.ts';

interface Story {
  alice: Member;
  bob: Member;
  gid: number;
  /** Alice sends it to the group. Returns its id. */
  send(content: string, config?: object): Promise<string>;
}

async function story(): Promise<Story> {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const gid = world.group(alice, bob);
  return {
    alice,
    bob,
    gid,
    send: async (content, config = {}) => {
      alice.client.sysManage.sendGroupMessage({ gid, content, config });
      return (await bob.events.next('onGroupMessage')).id;
    },
  };
}

const seen = ({ client }: Member): object | undefined =>
  client.userManage.getConversationList().map(({ unread, hasAt }) => ({ unread, hasAt }))[0];

describe('a mention that is edited', () => {
  it.each([
    ['of the user', (bob: Member) => ({ mentionList: [bob.id] }), { mentionList: [], mentionAll: false }],
    ['of everybody', () => ({ mentionAll: true }), { mentionAll: false }],
  ])('C3: away, %s: the mark goes and the message stays unread', async (_, config, edit) => {
    const { alice, bob, gid, send } = await story();
    const id = await send('hello', config(bob));
    expect(seen(bob)).toEqual({ unread: 1, hasAt: true });
    bob.events.skip();
    alice.client.groupManage.replaceMessage(gid, id, 'x', edit);
    await bob.events.next('onGroupMessageReplace');
    expect(seen(bob)).toEqual({ unread: 1, hasAt: false });
    expect(bob.events.all('recentlistUpdate').length).toBeGreaterThan(0);
  });

  test('in sets the mark, and by an append too', async () => {
    const { alice, bob, gid, send } = await story();
    const id = await send('hello');
    expect(seen(bob)).toEqual({ unread: 1, hasAt: false });
    alice.client.groupManage.replaceMessage(gid, id, '', { mentionList: [bob.id] });
    await bob.events.next('onGroupMessageReplace');
    expect(seen(bob)).toEqual({ unread: 1, hasAt: true });
  });

  test('changes nothing when another unread message mentions the user, when only ext changes, or when it is read', async () => {
    const { alice, bob, gid, send } = await story();
    const first = await send('hello', { mentionAll: true });
    await send('again', { mentionAll: true });
    alice.client.groupManage.replaceMessage(gid, first, 'x', { mentionAll: false });
    await bob.events.next('onGroupMessageReplace');
    expect(seen(bob)).toEqual({ unread: 2, hasAt: true });
    alice.client.groupManage.replaceMessage(gid, first, '', null, { a: 1 });
    await bob.events.next('onGroupMessageReplace');
    expect(seen(bob)).toEqual({ unread: 2, hasAt: true });
    bob.client.groupManage.readGroupMessage(gid);
    await until(() => JSON.stringify(seen(bob)) === '{"unread":0,"hasAt":false}', 'it to be read');
    alice.client.groupManage.replaceMessage(gid, first, '', { mentionAll: true });
    await bob.events.next('onGroupMessageReplace');
    expect(seen(bob)).toEqual({ unread: 0, hasAt: false });
  });

  test('and marked unread again, here or everywhere, brings the mark back', async () => {
    const { bob, gid, send } = await story();
    const id = await send('hello', { mentionAll: true });
    for (const mark of [
      () => bob.client.sysManage.markMessageUnread(gid, id, true),
      () => bob.client.groupManage.unreadMessage(gid, id),
    ]) {
      bob.client.groupManage.readGroupMessage(gid);
      await until(() => JSON.stringify(seen(bob)) === '{"unread":0,"hasAt":false}', 'it to be read');
      mark();
      await until(() => JSON.stringify(seen(bob)) === '{"unread":1,"hasAt":true}', 'the mark');
    }
  });

  test('and recalled takes the mark along', async () => {
    const { alice, bob, gid, send } = await story();
    const id = await send('hello', { mentionAll: true });
    await quiet(20);
    alice.client.groupManage.recallMessage(gid, id);
    await bob.events.next('onMessageRecalled');
    expect(seen(bob)).toEqual({ unread: 0, hasAt: false });
  });
});
