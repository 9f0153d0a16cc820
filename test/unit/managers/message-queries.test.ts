import { describe, expect, test } from 'vitest';
import { wrongly } from '../../support/fakes.ts';
import { settle } from '../../support/settle.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { chat, GROUP, openTestStore, PEER } from '../sync/harness.ts';
import { createManagers, refusal } from './managers-harness.ts';

describe('messages', () => {
  test('of a user and of a group are separate, ascending, and copies', async () => {
    const { roster, group, apply } = await createManagers();
    await apply([chat({ id: 10 }), chat({ id: 9 }), chat({ id: 11, to: GROUP })]);
    expect(roster.getRosterMessageByRid(PEER).map(({ id }) => id)).toEqual(['9', '10']);
    expect(roster.getRosterMessageByRid(Number(PEER)).length).toBe(2);
    expect(roster.getRosterMessageByRid(GROUP)).toEqual([]);
    expect(group.getGroupMessage(GROUP).map(({ id }) => id)).toEqual(['11']);
    expect(group.getGruopMessage(GROUP)).toEqual(group.getGroupMessage(GROUP));
    roster.getRosterMessageByRid(PEER)[0]!.content = 'changed';
    expect(roster.getRosterMessageByRid(PEER)[0]!.content).toBe('text 9');
  });

  test('of an unknown or a bad id are an empty list', async () => {
    const { roster } = await createManagers();
    for (const id of [PEER, 'abc', wrongly(undefined)]) {
      expect(roster.getRosterMessageByRid(id)).toEqual([]);
      expect(roster.getUnreadCount(id)).toBe(0);
    }
  });

  test('of a conversation that left memory are returned from the second call on', async () => {
    const opened = await openTestStore();
    for (let at = 1; at <= 60; at++) await opened.apply([chat({ id: at, from: String(1000 + at) })]);
    const { roster } = await createManagers({ provider: opened.provider });
    expect(roster.getRosterMessageByRid('1001')).toEqual([]);
    await settle();
    expect(roster.getRosterMessageByRid('1001').map(({ id }) => id)).toEqual(['1']);
  });

  test('are an empty list when the database fails, and no rejection is left unhandled', async () => {
    const failing = createFailingProvider();
    const opened = await openTestStore(failing.provider);
    for (let at = 1; at <= 60; at++) await opened.apply([chat({ id: at, from: String(1000 + at) })]);
    const { roster } = await createManagers({ provider: failing.provider });
    failing.fail(false, true);
    expect(roster.getRosterMessageByRid('1001')).toEqual([]);
    await settle();
    failing.fail(false);
    roster.getRosterMessageByRid('1001');
    await settle();
    expect(roster.getRosterMessageByRid('1001').length).toBe(1);
  });

  test('that are unread are counted, and read through sync', async () => {
    const { roster, group, apply, calls } = await createManagers();
    await apply([chat({ id: 1 }), chat({ id: 2 }), chat({ id: 3, to: GROUP })]);
    expect([roster.getUnreadCount(PEER), group.getUnreadCount(Number(GROUP)), roster.getUnreadCount(GROUP)]).toEqual([
      2, 1, 0,
    ]);
    roster.readRosterMessage(PEER);
    roster.readRosterMessage(Number(PEER), 2);
    group.readGroupMessage(GROUP, wrongly(null));
    expect(calls).toEqual([
      ['markRead', `r${PEER}`, undefined],
      ['markRead', `r${PEER}`, '2'],
      ['markRead', `g${GROUP}`, undefined],
    ]);
    expect(refusal(() => roster.readRosterMessage('x'))).toBe('InvalidParam');
    expect(refusal(() => roster.readRosterMessage(PEER, 'x'))).toBe('InvalidParam');
  });
});
