import { describe, expect, test } from 'vitest';
import { FrameCommand, UserNoticeType } from 'flooim/wire';
import type { IProvision } from 'flooim/wire';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';

const ALICE = { name: 'alice', password: PASSWORD };
const NEVER_GIVEN_SN = 999999999;

const actions = (notices: readonly { category: string; desc: unknown }[]): unknown[] =>
  notices.filter(({ category }) => category === 'action').map(({ desc }) => desc);

const provisions = ({ server }: World): IProvision[] =>
  server.admin
    .receivedFrames()
    .filter(({ frame }) => frame?.command === FrameCommand.PROVISION)
    .map(({ frame }) => frame!.payload as IProvision);

type Row = [code: number, reason: string, error: string, flooError: object, action: string | undefined];
const REFUSALS: Row[] = [
  [7, 'old token', 'InvalidToken', { category: '7', desc: 'old token' }, 'relogin'],
  [9, 'you must login first', 'InvalidToken', { category: '9' }, 'relogin'],
  [9, 'no', 'UserAuthFailed', { category: '9', desc: 'no' }, undefined],
  [10, '', 'UserFrozen', { category: 'USER_FROZEN', desc: '用户被冻结，请联系App管理员。' }, 'relogin_manually'],
  [13, 'too many', 'UserTooManyDevice', { category: '13', desc: 'too many' }, undefined],
  [
    17,
    '',
    'ServerInvalidLicense',
    { category: 'LICENSE', desc: '无效 LICENSE，请确认服务已按时付费。' },
    'relogin_manually',
  ],
  [
    18,
    '',
    'ServerLicenseLimit',
    { category: 'LICENSE', desc: '超出 LICENSE 用户数限制，请购买更高规格服务。' },
    'relogin_manually',
  ],
  [
    19,
    '',
    'ServerAppFrozen',
    { category: 'APP_FROZEN', desc: 'APP 被冻结，请登陆蓝莺IM控制台查看详情。' },
    'relogin_manually',
  ],
];

describe('the provision of a login is refused', () => {
  const rows: Row[] = [
    ...REFUSALS,
    [2, 'out of order', 'ServerFireplaceUnknownError', { category: 'FAIL', desc: 'out of order' }, undefined],
    [20, 'slowly', 'MessageRateLimitExceeded', { category: '20', desc: 'slowly' }, undefined],
    [14, '', 'ServerEncryptMethodUnsupported', { category: '14' }, undefined],
  ];
  test.each(rows)('with %i %s', async (code, reason, error, flooError, action) => {
    const world = await startWorld();
    await world.register('alice');
    const { client, events } = world.client();
    world.server.admin.refuseProvision({ code, reason });
    await expect(client.login(ALICE)).rejects.toMatchObject({ reason: error, statusCode: code });
    expect(events.all('loginFail')).toEqual(['socket_failure']);
    expect(events.all('flooError')).toMatchObject([{ ...flooError, error: { reason: error } }]);
    expect(events.all('flooNotice')).toContainEqual({ category: 'loginMessage', desc: 'login socket failure ......' });
    expect(actions(events.all('flooNotice'))).toEqual(action ? [action] : []);
    expect(client.isLogin()).toBe(false);
    await quiet();
    expect(provisions(world)).toHaveLength(1);
    await client.login(ALICE);
    expect(client.isLogin()).toBe(true);
  });

  test('with 15: the client tries a new guid once', async () => {
    const world = await startWorld();
    await world.register('alice');
    const { client, events } = world.client();
    world.server.admin.refuseProvision({ code: 15, reason: 'guid is taken' });
    await client.login(ALICE);
    const [first, second] = provisions(world);
    expect(second!.device_guid).not.toBe(first!.device_guid);
    expect(events.all('flooError')).toEqual([]);
    await client.logout();
    world.server.admin.refuseProvision({ code: 15, reason: 'guid is taken', count: 2 });
    await expect(client.login(ALICE)).rejects.toMatchObject({ reason: 'UserKickedBySameDevice', statusCode: 15 });
    expect(events.all('loginFail')).toEqual(['socket_failure']);
    await client.login(ALICE);
  });
});

describe('the provision of a reconnect is refused', () => {
  test.each(REFUSALS)('with %i %s: the session ends', async (code, reason, error, flooError, action) => {
    const world = await startWorld();
    const { client, events } = await world.member('alice');
    world.server.admin.refuseProvision({ code, reason });
    world.server.admin.dropSockets();
    expect(await events.next('flooError')).toMatchObject({ ...flooError, error: { reason: error } });
    await until(() => !client.isLogin(), 'the end of the session');
    await quiet();
    expect(actions(events.all('flooNotice'))).toEqual(action ? [action] : []);
    expect(events.all('loginFail')).toEqual([]);
    expect(provisions(world)).toHaveLength(2);
    await client.login(ALICE);
  });

  test.each([2, 20])('with %i: the client tries again', async (code) => {
    const world = await startWorld();
    const { client, events } = await world.member('alice');
    world.server.admin.refuseProvision({ code, count: 2 });
    world.server.admin.dropSockets();
    await events.next('loginSuccess');
    expect(provisions(world)).toHaveLength(4);
    expect(client.isLogin()).toBe(true);
  });

  test('with 15: the client tries once more with a new guid', async () => {
    const world = await startWorld();
    const { events } = await world.member('alice');
    world.server.admin.refuseProvision({ code: 15 });
    world.server.admin.dropSockets();
    await events.next('loginSuccess');
    const guids = provisions(world).map(({ device_guid }) => device_guid);
    expect(guids).toHaveLength(3);
    expect(guids[1]).toBe(guids[0]);
    expect(guids[2]).not.toBe(guids[0]);
  });

  test('for a revoked token: the app is asked for a new login and the token is deleted', async () => {
    const world = await startWorld();
    const { client, events, id } = await world.member('alice');
    world.server.admin.revokeToken({ uid: id });
    world.server.admin.dropSockets();
    expect(await events.next('flooNotice', ({ category }) => category === 'action')).toMatchObject({ desc: 'relogin' });
    expect(client.userManage.getToken()).toBeUndefined();
    await client.login(ALICE);
  });
});

test('a REST answer 402 ends the session and asks for a new login', async () => {
  const world = await startWorld();
  const { client, events, id } = await world.member('alice');
  world.server.admin.revokeToken({ uid: id });
  await expect(client.rosterManage.asyncGetRosterIdList(true)).rejects.toMatchObject({
    reason: 'InvalidToken',
    code: 402,
  });
  expect(actions(events.all('flooNotice'))).toEqual(['relogin']);
  await until(() => world.server.admin.connections().length === 0, 'the socket to close');
  await client.login(ALICE);
});

describe('a user notice', () => {
  const MANUAL: [string, number, string][] = [
    ['PASSWORD_CHANGED', UserNoticeType.PASSWORD_CHANGED, 'UserPasswordChanged'],
    ['FROZEN', UserNoticeType.FROZEN, 'UserFrozen'],
    ['REMOVED', UserNoticeType.REMOVED, 'UserRemoved'],
    ['KICKED_BY_OTHER_DEVICE', UserNoticeType.KICKED_BY_OTHER_DEVICE, 'UserKickedByOtherDevices'],
    ['DEVICE_REMOVED', UserNoticeType.DEVICE_REMOVED, 'UserKickedByOtherDevices'],
  ];
  test.each(MANUAL)('%s ends the session: no reconnect, token and serial forgotten', async (name, type, error) => {
    const world = await startWorld();
    const { client, events, id } = await world.member('alice');
    world.server.admin.kick({ uid: id, type });
    expect(await events.next('flooNotice', ({ category }) => category === 'userNotice')).toMatchObject({ desc: name });
    expect(await events.next('flooError')).toMatchObject({ category: error, error: { reason: error } });
    await quiet();
    expect(actions(events.all('flooNotice'))).toEqual(['relogin_manually']);
    expect(client.isLogin()).toBe(false);
    expect(client.userManage.getToken()).toBeUndefined();
    expect(provisions(world)).toHaveLength(1);
    expect(events.all('reconnect')).toEqual([]);
    await client.login(ALICE);
    expect(provisions(world)[1]!.xid!.deviceSN).toBeGreaterThanOrEqual(NEVER_GIVEN_SN);
  });

  test('KICK_BY_SAME_DEVICE ends the session and keeps the token', async () => {
    const world = await startWorld();
    const { client, events, id } = await world.member('alice');
    world.server.admin.kick({ uid: id, type: UserNoticeType.KICK_BY_SAME_DEVICE });
    expect(await events.next('flooError')).toMatchObject({ category: 'UserKickedBySameDevice' });
    await quiet();
    expect(actions(events.all('flooNotice'))).toEqual([]);
    expect(client.isLogin()).toBe(false);
    expect(client.userManage.getToken()).toBeDefined();
    expect(provisions(world)).toHaveLength(1);
  });

  test.each(['socket.io', 'raw'] as const)(
    'that ends the session works with slow storage: two tabs of one device do not kick each other in turn (%s)',
    async (transport) => {
      const world = await startWorld();
      const first = await world.member('alice', { transport });
      first.device.commit = async (store, batch) => {
        await quiet(60);
        await store.commit(batch);
      };
      const second = world.client({ transport }, first.device);
      await second.events.next('loginSuccess');
      await first.events.next('flooError', ({ category }) => category === 'UserKickedBySameDevice');
      await quiet(150);
      expect(provisions(world)).toHaveLength(2);
      expect(second.client.isLogin()).toBe(true);
      expect(first.client.isLogin()).toBe(false);
    },
  );

  test.each([
    ['UNKNOWN', UserNoticeType.UNKNOWN],
    ['INFO_UPDATED', UserNoticeType.INFO_UPDATED],
    ['DEVICE_LOGIN', UserNoticeType.DEVICE_LOGIN],
    ['DEVICE_ADDED', UserNoticeType.DEVICE_ADDED],
    ['TRAFFIC_LIMIT_EXCEEDED', UserNoticeType.TRAFFIC_LIMIT_EXCEEDED],
  ])('%s only informs', async (name, type) => {
    const world = await startWorld();
    const { client, events, id } = await world.member('alice');
    world.server.admin.kick({ uid: id, type });
    await events.next('flooNotice', ({ category, desc }) => category === 'userNotice' && desc === name);
    await quiet(30);
    expect(client.isLogin()).toBe(true);
    expect(events.all('flooError')).toEqual([]);
    expect(provisions(world)).toHaveLength(1);
  });

  test.each([
    ['CLUSTER_CHANGED', UserNoticeType.CLUSTER_CHANGED],
    ['DNS_UPDATE', UserNoticeType.DNS_UPDATE],
  ])('%s asks DNS again and logs in again, and stays there', async (name, type) => {
    const world = await startWorld();
    const { client, events, id } = await world.member('alice', { answerTimeoutMs: 200 });
    const asked = (): number =>
      world.server.admin.receivedRequests().filter(({ path }) => path === '/v2/app_dns').length;
    const before = asked();
    world.server.admin.kick({ uid: id, type });
    await events.next('flooNotice', ({ desc }) => desc === name);
    await events.next('loginSuccess');
    expect(asked()).toBe(before + 1);
    // Longer than a pull may stay without an answer.
    await quiet(300);
    expect(client.isLogin()).toBe(true);
    expect(events.all('reconnect')).toEqual([]);
    expect(provisions(world)).toHaveLength(2);
    expect(events.all('flooNotice').filter(({ desc }) => desc === name)).toHaveLength(1);
    expect(world.server.admin.connections()).toHaveLength(1);
  });
});
