import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient, flooim } from '../../../src/entries/node.ts';
import * as sdk from '../../../src/entries/node.ts';
import type { FlooClient } from '../../../src/entries/node.ts';
import { EventRecord, quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';

const clients: FlooClient[] = [];
const create = (world: World, options: Parameters<typeof createClient>[0] = {}): FlooClient => {
  const client = createClient({ dnsServer: world.server.dnsUrl, logLevel: 'off', ...options });
  clients.push(client);
  return client;
};
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

describe('createClient', () => {
  test('two clients of one process share nothing', async () => {
    const world = await startWorld();
    const [aliceId, bobId] = [await world.register('alice'), await world.register('bob')];
    const [one, two] = [create(world), create(world)];
    const [oneEvents, twoEvents] = [new EventRecord(one), new EventRecord(two)];
    expect(one).not.toBe(two);
    await one.login({ name: 'alice', password: PASSWORD });
    expect(two.isLogin()).toBe(false);
    expect(two.userManage.getUid()).toBeUndefined();
    expect(twoEvents.all('loginSuccess')).toEqual([]);
    await two.login({ name: 'bob', password: PASSWORD });
    expect([one.userManage.getUid(), two.userManage.getUid()]).toEqual([aliceId, bobId]);
    one.sysManage.sendRosterMessage({ uid: bobId, content: 'hello' });
    expect(await twoEvents.next('onRosterMessage')).toMatchObject({ content: 'hello' });
    await oneEvents.next('onRosterMessage');
    expect(one.userManage.getConversationList()).toMatchObject([{ id: bobId }]);
    expect(two.userManage.getConversationList()).toMatchObject([{ id: aliceId }]);
    await one.logout();
    expect(two.isLogin()).toBe(true);
    expect(twoEvents.all('logout')).toEqual([]);
    await one.dispose();
    await until(() => world.server.admin.connections().length === 1, 'the socket to close');
    expect(world.server.admin.connections().map(({ uid }) => uid)).toEqual([bobId]);
  });

  test('two users on one storage, as in one page, keep separate tokens', async () => {
    const world = await startWorld();
    const [aliceId, carolId] = [await world.register('alice'), await world.register('carol')];
    world.app.roster.befriend(aliceId, carolId);
    const alice = await world.member('alice');
    const token = alice.client.userManage.getToken();
    const bob = await world.member('bob', { autoLogin: false }, alice.device);
    expect(alice.client.userManage.getToken()).toBe(token);
    expect(alice.client.userManage.getUid()).toBe(aliceId);
    expect(await alice.client.rosterManage.asyncGetRosterIdList(true)).toEqual([carolId]);
    world.server.admin.dropSockets();
    await Promise.all([alice.events.next('loginSuccess'), bob.events.next('loginSuccess')]);
    expect(new Set(world.server.admin.connections().map(({ uid }) => uid))).toEqual(new Set([aliceId, bob.id]));
    await alice.client.logout();
    expect(alice.client.userManage.getUid()).toBeUndefined();
    expect(alice.client.userManage.getToken()).toBeUndefined();
    expect(bob.client.userManage.getToken()).toBeDefined();
    await bob.client.dispose();
    const next = world.client({}, alice.device);
    await next.events.next('loginSuccess');
    expect(next.client.userManage.getUid()).toBe(bob.id);
  });

  test('clients of different apps share nothing', async () => {
    const world = await startWorld();
    const [one, two] = [create(world), create(world, { appid: 'another' })];
    await one.userManage.asyncRegister({ username: 'alice', password: PASSWORD });
    await expect(two.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject({ reason: 'UserNotExist' });
    expect([one.userManage.getAppid(), two.userManage.getAppid()]).toEqual(['welovemaxim', 'another']);
  });

  test('its functions work without `this`', async () => {
    const world = await startWorld();
    await world.register('alice');
    const { login, isLogin, on, userManage, logout } = create(world);
    const { getUid } = userManage;
    const heard: unknown[] = [];
    on('loginSuccess', (payload) => heard.push(payload));
    await login({ name: 'alice', password: PASSWORD });
    expect([isLogin(), typeof getUid(), heard]).toEqual([true, 'number', [{}]]);
    await logout();
    expect(isLogin()).toBe(false);
  });

  test('handlers are compared by reference, run once, and stop when unsubscribed', async () => {
    const world = await startWorld();
    const client = create(world, { autoLogin: false });
    const calls: string[] = [];
    const named = (name: string) => () => void calls.push(name);
    const [first, second] = [named('first'), named('second')];
    client.on('logout', first);
    const unsubscribe = client.on({ logout: second, loginSuccess: '', loginFail: undefined });
    client.on('logout', first);
    await client.logout();
    expect(calls).toEqual(['second', 'first']);
    client.off('logout', '');
    client.off({ logout: '' });
    client.off('logout', named('first'));
    unsubscribe();
    unsubscribe();
    client.listen('logout', second);
    unsubscribe();
    await client.logout();
    expect(calls).toEqual(['second', 'first', 'first', 'second']);
    client.off('logout', first);
    client.off({ logout: second });
    await client.logout();
    expect(calls).toHaveLength(4);
  });

  test('an empty app id throws', () => {
    expect(() => createClient({ appid: '' })).toThrow('Invalid appid ...');
  });
});

describe('flooim, the drop-in', () => {
  test('is the named and the default export, constructible, and always the same object', async () => {
    const world = await startWorld();
    const config = { dnsServer: world.server.dnsUrl, logLevel: 'off' as const };
    const im = flooim(config);
    clients.push(im);
    expect(sdk.default).toBe(flooim);
    expect(flooim(config)).toBe(im);
    expect(new flooim(config)).toBe(im);
    expect(createClient(config)).not.toBe(im);
    // @ts-expect-error: deployed apps may pass nothing, and it throws
    expect(() => flooim()).toThrow();
    await until(() => im.isReady(), 'DNS');
  });

  test('keeps its listeners over a second call with another app id, and logs in to that one', async () => {
    const world = await startWorld();
    await world.register('alice');
    const other = world.server.data.app('other').users.add('alice', 'otherpass').id;
    const config = { dnsServer: world.server.dnsUrl, logLevel: 'off' as const };
    const im = flooim(config);
    clients.push(im);
    const events = new EventRecord(im);
    await im.login({ name: 'alice', password: PASSWORD });
    expect(world.server.admin.connections()).toHaveLength(1);
    flooim({ ...config, appid: 'other' });
    expect(im.isReady()).toBe(false);
    expect(im.isLogin()).toBe(false);
    expect(im.userManage.getUid()).toBeUndefined();
    await until(() => world.server.admin.connections().length === 0, 'the old session to close');
    await im.login({ name: 'alice', password: 'otherpass' });
    expect(im.userManage.getUid()).toBe(other);
    expect(im.userManage.getAppid()).toBe('other');
    expect(events.all('loginSuccess')).toHaveLength(2);
    expect(world.server.admin.connections()).toMatchObject([{ uid: other }]);
    // Back in the first app the session is still known.
    flooim(config);
    await events.count('loginSuccess', 3);
    expect(im.userManage.getAppid()).toBe('welovemaxim');
    await im.logout();
  });

  test('another configuration cancels a waiting login', async () => {
    const world = await startWorld();
    await world.register('alice');
    // Of an earlier test a session of the other app is known.
    const config = { dnsServer: world.server.dnsUrl, logLevel: 'off' as const, autoLogin: false };
    const im = flooim(config);
    clients.push(im);
    const login = im.login({ name: 'alice', password: PASSWORD });
    flooim({ ...config, appid: 'other' });
    await expect(login).rejects.toMatchObject({ reason: 'SignInCancelled' });
    await until(() => im.isReady(), 'DNS');
    await quiet(50);
    expect(world.server.admin.connections()).toEqual([]);
    expect(im.isLogin()).toBe(false);
  });

  test('replaces a handler by one of the same source text, and off with a string does nothing', async () => {
    const world = await startWorld();
    const im = flooim({ dnsServer: world.server.dnsUrl, logLevel: 'off', autoLogin: false });
    clients.push(im);
    const calls: number[] = [];
    // What a component does at every mount, without ever taking its old handler back.
    const mount = (instance: number): void => {
      im.on({ logout: () => calls.push(instance) });
    };
    mount(1);
    mount(2);
    im.off('logout', '');
    im.off({ logout: '', loginSuccess: '' });
    mount(3);
    await im.logout();
    expect(calls).toEqual([3]);
    im.on('logout', () => calls.push(100));
    await im.logout();
    expect(calls).toEqual([3, 3, 100]);
    im.off('logout', () => calls.push(100));
    await im.logout();
    expect(calls).toEqual([3, 3, 100, 3]);
  });

  test('a logout in Node reloads nothing', async () => {
    const world = await startWorld();
    await world.register('alice');
    const im = flooim({ dnsServer: world.server.dnsUrl, logLevel: 'off' });
    clients.push(im);
    await im.login({ name: 'alice', password: PASSWORD });
    await im.logout({ linkLogin: true });
    expect(im.isLogin()).toBe(false);
  });
});

test('nothing is printed at the default level, and no secret at any', async () => {
  const world = await startWorld();
  await world.register('alice');
  const lines: unknown[][] = [];
  for (const level of ['debug', 'info', 'log', 'warn', 'error'] as const) {
    vi.spyOn(console, level).mockImplementation((...line: unknown[]) => void lines.push(line));
  }
  try {
    const silent = createClient({ dnsServer: world.server.dnsUrl });
    clients.push(silent);
    await silent.login({ name: 'alice', password: PASSWORD });
    expect(lines).toEqual([]);
    const loud = create(world, { logLevel: 'debug' });
    await loud.login({ name: 'alice', password: PASSWORD });
    const token = loud.userManage.getToken()!;
    await loud.login({ name: 'alice', password: 'wrong-password' }).catch(() => undefined);
    const text = lines.map((line) => line.map((part) => JSON.stringify(part)).join(' ')).join('\n');
    for (const secret of [PASSWORD, 'wrong-password', token]) expect(text).not.toContain(secret);
  } finally {
    vi.restoreAllMocks();
  }
});
