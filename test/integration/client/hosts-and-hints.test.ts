/** Hosts that DNS names: too many, dead, or without TLS; and what an app hears of a login that was refused. */
import { describe, expect, test } from 'vitest';
import { createDevice } from '../../support/client-device.ts';
import { quiet, until } from '../../support/client-events.ts';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';

const ALICE = { name: 'alice', password: PASSWORD };

/** A DNS server that names these hosts. */
async function dnsOf(world: World, ratel: unknown, webim: unknown): Promise<string> {
  const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters: [{ ratel, webim }] }] };
  const host = await world.http((_request, response) => void response.end(JSON.stringify({ code: 200, data })));
  return `http://${host}/`;
}
const entry = (host: string, protocol = 'http'): object => ({ protocol, host });
const hostOf = (world: World): string => `127.0.0.1:${world.server.port}`;

describe('a DNS answer', () => {
  test('D7: with 5,000 dead hosts is tried with a few, and logins in a loop open a few sockets a second', async () => {
    const world = await startWorld();
    await world.register('alice');
    const dead = Array.from({ length: 5000 }, (_, i) => entry(`127.0.0.1:${(i % 1000) + 2}`));
    const device = createDevice();
    const { sockets } = device.platform;
    let connects = 0;
    device.platform.sockets = (...socket) => {
      connects++;
      return sockets(...socket);
    };
    const dnsServer = await dnsOf(world, [entry(hostOf(world))], dead);
    const { client } = world.client({ dnsServer }, device);
    const end = Date.now() + 1000;
    while (Date.now() < end) {
      await Promise.race([client.login(ALICE).catch(() => undefined), quiet(end - Date.now())]);
    }
    client.disConnect();
    expect(connects).toBeGreaterThan(0);
    expect(connects).toBeLessThan(15);
    const logins = world.server.admin.receivedRequests().filter(({ path }) => path === '/token/user');
    expect(logins.length).toBeLessThan(13);
  });

  test('with one host a thousand times, and entries of wrong shapes, works', async () => {
    const world = await startWorld();
    await world.register('alice');
    const own = entry(hostOf(world));
    const odd = [null, 5, 'x', [], {}, { protocol: 'http' }, entry('a b'), entry('x@y'), { protocol: 1, host: {} }];
    const dnsServer = await dnsOf(world, [...odd, ...Array<object>(1000).fill(own)], [...odd, own]);
    const { client } = world.client({ dnsServer });
    await client.login(ALICE);
    expect(client.sysManage.getServers(client.userManage.getAppid())).toMatchObject({
      ratel: `http://${hostOf(world)}`,
    });
  });
});

describe('hosts without TLS', () => {
  test('are refused by a page that came over https: nothing is sent to them', async () => {
    const world = await startWorld();
    await world.register('alice');
    const device = createDevice();
    device.platform.requiresTls = true;
    const { client, events } = world.client({}, device);
    await expect(client.login(ALICE)).rejects.toMatchObject({ reason: 'ServerInvalid' });
    await expect(client.tokenLogin(1, 'token')).rejects.toMatchObject({ reason: 'ServerInvalid' });
    await expect(client.userManage.asyncRegister({ username: 'x', password: 'y' })).rejects.toMatchObject({
      reason: 'ServerInvalid',
    });
    expect(client.isReady()).toBe(false);
    expect(events.all('insecureHost')).toEqual([]);
    const paths = world.server.admin.receivedRequests().map(({ path }) => path);
    expect(paths.filter((path) => path !== '/v2/app_dns')).toEqual([]);
    expect(device.openSockets()).toBe(0);
  });

  test('are reported once elsewhere, but for the device itself', async () => {
    const world = await startWorld();
    const own = hostOf(world);
    const dnsServer = await dnsOf(
      world,
      [entry(own), entry('im.test.invalid'), entry('localhost:80'), entry('[::1]:80')],
      [entry(own), entry('im.test.invalid'), entry('safe.test.invalid', 'https')],
    );
    const first = world.client({ dnsServer });
    expect(await first.events.next('insecureHost')).toEqual({ host: 'http://im.test.invalid' });
    await first.client.login({ ...ALICE }).catch(() => undefined);
    expect(first.events.all('insecureHost')).toHaveLength(1);
    await first.client.dispose();
    // A cached answer is reported, too.
    const next = world.client({ dnsServer }, first.device);
    await next.events.next('insecureHost');
    const local = world.client();
    await until(() => local.client.isReady(), 'DNS');
    expect(local.events.all('insecureHost')).toEqual([]);
  });
});

describe('a login that the server refuses', () => {
  test('G7: with a wrong password asks for a new login, after loginFail, as a wrong token does', async () => {
    const world = await startWorld();
    const id = await world.register('alice');
    const { client, events } = world.client();
    const logins = [
      async () => client.login({ name: 'alice', password: 'guess' }),
      async () => client.idLogin({ user_id: id, password: 'guess' }),
      async () => client.qrlogin({ user_id: id, password: 'guess' }),
      async () => client.tokenLogin(id, 'no token'),
    ];
    for (const login of logins) {
      events.heard.length = 0;
      await expect(login()).rejects.toThrow();
      await quiet(20);
      const heard = events.heard.filter(
        ({ name, payload }) =>
          name === 'loginFail' || (name === 'flooNotice' && (payload as { category: string }).category === 'action'),
      );
      expect(heard).toEqual([
        { name: 'loginFail', payload: expect.any(String) },
        { name: 'flooNotice', payload: { category: 'action', desc: 'relogin' } },
      ]);
      expect(client.isLogin()).toBe(false);
    }
  });

  test('that logs in again at every refusal does not flood the server', async () => {
    const world = await startWorld();
    await world.register('alice');
    const { client } = world.client();
    client.on('flooNotice', ({ category }) => {
      if (category === 'action') void client.login({ name: 'alice', password: 'guess' });
    });
    void client.login({ name: 'alice', password: 'guess' });
    await quiet(1000);
    client.disConnect();
    const asked = world.server.admin.receivedRequests().filter(({ path }) => path === '/token/user');
    expect(asked.length).toBeLessThan(13);
  });
});
