import { describe, expect, test } from 'vitest';
import { quiet, until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';

const loginMessages = (notices: readonly { category: string; desc: unknown }[]): unknown[] =>
  notices.filter(({ category }) => category === 'loginMessage').map(({ desc }) => desc);

const SOCKET_STEPS = [
  'socket connecting...',
  'socket connect success...',
  'logining socket service...',
  'login socket success.....',
];

test('login by name emits its steps in the deployed words and in order, then loginSuccess', async () => {
  const world = await startWorld();
  const id = await world.register('alice');
  const { client, events } = world.client();
  await expect(client.login({ name: 'alice', password: PASSWORD })).resolves.toBeUndefined();
  expect(loginMessages(events.all('flooNotice'))).toEqual([
    'getting token...',
    'token sucecc, getting roster lists..',
    ...SOCKET_STEPS,
  ]);
  expect(events.all('loginSuccess')).toEqual([{}]);
  expect(events.all('loginFail')).toEqual([]);
  expect(events.all('flooError')).toEqual([]);
  expect(client.userManage.getUid()).toBe(id);
  expect(typeof client.userManage.getToken()).toBe('string');
  expect(client.userManage.getAppid()).toBe('welovemaxim');
  expect(client.baseUrl).toBe(world.server.url);
});

test('login works by id, by token in both forms, and by mobile', async () => {
  const world = await startWorld();
  const id = await world.register('alice');
  world.app.users.get(id)!.profile.mobile = '13800000000';
  const byId = world.client();
  await byId.client.idLogin({ user_id: id, password: PASSWORD });
  expect(loginMessages(byId.events.all('flooNotice'))).toEqual([
    'token success, getting roster lists..',
    ...SOCKET_STEPS,
  ]);
  const token = byId.client.userManage.getToken()!;
  for (const log of [
    () => byId.client.tokenLogin(String(id), token),
    () => byId.client.tokenLogin({ user_id: id, token }),
  ]) {
    byId.events.skip();
    await log();
    await byId.events.next('loginSuccess');
    expect(byId.client.userManage.getUid()).toBe(id);
  }
  const byMobile = world.client();
  await byMobile.client.login({ mobile: '13800000000', password: PASSWORD });
  expect(byMobile.client.userManage.getUid()).toBe(id);
});

test('a login before the servers are known waits for them', async () => {
  const world = await startWorld();
  await world.register('alice');
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  let asked = 0;
  const dns = await world.http((request, response) => {
    asked++;
    void released.then(async () => {
      const answer = await fetch(`${world.server.url}${request.url}`);
      response.end(await answer.text());
    });
  });
  const { client, events } = world.client({ dnsServer: `http://${dns}/v2/app_dns` });
  const login = client.login({ name: 'alice', password: PASSWORD });
  await until(() => asked === 1, 'DNS to be asked');
  expect(client.isReady()).toBe(false);
  expect(client.isLogin()).toBe(false);
  expect(client.baseUrl).toBeUndefined();
  expect(events.heard.map(({ name }) => name)).toEqual(['connectionState']);
  release();
  await login;
  expect(client.isReady()).toBe(true);
  expect(asked).toBe(1);
});

test('a second login cancels the first', async () => {
  const world = await startWorld();
  const [, bob] = [await world.register('alice'), await world.register('bob')];
  const { client, events } = world.client();
  const first = client.login({ name: 'alice', password: PASSWORD });
  const second = client.login({ name: 'bob', password: PASSWORD });
  await expect(first).rejects.toMatchObject({ reason: 'SignInCancelled' });
  await second;
  expect(client.userManage.getUid()).toBe(bob);
  expect(events.all('loginSuccess')).toHaveLength(1);
  expect(events.all('loginFail')).toEqual([]);
  expect(world.server.admin.connections()).toMatchObject([{ uid: bob }]);
});

test('another login in the middle of the first one’s socket leaves one connection', async () => {
  const world = await startWorld();
  const [, bob] = [await world.register('alice'), await world.register('bob')];
  const { client, events } = world.client();
  const first = client.login({ name: 'alice', password: PASSWORD });
  await events.next('flooNotice', ({ desc }) => desc === 'logining socket service...');
  const second = client.login({ name: 'bob', password: PASSWORD });
  await expect(first).rejects.toMatchObject({ reason: 'SignInCancelled' });
  await second;
  await until(() => world.server.admin.connections().length === 1, 'one connection');
  expect(world.server.admin.connections()).toMatchObject([{ uid: bob }]);
  expect(client.userManage.getUid()).toBe(bob);
});

test('when loginSuccess comes, friends, self and groups are loaded', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.register('alice'), await world.register('bob')];
  world.app.roster.befriend(alice, bob);
  const group = world.group({ id: alice }, { id: bob });
  const { client } = world.client();
  let seen: { rosters: object; groups: object } | undefined;
  client.on('loginSuccess', () => {
    seen = { rosters: client.rosterManage.getAllRosterDetail(), groups: client.groupManage.getAllGroupDetail() };
  });
  await client.login({ name: 'alice', password: PASSWORD });
  expect(seen?.rosters).toMatchObject({ [alice]: { username: 'alice' }, [bob]: { username: 'bob', user_id: bob } });
  expect(seen?.groups).toMatchObject({ [group]: { name: 'group', group_id: group } });
  expect(await client.rosterManage.asyncGetRosterIdList()).toEqual([bob]);
  expect(await client.groupManage.asyncGetJoinedGroups(true)).toEqual([group]);
});

test('a list that cannot be loaded does not stop the login', async () => {
  const world = await startWorld();
  await world.register('alice');
  world.server.admin.failRest({ path: '/roster/list', code: 500, message: 'no list today' });
  const { client, events } = world.client();
  await client.login({ name: 'alice', password: PASSWORD });
  expect(loginMessages(events.all('flooNotice'))).toContain('get roster list failure:no list today');
  expect(events.all('loginFail')).toEqual([]);
});

test('isReady and isLogin through the life of a client', async () => {
  const world = await startWorld();
  await world.register('alice');
  const { client } = world.client();
  expect([client.isReady(), client.isLogin()]).toEqual([false, false]);
  await until(() => client.isReady(), 'DNS');
  expect(client.isLogin()).toBe(false);
  await client.login({ name: 'alice', password: PASSWORD });
  expect([client.isReady(), client.isLogin()]).toEqual([true, true]);
  client.disConnect();
  expect([client.isReady(), client.isLogin()]).toEqual([true, true]);
  await client.login({ name: 'alice', password: PASSWORD });
  expect(client.isLogin()).toBe(true);
  await client.logout();
  expect([client.isReady(), client.isLogin()]).toEqual([true, false]);
  await client.dispose();
  expect([client.isReady(), client.isLogin()]).toEqual([false, false]);
  await expect(client.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject({ reason: 'UserNotLogin' });
});

test('register, then login; the same name again is refused', async () => {
  const world = await startWorld();
  const { client, events } = world.client();
  const { user_id } = await client.userManage.asyncRegister({ username: 'alice', password: PASSWORD });
  await client.login({ name: 'alice', password: PASSWORD });
  expect(client.userManage.getUid()).toBe(user_id);
  await expect(client.userManage.asyncRegister({ username: 'alice', password: PASSWORD })).rejects.toMatchObject({
    reason: 'UserAlreadyExist',
    code: 10004,
  });
  expect(events.all('flooError')).toEqual([]);
});

describe('after the session', () => {
  test('logout forgets the token: a new client on the same device does not resume', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    await alice.client.logout();
    await alice.events.next('logout');
    expect(alice.client.userManage.getUid()).toBeUndefined();
    expect(alice.client.userManage.getToken()).toBeUndefined();
    expect(alice.client.userManage.getConversationList()).toEqual([]);
    expect(() => alice.client.sysManage.sendRosterMessage({ uid: 1, content: 'x' })).toThrow('UserNotLogin');
    await until(() => world.server.admin.connections().length === 0, 'the socket to close');
    await alice.client.dispose();
    const next = world.client({}, alice.device);
    await until(() => next.client.isReady(), 'DNS');
    await quiet();
    expect(next.client.isLogin()).toBe(false);
    expect(next.client.userManage.getUid()).toBeUndefined();
    expect(world.server.admin.connections()).toEqual([]);
  });

  test('a new client on the same device resumes without a password; not with autoLogin false', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    await alice.client.dispose();
    const quietOne = world.client({ autoLogin: false }, alice.device);
    expect(quietOne.client.userManage.getUid()).toBe(alice.id);
    await until(() => quietOne.client.isReady(), 'DNS');
    await quiet();
    expect(world.server.admin.connections()).toEqual([]);
    const next = world.client({}, alice.device);
    await next.events.next('loginSuccess');
    expect(next.client.userManage.getUid()).toBe(alice.id);
    expect(next.client.isLogin()).toBe(true);
    expect(world.server.admin.connections()).toEqual([{ uid: alice.id, deviceSN: 1, transport: 'socket.io' }]);
  });

  test('an explicit login takes precedence over the stored session', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    const bob = await world.register('bob');
    await alice.client.dispose();
    const next = world.client({}, alice.device);
    await next.client.login({ name: 'bob', password: PASSWORD });
    expect(next.client.userManage.getUid()).toBe(bob);
    await quiet();
    expect(world.server.admin.connections()).toMatchObject([{ uid: bob }]);
  });

  test('disConnect closes the socket and keeps the data; a login reconnects', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    const bob = await world.member('bob');
    bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'kept' });
    await alice.events.next('onRosterMessage');
    alice.client.disConnect();
    await until(() => world.server.admin.connections().length === 1, 'the socket to close');
    expect(alice.client.userManage.getToken()).toBeDefined();
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(1);
    await quiet();
    expect(world.server.admin.connections()).toHaveLength(1);
    await alice.client.login({ name: 'alice', password: PASSWORD });
    expect(alice.client.rosterManage.getRosterMessageByRid(bob.id)).toHaveLength(1);
    expect(alice.events.all('onRosterMessage')).toHaveLength(1);
  });

  test('logout, disConnect and dispose cancel a running login, which opens no socket later', async () => {
    const world = await startWorld();
    await world.register('alice');
    for (const end of ['logout', 'disConnect', 'dispose'] as const) {
      const { client, device } = world.client();
      const login = client.login({ name: 'alice', password: PASSWORD });
      const outcome = expect(login, end).rejects.toMatchObject({ reason: 'SignInCancelled' });
      await client[end]();
      await outcome;
      await until(() => device.openRequests() === 0, 'requests to end');
      await quiet(30);
      expect(device.openSockets(), end).toBe(0);
      expect(world.server.admin.connections(), end).toEqual([]);
    }
  });
});

test('two users one after the other on one client do not see each other’s data', async () => {
  const world = await startWorld();
  const [alice, bob, carol] = [await world.member('alice'), await world.register('bob'), await world.member('carol')];
  carol.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'for alice' });
  await alice.events.next('onRosterMessage');
  await until(() => !!alice.client.rosterManage.getAllRosterDetail()[carol.uid], 'carol’s details');
  await alice.client.login({ name: 'bob', password: PASSWORD });
  expect(alice.client.rosterManage.getRosterMessageByRid(carol.id)).toEqual([]);
  expect(alice.client.userManage.getConversationList()).toEqual([]);
  expect(Object.keys(alice.client.rosterManage.getAllRosterDetail())).toEqual([String(bob)]);
  carol.client.sysManage.sendRosterMessage({ uid: bob, content: 'for bob' });
  expect(await alice.events.next('onRosterMessage')).toMatchObject({ content: 'for bob', to: String(bob) });
  await until(() => !!alice.client.rosterManage.getAllRosterDetail()[carol.uid], 'carol’s details for bob too');
  await alice.client.login({ name: 'alice', password: PASSWORD });
  expect(alice.client.rosterManage.getRosterMessageByRid(carol.id)).toMatchObject([{ content: 'for alice' }]);
});

test('a device keeps its name over logins; two devices of one user are both online', async () => {
  const world = await startWorld();
  const device = createDevice();
  const first = await world.member('alice', {}, device);
  await first.client.logout();
  await first.client.login({ name: 'alice', password: PASSWORD });
  const second = await world.member('alice');
  expect(world.server.admin.connections().map(({ deviceSN }) => deviceSN)).toEqual([1, 2]);
  expect(second.client.isLogin()).toBe(true);
  expect(first.client.isLogin()).toBe(true);
});

test('data that is still loading at a logout emits nothing after it', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  world.server.admin.failRest({ path: '/roster/list', hang: true });
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'from a stranger' });
  await alice.events.next('onRosterMessage');
  const asked = (): boolean => world.server.admin.receivedRequests().some(({ code }) => code === undefined);
  await until(asked, 'bob’s details to be asked for');
  await alice.client.logout();
  const count = alice.events.heard.length;
  world.server.admin.clearFaults();
  await until(() => alice.device.openRequests() === 0, 'the request to fail');
  await quiet(20);
  expect(alice.events.heard.slice(count)).toEqual([]);
});

test('a client that is disposed of during a DNS request emits nothing', async () => {
  const world = await startWorld();
  world.server.admin.failRest({ path: '/v2/app_dns', hang: true });
  const { client, events, device } = world.client();
  await until(() => world.server.admin.receivedRequests().length === 1, 'DNS to be asked');
  await client.dispose();
  world.server.admin.clearFaults();
  await until(() => device.openRequests() === 0, 'the request to fail');
  await quiet(20);
  expect(events.heard).toEqual([]);
});
