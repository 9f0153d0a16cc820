import Long from 'long';
import { describe, expect, test } from 'vitest';
import type { Account } from '../../../src/account/account.ts';
import type { ClientEvents } from '../../../src/client-events.ts';
import type { Endpoint, RestParams } from '../../../src/http/endpoints.ts';
import type { RestClient } from '../../../src/http/rest-client.ts';
import type { AppSource } from '../../../src/managers/app-source.ts';
import { createGroupManage } from '../../../src/managers/group-manage.ts';
import { createRosterManage } from '../../../src/managers/roster-manage.ts';
import { createSysManage } from '../../../src/managers/sys-manage.ts';
import { createUserManage } from '../../../src/managers/user-manage.ts';
import type { KvProvider } from '../../../src/platform/ports.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';
import type { PreparedMessage } from '../../../src/sync/outgoing.ts';
import { messageEntry, sendFrame } from '../../../src/sync/outgoing.ts';
import { Emitter } from '../../../src/util/emitter.ts';
import { decodeFrame, encodeFrame } from '../../../src/wire/index.ts';
import type { SyncUp, IMessageBody } from '../../../src/wire/index.ts';
import { settle } from '../../support/settle.ts';
import { createFailingProvider } from '../store/failing-store.ts';
import { blobFiles } from '../../support/blob-files.ts';
import { chat, GROUP, openTestStore, PEER, SELF } from '../sync/harness.ts';

interface Setup {
  loggedIn?: boolean;
  provider?: KvProvider;
  /** What REST answers with. */
  data?: unknown;
  members?: { user_id: number }[];
}

async function create({ loggedIn = true, provider, data = { user_id: 7, group_id: 8 }, members = [] }: Setup = {}) {
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
    isOpen: true,
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
      fetchUsers: note('fetchUsers', Promise.resolve(true)),
      fetchGroups: note('fetchGroups', Promise.resolve(true)),
    },
    members: { of: () => members, open: note('open', Promise.resolve(['5', '6'])) },
  } as unknown as Account;
  const accounts = { current: () => (loggedIn ? account : undefined) };
  const rest = {
    async call(endpoint: Endpoint, params?: RestParams) {
      calls.push([endpoint.path, params]);
      return { data };
    },
  } as RestClient;
  const heard: unknown[][] = [];
  const emitter = new Emitter<ClientEvents>({ bySourceText: false, onHandlerError: expect.unreachable });
  for (const event of ['recentlistUpdate', 'onRosterListUpdate', 'onGroupMemberChanged'] as const)
    emitter.on(event, (payload: unknown) => heard.push([event, payload]));
  const app = {
    options: { appId: 'app' },
    identities: {
      load: () => (loggedIn ? { uid: SELF, token: 'TOKEN' } : undefined),
      deviceSerial: (uid: string) => (uid === '0' ? 1 : 2),
      forgetToken: note('forgetToken', undefined),
    },
  } as unknown as AppSource;
  const refused = (): never => expect.unreachable();
  return {
    ...opened,
    calls,
    heard,
    sys: createSysManage({
      accounts,
      rest,
      app: () => app,
      clock: systemClock,
      visit: refused,
      sendFrame: note('frame', undefined),
      files: blobFiles,
      upload: refused,
      download: refused,
    }),
    roster: createRosterManage({ accounts, rest, emitter }),
    group: createGroupManage({ accounts, rest, emitter }),
    user: createUserManage({ accounts, rest, app: () => app }),
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
    expect((calls[0]![2] as PreparedMessage).content).toBe('');
  });

  test.each([0, 1, 3, -1, 1.5, 2 ** 32, Infinity, NaN, '5', 'high', null])(
    'any priority makes a frame that can be sent: %o',
    async (priority) => {
      const { sys, calls } = await create();
      sys.sendGroupMessage({ gid: GROUP, priority: priority as number });
      const draft = calls[0]![2] as PreparedMessage;
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

describe('sending to groups', () => {
  const receipts = async (draft: Parameters<Awaited<ReturnType<typeof create>>['sys']['sendGroupMessage']>[0]) => {
    const { sys, calls, store } = await create({ members: [{ user_id: Number(SELF) }, { user_id: 5 }] });
    await store.update((change) => change.putGroupInfos([{ group_id: Number(GROUP), read_ack: true }]));
    sys.sendGroupMessage(draft);
    return (calls[0]![2] as PreparedMessage).config;
  };

  test('that ask for receipts names the members, beside what the app said', async () => {
    expect(await receipts({ gid: GROUP })).toBe('{"groupMemberList":[5]}');
    expect(await receipts({ gid: GROUP, config: { a: 1 } })).toBe('{"groupMemberList":[5],"a":1}');
    expect(await receipts({ gid: GROUP, config: '{"a":1}' })).toBe('{"groupMemberList":[5],"a":1}');
    expect(await receipts({ gid: GROUP, config: 'no JSON' })).toBe('no JSON');
  });

  test('that do not ask names nobody', async () => {
    const { sys, calls } = await create({ members: [{ user_id: 5 }] });
    sys.sendGroupMessage({ gid: GROUP });
    expect(calls[0]![2]).toEqual({ content: '', type: 'text' });
  });

  test('a mention is text with what it says in its config', async () => {
    const { sys, calls } = await create();
    sys.sendMentionMessage({ gid: GROUP, txt: '@all hi', mentionAll: true, mentionList: [], senderNickname: 'me' });
    expect(calls).toEqual([
      [
        'send',
        `g${GROUP}`,
        { content: '@all hi', type: 'text', config: '{"mentionAll":true,"mentionList":[],"senderNickname":"me"}' },
      ],
    ]);
  });
});

describe('forwarding', () => {
  const image = Object.freeze({
    content: '',
    type: 'image' as const,
    attach: { url: 'https://r/f?file_sign=a%2Bb', w: 1 },
  });

  test('carries over content, type and attachment, with a URL for the new reader', async () => {
    const { sys, calls } = await create({ data: 'https://r/new' });
    expect(await sys.forwardMessage({ uid: PEER, message: image })).toBe(1700000000000);
    await sys.forwardMessage({ gid: GROUP, message: image });
    const draft = { content: '', type: 'image', attachment: '{"url":"https://r/new","w":1}' };
    expect(calls).toEqual([
      ['/file/upload/forward', { to_id: PEER, to_type: 1, file_sign: 'a+b' }],
      ['send', `r${PEER}`, draft],
      ['/file/upload/forward', { to_id: GROUP, to_type: 2, file_sign: 'a+b' }],
      ['send', `g${GROUP}`, draft],
    ]);
    expect(image.attach).toEqual({ url: 'https://r/f?file_sign=a%2Bb', w: 1 });
  });

  test('of text, or of a file on another server, asks nobody', async () => {
    const { sys, calls } = await create();
    await sys.forwardMessage({ uid: PEER, message: { content: 'hi', type: 'text' } });
    await sys.forwardMessage({ uid: PEER, message: { ...image, attach: { url: 'https://else/x.png' } } });
    expect(calls.map(([name]) => name)).toEqual(['send', 'send']);
  });

  test('that fails rejects, and is no unhandled rejection for who ignores it', async () => {
    const { sys } = await create();
    void sys.forwardMessage({ message: image });
    await expect(sys.forwardMessage({ message: image })).rejects.toMatchObject({ reason: 'InvalidParam' });
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
  test('are read from what is stored, or asked for', async () => {
    const { roster, group, store, calls } = await create();
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

  test('a group is created with what the app gave', async () => {
    const { group, calls } = await create();
    const params = Object.freeze({ name: 'new', user_list: [5] });
    expect(await group.asyncCreate(params)).toMatchObject({ group_id: 8 });
    expect(calls).toEqual([['/group/create', params]]);
  });

  test('of a user or group are fetched when unknown, or forced', async () => {
    const { roster, group, store, calls } = await create({ data: { group_id: 50, name: 'all' } });
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

  test('a friend who is deleted is gone, with the conversation but not its messages', async () => {
    const { roster, user, store, apply, heard } = await create({ data: true });
    await apply([chat({ id: 1 })]);
    await store.update((tx) => tx.setFriends([PEER, '6']));
    expect(await roster.asyncDeleteRoster({ user_id: Number(PEER) })).toBe(true);
    expect(await roster.asyncGetRosterIdList()).toEqual([6]);
    expect(user.getConversationList()).toEqual([]);
    expect(roster.getRosterMessageByRid(PEER).length).toBe(1);
    expect(heard.map(([event]) => event)).toEqual(['onRosterListUpdate', 'recentlistUpdate']);
    await expect(roster.asyncDeleteRoster({} as { user_id: string })).rejects.toMatchObject({ reason: 'InvalidParam' });
  });

  test('a group that is opened tells of its members at once and when they are there', async () => {
    const { group, heard, calls } = await create({ members: [{ user_id: 5 }] });
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

  test('a mention that was seen goes, and its conversation stays where it is', async () => {
    const { group, user, store, heard } = await create();
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

  test('the serial of the device is the user’s, or the device’s when nobody is logged in', async () => {
    expect((await create()).user.getDeviceSN()).toBe(2);
    const { user, calls } = await create({ loggedIn: false });
    expect(user.getDeviceSN()).toBe(1);
    user.deleteToken();
    expect(calls).toEqual([]);
  });

  test('a token is deleted', async () => {
    const { user, calls } = await create();
    user.deleteToken();
    expect(calls).toEqual([['forgetToken', SELF]]);
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
