/** Edits whose answer was lost: the answer to the second try does not say where they belong. */
import { test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import { until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';

test.each(['by the next session', 'after a restart'])(
  'an edit that was known from the history before its answer came is in the text once: it is looked up %s',
  async (how) => {
    const world = await startWorld();
    const bob = await world.member('bob');
    const device = createDevice();
    const alice = await world.member('alice', {}, device);
    const { admin } = world.server;
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'text' });
    const { id } = await alice.events.next('onRosterMessage');

    admin.dropAnswers({ count: 1, command: 'send' });
    alice.client.rosterManage.appendMessageContent(bob.id, id, ' and more');
    await bob.events.next('onRosterMessageContentAppend');
    alice.client.sysManage.requireHistoryMessage(bob.id, 0, 10);
    await alice.events.next('onReceiveHistoryMsg');

    // The history is asked for the place of the edit, and the session ends before it answers.
    const asked = (): number => admin.receivedFrames({ uid: alice.id }).filter(({ frame }) => isHistory(frame)).length;
    const before = asked();
    admin.dropAnswers({ count: 1, command: 'history' });
    admin.dropSockets({ uid: alice.id });
    await until(() => asked() > before, 'the question about the history');

    let { client } = alice;
    if (how === 'after a restart') {
      await client.dispose();
      ({ client } = world.client({}, device));
      await client.login({ name: 'alice', password: PASSWORD });
    } else admin.dropSockets({ uid: alice.id });
    await until(() => asked() > before + 1, 'the question to come again');
    const text = (): string | undefined => client.rosterManage.getRosterMessageByRid(bob.id)[0]?.content;
    await until(() => text() === 'text and more', `the text, and not ${text()}`);
  },
);

const isHistory = (frame: unknown): boolean => !!frame && JSON.stringify(frame).includes('"is_full_sync":true');
