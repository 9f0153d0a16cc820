import { describe, expect, it, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';
import type { Member } from '../../support/memory-world.ts';

const HALF = 'a\ud83d';
const WHOLE = 'a\ufffd';
const isSent = ({ status }: { status: string }): boolean => status === 'sent';
const stored = ({ client }: Member, peer: Member): object[] =>
  client.rosterManage
    .getRosterMessageByRid(peer.id)
    .map(({ content, ext, config, attach }) => ({ content, ext, config, attach }));

describe('half a character at the end of a text', () => {
  it('C4: is U+FFFD for everybody, and a lost answer does not matter', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    world.server.admin.dropAnswers({ command: 'send', count: 1 });
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: HALF, ext: HALF });
    const { id } = await bob.events.next('onRosterMessage');
    world.server.admin.dropSockets({ uid: alice.id });
    const sent = await alice.events.next('onSendingMessageStatusChanged', isSent);
    expect(sent.message).toMatchObject({ id, content: WHOLE, ext: WHOLE });
    expect(stored(alice, bob)).toEqual(stored(bob, alice));
  });

  test('in every field, in edits and in REST', async () => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    alice.client.sysManage.sendRosterMessage({
      uid: bob.id,
      type: 'location',
      content: HALF,
      ext: { [HALF]: HALF },
      config: { a: [HALF] },
      attachment: JSON.stringify({ lat: 1, lon: 2, addr: HALF }),
    });
    const { id } = await bob.events.next('onRosterMessage');
    await until(() => stored(alice, bob).length === 1, 'the answer');
    expect(stored(alice, bob)).toEqual(stored(bob, alice));
    expect(stored(bob, alice)).toMatchObject([{ content: WHOLE, config: { a: [WHOLE] }, attach: { addr: WHOLE } }]);
    alice.client.rosterManage.appendMessageContent(bob.id, id, HALF);
    alice.client.rosterManage.replaceMessage(bob.id, id, '', { b: HALF }, { c: HALF });
    await bob.events.next('onRosterMessageReplace');
    await until(() => JSON.stringify(stored(alice, bob)) === JSON.stringify(stored(bob, alice)), 'the same').catch(
      () => undefined,
    );
    expect(stored(alice, bob)).toEqual(stored(bob, alice));
    expect(stored(bob, alice)).toMatchObject([{ content: WHOLE + WHOLE, config: { b: WHOLE } }]);
    await alice.client.userManage.asyncUpdateNickName({ nick_name: HALF });
    expect(world.app.users.get(alice.id)!).toMatchObject({ profile: { nick_name: WHOLE } });
  });
});
