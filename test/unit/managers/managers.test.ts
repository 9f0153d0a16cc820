import { describe, expect, test } from 'vitest';
import { settle } from '../../support/settle.ts';
import { chat, PEER, SELF } from '../sync/harness.ts';
import { createManagers, refusal } from './managers-harness.ts';

describe('the conversation list', () => {
  test('is ordered by newest activity, drafts included, and has numbers as ids', async () => {
    const { user, store } = await createManagers();
    await store.update((tx) => {
      tx.updateConversation('r1', { timestamp: '100', previewId: '1', content: 'a', unread: 3 });
      tx.updateConversation('g2', { timestamp: '300', previewId: '3', hasAt: true });
      tx.updateConversation('r3', { timestamp: '50', previewId: '2', draft: 'later', draftTimestamp: 200 });
      tx.updateConversation('r4', {});
      tx.updateConversation('r5', { timestamp: '100', previewId: '10', ext: 'e' });
    });
    expect(user.getConversationList().map(({ id }) => id)).toEqual([2, 3, 5, 1, 4]);
    expect(user.getConversationList()[3]).toEqual({
      type: 'roster',
      id: 1,
      content: 'a',
      ext: '',
      timestamp: '100',
      hasAt: false,
      draft: '',
      draftTimestamp: '',
      unread: 3,
    });
    expect(user.getConversationList()[4]).toMatchObject({ id: 4, content: '', timestamp: '', ext: {}, unread: 0 });
  });
});

describe('friends, groups and the own account', () => {
  test('are read from the store, or fetched', async () => {
    const { roster, group, store, calls } = await createManagers();
    await store.update((tx) => {
      tx.setFriends(['5', '6']);
      tx.setGroups(['50', '51']);
      tx.putUsers([{ user_id: 5, username: 'ann' }]);
      tx.putGroupInfos([{ group_id: 50, name: 'all' }]);
    });
    expect(await roster.asyncGetRosterIdList()).toEqual([5, 6]);
    expect(await group.asyncGetJoinedGroups()).toEqual([{ group_id: 50, name: 'all' }, { group_id: 51 }]);
    expect(roster.getAllRosterDetail()).toEqual({ 5: { user_id: 5, username: 'ann' } });
    expect(group.getAllGroupDetail()).toEqual({ 50: { group_id: 50, name: 'all' } });
    expect(calls).toEqual([]);
    expect(await roster.asyncGetRosterIdList(true)).toEqual([1, 2]);
    expect(await group.asyncGetJoinedGroups(true)).toEqual([50]);
    expect(calls).toEqual([['refreshFriends'], ['refreshGroups']]);
  });

  test('a group is created with the parameters of the app', async () => {
    const { group, calls } = await createManagers();
    const params = Object.freeze({ name: 'new', user_list: [5] });
    expect(await group.asyncCreate(params)).toMatchObject({ group_id: 8 });
    expect(calls).toEqual([['/group/create', params]]);
  });

  test('of a user or group are fetched when they are unknown, or when fetching is forced', async () => {
    const { roster, group, store, calls } = await createManagers({ data: { group_id: 50, name: 'all' } });
    await store.update((tx) => tx.putUsers([{ user_id: 5, username: 'ann' }]));
    expect(await roster.asyncGetRosterInfo('5')).toEqual({ user_id: 5, username: 'ann' });
    expect(await roster.asyncGetRosterInfo(6, true)).toEqual({ user_id: 6 });
    expect(await roster.asnycGetRosterListDetailByIds([5, '6'])).toEqual([{ user_id: 5, username: 'ann' }]);
    expect(await group.asyncGetGroupInfo(50)).toEqual({ group_id: 50, name: 'all' });
    await group.asyncGetGroupInfo(50);
    await group.asyncGetGroupInfo('50', true);
    expect(await group.asyncGetGroupListDetail([50, 51])).toEqual([{ group_id: 50, name: 'all' }]);
    expect(calls).toEqual([
      ['fetchUsers', ['5'], undefined],
      ['fetchUsers', ['6'], true],
      ['fetchUsers', ['5', '6']],
      ['/group/info', { group_id: '50' }],
      ['/group/info', { group_id: '50' }],
      ['fetchGroups', ['50', '51'], true],
    ]);
    expect([roster.getRosterInfo(5), roster.getRosterInfo('7')]).toEqual([
      { user_id: 5, username: 'ann' },
      { user_id: 7 },
    ]);
  });

  test('deleting a friend removes the conversation but not its messages', async () => {
    const { roster, user, store, apply, heard } = await createManagers({ data: true });
    await apply([chat({ id: 1 })]);
    await store.update((tx) => tx.setFriends([PEER, '6']));
    expect(await roster.asyncDeleteRoster({ user_id: Number(PEER) })).toBe(true);
    expect(await roster.asyncGetRosterIdList()).toEqual([6]);
    expect(user.getConversationList()).toEqual([]);
    expect(roster.getRosterMessageByRid(PEER).length).toBe(1);
    expect(heard.map(([event]) => event)).toEqual(['onRosterListUpdate', 'recentlistUpdate']);
    await expect(roster.asyncDeleteRoster({} as { user_id: string })).rejects.toMatchObject({ reason: 'InvalidParam' });
  });

  test('opening a group emits the change of its members at once and again when they are fetched', async () => {
    const { group, heard, calls } = await createManagers({ members: [{ user_id: 5 }] });
    group.openGroup(50);
    expect(heard).toEqual([['onGroupMemberChanged', 50]]);
    await settle();
    expect(heard.length).toBe(2);
    expect(await group.asyncGetGroupMembers('50')).toEqual([5, 6]);
    expect(group.getGroupMembers(50)).toEqual([{ user_id: 5 }]);
    expect(calls).toEqual([
      ['open', '50'],
      ['open', '50'],
    ]);
  });

  test('clearing a mention does not move its conversation', async () => {
    const { group, user, store, heard } = await createManagers();
    await store.update((tx) => {
      tx.updateConversation('g50', { timestamp: '100', hasAt: true });
      tx.updateConversation('g51', { timestamp: '200' });
    });
    group.consumeGroupAtStatus(50);
    group.consumeGroupAtStatus(51);
    group.consumeGroupAtStatus(52);
    await settle();
    expect(user.getConversationList().map(({ id, hasAt }) => [id, hasAt])).toEqual([
      [51, false],
      [50, false],
    ]);
    expect(heard.length).toBe(1);
  });

  test('the serial of the device is that of the user, or 0 when nobody is logged in', async () => {
    expect((await createManagers()).user.getDeviceSN()).toBe(2);
    const { user, calls } = await createManagers({ loggedIn: false });
    expect(user.getDeviceSN()).toBe(0);
    user.deleteToken();
    expect(calls).toEqual([]);
  });

  test('a token is deleted', async () => {
    const { user, calls } = await createManagers();
    user.deleteToken();
    expect(calls).toEqual([['forgetToken', SELF]]);
  });

  test('the user, the token and the app id', async () => {
    const { user } = await createManagers();
    expect([user.getUid(), user.getToken(), user.getAppid()]).toEqual([Number(SELF), 'TOKEN', 'app']);
  });

  test('an account is registered without one', async () => {
    const { user, calls } = await createManagers({ loggedIn: false });
    expect(await user.asyncRegister({ username: 'u', password: 'p' })).toMatchObject({ user_id: 7 });
    expect(calls).toEqual([['/user/register/v2', { username: 'u', password: 'p' }]]);
  });
});

describe('logged out', () => {
  test('getters are empty', async () => {
    const { user, roster, group, calls } = await createManagers({ loggedIn: false });
    expect(user.getUid()).toBeUndefined();
    expect(user.getToken()).toBeUndefined();
    expect(user.getConversationList()).toEqual([]);
    expect(roster.getRosterMessageByRid(PEER)).toEqual([]);
    expect(roster.getUnreadCount(PEER)).toBe(0);
    expect(roster.getAllRosterDetail()).toEqual({});
    expect(group.getAllGroupDetail()).toEqual({});
    roster.readRosterMessage(PEER);
    expect(calls).toEqual([]);
  });

  test('calls that need a user throw UserNotLogin', async () => {
    const { sys, roster, group } = await createManagers({ loggedIn: false });
    expect(refusal(() => sys.sendRosterMessage({ uid: PEER }))).toBe('UserNotLogin');
    expect(refusal(() => sys.sendInputStatusMessage(PEER, 'typing'))).toBe('UserNotLogin');
    expect(refusal(() => sys.requireHistoryMessage(PEER, 0, 1))).toBe('UserNotLogin');
    await expect(roster.asyncGetRosterIdList()).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await expect(group.asyncGetJoinedGroups()).rejects.toMatchObject({ reason: 'UserNotLogin' });
  });
});
