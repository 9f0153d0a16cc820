import Long from 'long';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import type { RestClient, RestParams } from '../../../src/http/rest-client.ts';
import { createGroupManage } from '../../../src/managers/group-manage.ts';
import { createRosterManage } from '../../../src/managers/roster-manage.ts';
import { createSysManage } from '../../../src/managers/sys-manage.ts';
import { createUserManage } from '../../../src/managers/user-manage.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import type { MessageDraft } from '../../../src/sync/outgoing.ts';
import { messageEntry, sendFrame } from '../../../src/sync/outgoing.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import type { SyncUp, IMessageBody } from '../../../src/wire/index.ts';
import { settle } from '../../support/settle.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { chat, GROUP, openTestStore, PEER, SELF } from '../sync/harness.ts';

async function create({ loggedIn = true, provider }: { loggedIn?: boolean; provider?: KvProvider } = {}) {
  const opened = await openTestStore(provider);
  /** What the managers asked of sync, the directory and REST. */
  const calls: unknown[][] = [];
  const note =
    (name: string, result: unknown) =>
    (...args: unknown[]): unknown => {
      calls.push([name, ...args]);
      return result;
    };
  const account = {
    uid: SELF,
    store: opened.store,
    sync: {
      commands: {
        send: note('send', '1700000000000'),
        markRead: note('markRead', Promise.resolve()),
      },
      sendTyping: note('sendTyping', '1700000000001'),
      requestHistory: note('requestHistory', undefined),
    },
    directory: {
      refreshFriends: note('refreshFriends', Promise.resolve(['1', '2'])),
      refreshGroups: note('refreshGroups', Promise.resolve(['50'])),
    },
  } as unknown as Account;
  const accounts = { current: () => (loggedIn ? account : undefined) };
  const rest = {
    async call({ path }: { path: string }, params?: RestParams) {
      calls.push([path, params]);
      return { data: { user_id: 7, group_id: 8 } };
    },
  } as RestClient;
  return {
    ...opened,
    calls,
    sys: createSysManage({ accounts }),
    roster: createRosterManage({ accounts }),
    group: createGroupManage({ accounts, rest }),
    user: createUserManage({
      accounts,
      rest,
      identity: () => (loggedIn ? { uid: SELF, token: 'TOKEN' } : undefined),
      appId: () => 'app',
    }),
  };
}

/** The reason of the error that this throws. */
function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as { reason: string }).reason;
  }
  return 'nothing thrown';
}

describe('sending', () => {
  test('hands a message on with its JSON as text, and gives its client id as a number', async () => {
    const { sys, calls } = await create();
    const mid = sys.sendRosterMessage({
      uid: PEER,
      content: 'hi',
      type: 'image',
      ext: { a: 1 },
      config: '{"b":2}',
      attachment: { url: 'u' },
    });
    expect(mid).toBe(1700000000000);
    expect(calls).toEqual([
      [
        'send',
        `r${PEER}`,
        { content: 'hi', type: 'image', ext: '{"a":1}', config: '{"b":2}', attachment: '{"url":"u"}' },
      ],
    ]);
  });

  test('text is the default, and has no attachment', async () => {
    const { sys, calls } = await create();
    sys.sendGroupMessage({ gid: GROUP, content: 'hi', attachment: { url: 'u' } });
    expect(calls).toEqual([['send', `g${GROUP}`, { content: 'hi', type: 'text' }]]);
  });

  test.each([[PEER], [Number(PEER)], [Long.fromString(PEER)], [` 0${PEER} `]])('takes the id %o', async (uid) => {
    const { sys, calls } = await create();
    sys.sendRosterMessage({ uid });
    expect(calls[0]![1]).toBe(`r${PEER}`);
  });

  test.each([undefined, null, '', 'abc', -1, 1.5, {}, '18446744073709551616'])(
    'refuses %o as an id, and sends nothing',
    async (id) => {
      const { sys, calls } = await create();
      const uid = id as string;
      expect(refusal(() => sys.sendRosterMessage({ uid }))).toBe('InvalidParam');
      expect(refusal(() => sys.sendGroupMessage({ gid: uid }))).toBe('InvalidParam');
      expect(refusal(() => sys.sendInputStatusMessage(uid, 'typing'))).toBe('InvalidParam');
      expect(refusal(() => sys.requireHistoryMessage(uid, 0, 20))).toBe('InvalidParam');
      expect(calls).toEqual([]);
    },
  );

  test('refuses a type it does not know, and JSON that is none', async () => {
    const { sys, calls } = await create();
    expect(refusal(() => sys.sendRosterMessage({ uid: PEER, type: 'poem' as 'text' }))).toBe('InvalidParam');
    expect(refusal(() => sys.sendRosterMessage({ uid: PEER, ext: { n: 1n } }))).toBe('InvalidParam');
    expect(calls).toEqual([]);
  });

  test('content that is null is none', async () => {
    const { sys, calls } = await create();
    sys.sendRosterMessage({ uid: PEER, content: null as unknown as string });
    expect((calls[0]![2] as MessageDraft).content).toBe('');
  });

  test.each([0, 1, 3, -1, 1.5, 2 ** 32, Infinity, NaN, '5', 'high', null])(
    'any priority makes a frame that can be sent: %o',
    async (priority) => {
      const { sys, calls } = await create();
      sys.sendGroupMessage({ gid: GROUP, priority: priority as number });
      const draft = calls[0]![2] as MessageDraft;
      const { meta } = messageEntry('1', `g${GROUP}`, draft, SELF, 1, '0');
      const frame = sendFrame('1', meta, { uid: SELF, deviceSN: 1 });
      const sent = (decodeFrame(encodeFrame(frame, 'up'), 'up').payload as SyncUp).meta!.payload as IMessageBody;
      expect(sent.priority).toBe(priority === 1 || priority === 3 ? priority : (sent.priority ?? 0));
      expect(sent.type).toBe(3);
    },
  );

  test('typing and history are handed on', async () => {
    const { sys, calls } = await create();
    expect(sys.sendInputStatusMessage(PEER, 'nothing')).toBe(1700000000001);
    sys.requireHistoryMessage(GROUP, '9007199254740993', 20);
    expect(calls).toEqual([
      ['sendTyping', PEER, 'nothing'],
      ['requestHistory', GROUP, '9007199254740993', 20],
    ]);
  });

  test.each<[unknown, number]>([
    [1, 1],
    [500, 500],
    [501, 500],
    [0, 1],
    [-5, 1],
    [2.9, 2],
    ['30', 30],
    [undefined, 1],
    [Infinity, 500],
  ])('%o messages of history are %i', async (amount, count) => {
    const { sys, calls } = await create();
    sys.requireHistoryMessage(PEER, 0, amount as number);
    expect(calls[0]![3]).toBe(count);
  });
});

describe('messages', () => {
  test('of a user and of a group are told apart, ascending, as copies', async () => {
    const { roster, group, apply } = await create();
    await apply([chat({ id: 10 }), chat({ id: 9 }), chat({ id: 11, to: GROUP })]);
    expect(roster.getRosterMessageByRid(PEER).map(({ id }) => id)).toEqual(['9', '10']);
    expect(roster.getRosterMessageByRid(Number(PEER)).length).toBe(2);
    expect(roster.getRosterMessageByRid(GROUP)).toEqual([]);
    expect(group.getGroupMessage(GROUP).map(({ id }) => id)).toEqual(['11']);
    expect(group.getGruopMessage(GROUP)).toEqual(group.getGroupMessage(GROUP));
    roster.getRosterMessageByRid(PEER)[0]!.content = 'changed';
    expect(roster.getRosterMessageByRid(PEER)[0]!.content).toBe('text 9');
  });

  test('of nobody are none', async () => {
    const { roster } = await create();
    for (const id of [PEER, 'abc', undefined as unknown as string]) {
      expect(roster.getRosterMessageByRid(id)).toEqual([]);
      expect(roster.getUnreadCount(id)).toBe(0);
    }
  });

  test('of a conversation long unused are there from the next call on', async () => {
    const opened = await openTestStore();
    for (let at = 1; at <= 60; at++) await opened.apply([chat({ id: at, from: String(1000 + at) })]);
    const { roster } = await create({ provider: opened.provider });
    expect(roster.getRosterMessageByRid('1001')).toEqual([]);
    await settle();
    expect(roster.getRosterMessageByRid('1001').map(({ id }) => id)).toEqual(['1']);
  });

  test('that the database does not give are none, and no promise is left unhandled', async () => {
    const failing = createFailingProvider();
    const opened = await openTestStore(failing.provider);
    for (let at = 1; at <= 60; at++) await opened.apply([chat({ id: at, from: String(1000 + at) })]);
    const { roster } = await create({ provider: failing.provider });
    failing.fail(false, true);
    expect(roster.getRosterMessageByRid('1001')).toEqual([]);
    await settle();
    failing.fail(false);
    roster.getRosterMessageByRid('1001');
    await settle();
    expect(roster.getRosterMessageByRid('1001').length).toBe(1);
  });

  test('that are unread are counted, and read through sync', async () => {
    const { roster, group, apply, calls } = await create();
    await apply([chat({ id: 1 }), chat({ id: 2 }), chat({ id: 3, to: GROUP })]);
    expect([roster.getUnreadCount(PEER), group.getUnreadCount(Number(GROUP)), roster.getUnreadCount(GROUP)]).toEqual([
      2, 1, 0,
    ]);
    roster.readRosterMessage(PEER);
    roster.readRosterMessage(Number(PEER), 2);
    group.readGroupMessage(GROUP, null as unknown as undefined);
    expect(calls).toEqual([
      ['markRead', `r${PEER}`, undefined],
      ['markRead', `r${PEER}`, '2'],
      ['markRead', `g${GROUP}`, undefined],
    ]);
    expect(refusal(() => roster.readRosterMessage('x'))).toBe('InvalidParam');
    expect(refusal(() => roster.readRosterMessage(PEER, 'x'))).toBe('InvalidParam');
  });
});

describe('the conversation list', () => {
  test('is by newest activity, drafts included, with numbers as ids', async () => {
    const { user, store } = await create();
    await store.update((draft) => {
      draft.updateConversation('r1', { timestamp: '100', previewId: '1', content: 'a', unread: 3 });
      draft.updateConversation('g2', { timestamp: '300', previewId: '3', hasAt: true });
      draft.updateConversation('r3', { timestamp: '50', previewId: '2', draft: 'later', draftTimestamp: 200 });
      draft.updateConversation('r4', {});
      draft.updateConversation('r5', { timestamp: '100', previewId: '10', ext: 'e' });
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
  test('are read from what is stored, or asked for', async () => {
    const { roster, group, store, calls } = await create();
    await store.update((draft) => {
      draft.setFriends(['5', '6']);
      draft.setGroups(['50', '51']);
      draft.putUsers([{ user_id: 5, username: 'ann' }]);
      draft.putGroupInfos([{ group_id: 50, name: 'all' }]);
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

  test('a group is created with what the app gave, and needs a name', async () => {
    const { group, calls } = await create();
    const params = Object.freeze({ name: 'new', user_list: [5] });
    expect(await group.asyncCreate(params)).toMatchObject({ group_id: 8 });
    expect(calls).toEqual([['/group/create', params]]);
    await expect(group.asyncCreate({ name: '' })).rejects.toMatchObject({ reason: 'InvalidParam' });
  });

  test('the user, the token and the app id', async () => {
    const { user } = await create();
    expect([user.getUid(), user.getToken(), user.getAppid()]).toEqual([Number(SELF), 'TOKEN', 'app']);
  });

  test('an account is registered without one', async () => {
    const { user, calls } = await create({ loggedIn: false });
    expect(await user.asyncRegister({ username: 'u', password: 'p' })).toMatchObject({ user_id: 7 });
    expect(calls).toEqual([['/user/register/v2', { username: 'u', password: 'p' }]]);
  });
});

describe('logged out', () => {
  test('getters are empty', async () => {
    const { user, roster, group, calls } = await create({ loggedIn: false });
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

  test('what needs a user is UserNotLogin', async () => {
    const { sys, roster, group } = await create({ loggedIn: false });
    expect(refusal(() => sys.sendRosterMessage({ uid: PEER }))).toBe('UserNotLogin');
    expect(refusal(() => sys.sendInputStatusMessage(PEER, 'typing'))).toBe('UserNotLogin');
    expect(refusal(() => sys.requireHistoryMessage(PEER, 0, 1))).toBe('UserNotLogin');
    await expect(roster.asyncGetRosterIdList()).rejects.toMatchObject({ reason: 'UserNotLogin' });
    await expect(group.asyncGetJoinedGroups()).rejects.toMatchObject({ reason: 'UserNotLogin' });
  });
});
