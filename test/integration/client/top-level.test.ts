/** Functions of the im object beside logins, and members of a group as two clients see them. */
import { expect, test } from 'vitest';
import { until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { PASSWORD, startWorld } from '../../support/memory-world.ts';

test('the app and its servers are known after the DNS answer', async () => {
  const world = await startWorld();
  const { client } = await world.member('alice');
  const { sysManage } = client;
  expect(client.isAppInfoReady()).toBe(true);
  expect(sysManage.getServers()).toMatchObject({ ratel: client.baseUrl });
  await until(() => sysManage.getAppConfig() !== undefined, 'the configuration');
  expect(sysManage.getLinkServer()).toBe('https://lanyinglink.com/info');
});

test('the configuration of the last run is available without the network', async () => {
  const world = await startWorld();
  const device = createDevice();
  const first = await world.member('alice', {}, device);
  await until(() => first.client.sysManage.getAppConfig() !== undefined, 'the configuration');
  const config = first.client.sysManage.getAppConfig();
  await first.client.dispose();
  world.server.admin.failRest({ path: '/v2/app_dns', hang: true });
  expect(world.client({}, device).client.sysManage.getAppConfig()).toEqual(config);
  // The configuration of an app at another server is not that of this one.
  const other = world.client({ dnsServer: 'http://127.0.0.1:2/' }, device);
  expect(other.client.sysManage.getAppConfig()).toBeUndefined();
});

test('qrlogin is a login with the id', async () => {
  const world = await startWorld();
  const id = await world.register('alice');
  const { client } = world.client();
  await client.qrlogin({ user_id: id, password: PASSWORD });
  expect(client.userManage.getUid()).toBe(id);
});

test('cleanup removes all data of the user and emits no logout', async () => {
  const world = await startWorld();
  const device = createDevice();
  const { client, events } = await world.member('alice', {}, device);
  await client.cleanup();
  expect([client.isLogin(), client.userManage.getToken(), events.all('logout')]).toEqual([false, undefined, []]);
  const next = world.client({}, device);
  await until(() => next.client.isReady(), 'DNS');
  expect(next.client.isLogin()).toBe(false);
});

test('kickAllWeb ends the other web sessions, then this one', async () => {
  const world = await startWorld();
  const reloads: string[] = [];
  const device = createDevice();
  device.platform.lifecycle.reload = () => void reloads.push('reload');
  const other = await world.member('alice');
  const { client, events } = await world.member('alice', { reloadOnLogout: true }, device);
  await client.kickAllWeb();
  expect(client.isLogin()).toBe(false);
  expect(reloads).toEqual(['reload']);
  expect(events.all('logout')).toEqual([]);
  await until(() => !other.client.isLogin(), 'the other session to end');
});

test('logout with quitAllWeb ends the other sessions, and logs out even if that fails', async () => {
  const world = await startWorld();
  const other = await world.member('alice');
  const { client, events } = await world.member('alice');
  await client.logout({ quitAllWeb: true });
  await events.next('logout');
  await until(() => !other.client.isLogin(), 'the other session to end');
  const { client: last } = await world.member('alice');
  last.userManage.deleteToken();
  await last.logout({ quitAllWeb: true });
  expect(last.isLogin()).toBe(false);
});

test('setLogLevel takes effect at once', async () => {
  const world = await startWorld();
  const { client, device } = world.client({ logLevel: 'off' });
  const throwing = (): never => {
    throw new Error('of the app');
  };
  client.on('logout', throwing);
  await client.logout();
  expect(device.errors).toEqual([]);
  client.setLogLevel('error');
  await client.logout();
  expect(device.errors.splice(0)).toMatchObject([['a handler of logout failed', { message: 'of the app' }]]);
});

test('a group’s members have their names after it was opened', async () => {
  const world = await startWorld();
  const [alice, bob] = [await world.member('alice'), await world.member('bob')];
  const group = world.group(alice, bob);
  await bob.client.groupManage.asyncUpdateDisplayName({ group_id: group, value: 'Bobby' });
  alice.client.groupManage.openGroup(group);
  await until(() => alice.client.groupManage.getGroupMembers(group).length === 2, 'the members');
  await until(() => alice.client.rosterManage.getRosterInfo(bob.id).username === 'bob', 'their details');
  expect(alice.client.groupManage.getGroupMembers(group)).toMatchObject([
    { user_id: alice.id, display_name: 'alice', has_nick: true },
    { user_id: bob.id, display_name: 'Bobby', username: 'bob', has_nick: true },
  ]);
});

test('isSelf knows the user who is logged in, by every form of an id', async () => {
  const world = await startWorld();
  const { client, id } = await world.member('alice');
  expect([id, String(id), ` 00${id}`].map((form) => client.isSelf(form))).toEqual([true, true, true]);
  expect([id + 16, '', 'alice', null, undefined].some((other) => client.isSelf(other))).toBe(false);
  await client.logout();
  expect(client.isSelf(id)).toBe(false);
});

test('isOwn of a message says whether the user sent it, from any device', async () => {
  const world = await startWorld();
  const alice = await world.member('alice');
  const second = await world.member('alice');
  const bob = await world.member('bob');
  alice.client.sysManage.sendRosterMessage({ uid: bob.id, content: 'from alice' });
  bob.client.sysManage.sendRosterMessage({ uid: alice.id, content: 'from bob' });
  expect(alice.client.sysManage.getSendingMessages(bob.id, 'roster')).toMatchObject([{ isOwn: true }]);
  const read = async () => {
    const { messages } = await second.client.sysManage.getMessages({ id: bob.id, type: 'roster' });
    return messages.map(({ content, isOwn }) => `${content} ${isOwn}`).sort();
  };
  await expect.poll(read).toEqual(['from alice true', 'from bob false']);
  await expect
    .poll(() =>
      second.events
        .all('onRosterMessage')
        .map(({ content, isOwn }) => `${content} ${isOwn}`)
        .sort(),
    )
    .toEqual(await read());
});
