/** A session over reloads, killed browsers, several clients and several DNS servers. */
import { describe, expect, test } from 'vitest';
import { createClientSlots } from '../../../src/util/client-slots.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { APP_ID, PASSWORD, startWorld } from '../../support/client-world.ts';
import { createBrowserStorage } from '../../support/lossy-preferences.ts';
import type { BrowserStorage } from '../../support/lossy-preferences.ts';

/** A page of a browser; each call is a start after a reload or a kill. */
function page(storage: BrowserStorage, earlier: Device = createDevice()): Device {
  const device = createDevice();
  const { preferences, vault } = storage;
  Object.assign(device.platform, { preferences, vault, kv: earlier.platform.kv });
  return device;
}

describe('a browser that is killed', () => {
  test('J3: half a second after a logout is logged out when it comes back', async () => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    const alice = await world.member('alice', {}, device);
    storage.flush();
    await alice.client.logout();
    storage.kill();
    expect(storage.onDisk()).not.toContain('"users":{"');
    const next = world.client({}, page(storage, device));
    await until(() => next.client.isReady(), 'the start');
    await quiet();
    expect([next.client.isLogin(), next.client.userManage.getToken()]).toEqual([false, undefined]);
    expect(world.server.admin.connections()).toEqual([]);
  });

  test.each(['cleanup', 'kickAllWeb', 'wipe', 'the server'] as const)('after %s is logged out', async (how) => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    const { client, id } = await world.member('alice', {}, device);
    storage.flush();
    if (how === 'wipe') await client.logout({ wipe: true });
    else if (how === 'the server') {
      world.server.admin.revokeToken({ uid: id });
      world.server.admin.dropSockets();
      await until(() => !client.isLogin(), 'the refusal');
      await quiet(20);
    } else await client[how]();
    storage.kill();
    const next = world.client({}, page(storage, device));
    await until(() => next.client.isReady(), 'the start');
    expect([next.client.isLogin(), next.client.userManage.getToken()]).toEqual([false, undefined]);
  });

  test('right after a login is logged in when it comes back', async () => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    const alice = await world.member('alice', {}, device);
    storage.kill();
    const next = world.client({}, page(storage, device));
    await until(() => next.client.isReady(), 'the start');
    expect(next.client.isLogin()).toBe(true);
    expect(next.client.userManage.getUid()).toBe(alice.id);
  });

  test('after another user logged in has the newer user', async () => {
    const world = await startWorld();
    const bob = await world.register('bob');
    const storage = createBrowserStorage();
    const device = page(storage);
    const { client } = await world.member('alice', {}, device);
    storage.flush();
    await client.login({ name: 'bob', password: PASSWORD });
    await quiet(20);
    storage.kill();
    const next = world.client({}, page(storage, device));
    await next.events.next('loginSuccess');
    expect(next.client.userManage.getUid()).toBe(bob);
  });
});

describe('a vault that refuses', () => {
  test('a login is kept by the preferences, and a logout that it refuses rejects and counts all the same', async () => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    storage.refuse = true;
    const { client, id } = await world.member('alice', {}, device);
    await client.dispose();
    storage.refuse = false;
    const next = world.client({}, page(storage, device));
    await next.events.next('loginSuccess');
    expect(next.client.userManage.getUid()).toBe(id);
    storage.refuse = true;
    await expect(next.client.logout()).rejects.toMatchObject({ reason: 'DbOperationFailed' });
    await next.client.dispose();
    storage.refuse = false;
    const last = world.client({}, page(storage, device));
    await until(() => last.client.isReady(), 'the start');
    expect(last.client.isLogin()).toBe(false);
  });
});

describe('a start', () => {
  test('G3: is not ready before the stored session counts, and logged in from the first call on', async () => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    const alice = await world.member('alice', {}, device);
    await alice.client.dispose();
    const { client } = world.client({}, page(storage, device));
    expect([client.isReady(), client.isLogin()]).toEqual([false, true]);
    const seen: boolean[] = [];
    for (let i = 0; i < 200 && !client.isReady(); i++) {
      seen.push(client.isLogin());
      await quiet(1);
    }
    expect(client.isReady()).toBe(true);
    expect(client.isLogin()).toBe(true);
    expect(seen).not.toContain(false);
    expect(client.userManage.getUid()).toBe(alice.id);
  });

  test('G3: answers what an app asks as soon as isLogin() is true, when the data is open; lists are empty until then', async () => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    const alice = await world.member('alice', {}, device);
    const { app } = world;
    const bob = app.users.add('bob', PASSWORD);
    app.roster.befriend(alice.id, bob.id);
    await alice.client.rosterManage.asyncGetRosterIdList(true);
    alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'hello' });
    await alice.events.next('onSendingMessageStatusChanged', ({ status }) => status === 'sent');
    await alice.client.dispose();

    const { client } = world.client({}, page(storage, device));
    const { userManage, rosterManage, groupManage, sysManage } = client;
    expect([client.isLogin(), userManage.getUid()]).toEqual([true, alice.id]);
    const lists = [userManage.getConversationList(), rosterManage.getRosterMessageByRid(bob.id)];
    expect([...lists, rosterManage.getAllRosterDetail(), groupManage.getAllGroupDetail()]).toEqual([[], [], {}, {}]);
    expect([rosterManage.getUnreadCount(bob.id), groupManage.getGroupMembers(1)]).toEqual([0, []]);
    rosterManage.readRosterMessage(bob.id);
    // A send is not kept for an account that may be gone when it opens: `isReady()` says when.
    expect(() => sysManage.sendRosterMessage({ uid: bob.id, content: 'too early' })).toThrow('UserNotLogin');
    expect(
      await Promise.all([
        rosterManage.asyncGetRosterIdList(),
        rosterManage.asyncGetRosterInfo(bob.id),
        rosterManage.asyncGetRosterListDetailByIds([bob.id]),
        groupManage.asyncGetJoinedGroups(),
        sysManage.countMessages({ id: bob.id, type: 'roster' }),
      ]),
    ).toMatchObject([[bob.id], { user_id: bob.id }, [{ user_id: bob.id }], [], 1]);
  });

  test('without a stored session is ready when DNS has answered, and not logged in', async () => {
    const world = await startWorld();
    const { client } = world.client({}, page(createBrowserStorage()));
    await until(() => client.isReady(), 'DNS');
    expect(client.isLogin()).toBe(false);
  });

  test('J2: of a worker, which has no preferences to read at once, resumes the session', async () => {
    const world = await startWorld();
    const storage = createBrowserStorage();
    const device = page(storage);
    const asWorker = (): Device => {
      const worker = page(storage, device);
      worker.platform.preferences = { ...createBrowserStorage().preferences, load: async () => quiet(5) };
      return worker;
    };
    const alice = await world.member('alice', {}, asWorker());
    await alice.client.dispose();
    const next = world.client({}, asWorker());
    await until(() => next.client.isReady(), 'the start');
    expect([next.client.isLogin(), next.client.userManage.getUid()]).toEqual([true, alice.id]);
    await next.events.next('loginSuccess');
    await next.client.logout();
    await next.client.dispose();
    const last = world.client({}, asWorker());
    await until(() => last.client.isReady(), 'the start');
    expect(last.client.isLogin()).toBe(false);
  });
});

describe('two clients of one page', () => {
  const shared = (): Device => {
    const device = createDevice();
    device.platform.slots = createClientSlots(new Map());
    return device;
  };

  test('I3: keep two users, also over a reload, and a session from before goes on as the first', async () => {
    const world = await startWorld();
    const device = shared();
    const alice = await world.member('alice', {}, device);
    const bob = await world.member('bob', {}, device);
    expect(device.platform.preferences.get(`flooim.${APP_ID}.uid`)).toBe(alice.uid);
    await Promise.all([alice.client.dispose(), bob.client.dispose()]);
    const [first, second] = [world.client({}, device), world.client({}, device)];
    await Promise.all([first.events.next('loginSuccess'), second.events.next('loginSuccess')]);
    expect([first.client.userManage.getUid(), second.client.userManage.getUid()]).toEqual([alice.id, bob.id]);
    await quiet();
    expect([...first.events.all('flooError'), ...second.events.all('flooError')]).toEqual([]);
    await first.client.logout();
    expect([first.client.isLogin(), second.client.isLogin()]).toEqual([false, true]);
    // The place of a client that ended is free again.
    await Promise.all([first.client.dispose(), second.client.dispose()]);
    const [third, fourth] = [world.client({}, device), world.client({}, device)];
    await fourth.events.next('loginSuccess');
    expect([third.client.isLogin(), fourth.client.userManage.getUid()]).toEqual([false, bob.id]);
  });

  test('a client that is configured again keeps its session', async () => {
    const world = await startWorld();
    const device = shared();
    const { client, events, id } = await world.member('alice', {}, device);
    events.skip();
    client.configure({ dnsServer: world.server.dnsUrl, logLevel: 'error' });
    await events.next('loginSuccess');
    expect(client.userManage.getUid()).toBe(id);
  });
});

describe('a stored session under another DNS server', () => {
  test('F9: is not used: no token goes there', async () => {
    const [own, other] = [await startWorld(), await startWorld()];
    const alice = await own.member('alice');
    await alice.client.dispose();
    const foreign = own.client({ dnsServer: other.server.dnsUrl }, alice.device);
    await until(() => foreign.client.isReady(), 'DNS');
    await quiet();
    expect([foreign.client.isLogin(), foreign.client.userManage.getToken()]).toEqual([false, undefined]);
    expect(other.server.admin.connections()).toEqual([]);
    await foreign.client.dispose();
    const back = own.client({}, alice.device);
    await back.events.next('loginSuccess');
    expect(back.client.userManage.getUid()).toBe(alice.id);
  });

  test('that an earlier version stored belongs to the server whose answer is cached', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    await alice.client.dispose();
    const { preferences } = alice.device.platform;
    preferences.remove(`flooim.${APP_ID}.${alice.uid}.dns`);
    const next = world.client({}, alice.device);
    await next.events.next('loginSuccess');
    await next.client.dispose();
    preferences.remove(`flooim.${APP_ID}.${alice.uid}.dns`);
    preferences.remove(`flooim.${APP_ID}.dns.${world.server.dnsUrl}`);
    preferences.set(`flooim.${APP_ID}.dns`, '{}');
    const foreign = world.client({}, alice.device);
    await until(() => foreign.client.isReady(), 'DNS');
    expect(foreign.client.isLogin()).toBe(false);
  });
});

describe('who is logged in', () => {
  test('G4: does not depend on the socket', async () => {
    const world = await startWorld();
    const { client, events, id } = await world.member('alice');
    client.disConnect();
    expect(client.isLogin()).toBe(true);
    const login = client.login({ name: 'alice', password: PASSWORD });
    expect(client.isLogin()).toBe(true);
    await login;
    world.server.admin.dropSockets();
    await events.next('reconnect');
    expect(client.isLogin()).toBe(true);
    // A login that finds no server leaves the user who was there.
    client.disConnect();
    world.server.admin.failRest({ path: '/token/user', httpStatus: 503, message: 'down' });
    await expect(client.login({ name: 'alice', password: PASSWORD })).rejects.toThrow();
    expect([client.isLogin(), client.userManage.getUid()]).toEqual([true, id]);
    world.server.admin.clearFaults();
    world.server.admin.revokeToken({ uid: id });
    await client.rosterManage.asyncGetRosterIdList(true).catch(() => undefined);
    expect(client.isLogin()).toBe(false);
    await client.login({ name: 'alice', password: PASSWORD });
    await client.logout();
    expect(client.isLogin()).toBe(false);
  });

  test('a logout informs the server, and resolves when the server does not answer', async () => {
    const world = await startWorld();
    const { client } = await world.member('alice');
    await client.userManage.asyncBindDeviceToken({ device_sn: 1, device_token: 'push', notifier_name: 'n' });
    await client.logout();
    expect(world.app.devices.of(world.app.users.byName('alice')!.id)[0]!.pushToken).toBeUndefined();
    await client.login({ name: 'alice', password: PASSWORD });
    world.server.admin.failRest({ path: '/user/token/unbind', hang: true });
    const start = Date.now();
    await client.logout();
    expect(Date.now() - start).toBeLessThan(1500);
    world.server.admin.clearFaults();
  });
});
