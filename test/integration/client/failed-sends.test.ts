import { describe, expect, test } from 'vitest';
import { FrameCommand } from 'flooim/wire';
import { quiet } from '../../support/client-events.ts';
import { startWorld } from '../../support/memory-world.ts';

describe('a send that is refused fails with the server’s code', () => {
  test.each([
    [12, 'censored', 'MessageCensored', 'MessageCensored'],
    [20, 'slowly', 'MessageRateLimitExceeded', 'MessageRateLimitExceeded'],
    [11, 'banned', 'UserBanned', 'GroupMemberBanned'],
    [8, 'bad', 'MessageInvalid', 'MessageInvalid'],
    [2, 'no', 'ServerFireplaceUnknownError', 'ServerFireplaceUnknownError'],
  ])('%i %s', async (code, reason, toUser, toGroup) => {
    const world = await startWorld();
    const [alice, bob] = [await world.member('alice'), await world.member('bob')];
    const gid = world.group(alice, bob);
    world.server.admin.refuseSend({ code, reason, count: 2 });
    const mids = [
      alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: '1' }),
      alice.client.sysManage.sendGroupMessage({ gid, content: '2' }),
    ];
    const failed = await alice.events.count('onSendingMessageStatusChanged', 2, ({ status }) => status === 'failed');
    expect(failed).toMatchObject([
      { mid: mids[0], errorCode: code, errorReason: reason, error: { reason: toUser }, message: { content: '1' } },
      { mid: mids[1], errorCode: code, errorReason: reason, error: { reason: toGroup }, message: { content: '2' } },
    ]);
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toEqual([]);
    expect(alice.events.all('flooError')).toEqual([]);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'next' });
    expect(await bob.events.next('onRosterMessage')).toMatchObject({ content: 'next' });
    // A refused message is not retried by itself.
    world.server.admin.dropSockets();
    await alice.events.next('loginSuccess');
    await quiet(20);
    expect(bob.events.all('onRosterMessage')).toHaveLength(1);
    expect(bob.events.all('onGroupMessage')).toEqual([]);
  });

  test('for a banned member of the group, and for somebody who is no member', async () => {
    const world = await startWorld();
    const [alice, bob, carol] = [await world.member('alice'), await world.member('bob'), await world.member('carol')];
    const gid = world.group(alice, bob);
    world.app.groups.get(gid)!.banned.set(bob.id, -1);
    bob.client.sysManage.sendGroupMessage({ gid, content: 'x' });
    const failed = await bob.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed');
    expect(failed).toMatchObject({ errorCode: 11, error: { reason: 'GroupMemberBanned' } });
    carol.client.sysManage.sendGroupMessage({ gid, content: 'x' });
    expect(await carol.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'failed')).toMatchObject(
      { errorCode: 2, errorReason: 'not a group member' },
    );
  });
});

describe('bad arguments', () => {
  test('throw before anything is sent', async () => {
    const world = await startWorld();
    const { client, id } = await world.member('alice');
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const { sysManage, rosterManage, groupManage } = client;
    const bad: (() => unknown)[] = [
      () => sysManage.sendRosterMessage({ content: 'x' } as never),
      () => sysManage.sendRosterMessage({ uid: 'bob', content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: NaN, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: -1, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: 1.5, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: 2 ** 60, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: null as never, content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: '99999999999999999999', content: 'x' }),
      () => sysManage.sendRosterMessage({ uid: 1, content: 'x', type: 'smell' as never }),
      () => sysManage.sendRosterMessage({ uid: 1, content: 'x', ext: circular }),
      () => sysManage.sendRosterMessage(undefined as never),
      () => sysManage.sendGroupMessage({ content: 'x' } as never),
      () => sysManage.sendInputStatusMessage('x', 'typing'),
      () => sysManage.requireHistoryMessage('x', 0, 20),
      () => sysManage.requireHistoryMessage(id, 'x', 20),
      () => rosterManage.readRosterMessage('x'),
      () => groupManage.readGroupMessage(1, 'x'),
    ];
    for (const [index, call] of bad.entries()) {
      expect(call, `call ${index}`).toThrow(expect.objectContaining({ name: 'FlooError', reason: 'InvalidParam' }));
    }
    await quiet(20);
    const sent = world.server.admin
      .receivedFrames()
      .filter(({ frame, error }) => error !== undefined || frame?.command === FrameCommand.SYNC);
    expect(sent).toEqual([]);
    expect(client.isLogin()).toBe(true);
  });

  test('come second: a send before the login throws UserNotLogin', async () => {
    const world = await startWorld();
    const { client } = world.client();
    const notLoggedIn = expect.objectContaining({ reason: 'UserNotLogin' }) as Error;
    expect(() => client.sysManage.sendRosterMessage({ uid: 1, content: 'x' })).toThrow(notLoggedIn);
    expect(() => client.sysManage.sendGroupMessage({ gid: 1, content: 'x' })).toThrow(notLoggedIn);
    expect(() => client.sysManage.sendInputStatusMessage(1, 'typing')).toThrow(notLoggedIn);
    expect(() => client.sysManage.requireHistoryMessage(1, 0, 20)).toThrow(notLoggedIn);
    await expect(client.rosterManage.asyncGetRosterIdList()).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await expect(client.rosterManage.asyncGetRosterIdList(true)).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await expect(client.groupManage.asyncCreate({ name: 'g' })).rejects.toMatchObject({ reason: 'UserNotLogin' });
    expect(client.rosterManage.getRosterMessageByRid(1)).toEqual([]);
    expect(client.rosterManage.getAllRosterDetail()).toEqual({});
    expect(client.rosterManage.getUnreadCount(1)).toBe(0);
    expect(client.userManage.getConversationList()).toEqual([]);
  });
});
