import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { ClientOptions } from '../../../src/options.ts';
import { until } from '../../support/client-events.ts';
import { DEAD_HOST, PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';

const SOON_MS = 2000;
const ALICE = { name: 'alice', password: PASSWORD };

interface Failure {
  reason: string;
  loginFail: string | RegExp;
  flooError: object;
}

/** The login fails soon, with this on the promise and on the events, each once. */
async function fails(
  { client, events }: Pick<Member, 'client' | 'events'>,
  { reason, loginFail, flooError }: Failure,
  login: () => Promise<void> = () => client.login(ALICE),
): Promise<void> {
  events.heard.length = 0;
  const start = Date.now();
  await expect(login()).rejects.toMatchObject({ name: 'FlooError', reason });
  expect(Date.now() - start).toBeLessThan(SOON_MS);
  const desc = typeof loginFail === 'string' ? loginFail : expect.stringMatching(loginFail);
  expect(events.all('loginFail')).toEqual([desc]);
  expect(events.all('flooError')).toMatchObject([{ ...flooError, error: { reason } }]);
  expect(events.all('loginSuccess')).toEqual([]);
  expect(client.isLogin()).toBe(false);
}

/** A DNS server that says what the test wants. */
async function startDns(
  world: World,
): Promise<{ options: ClientOptions; answer: (response: ServerResponse) => void; hosts(...hosts: Hosts[]): void }> {
  const dns = {
    options: {} as ClientOptions,
    answer: (_response: ServerResponse): void => undefined,
    hosts(...clusters: Hosts[]) {
      const entry = (host: string): object => ({ protocol: 'http', host, ip_list: ['127.0.0.1'] });
      const list = clusters.map(({ ratel, webim }) => ({ ratel: ratel.map(entry), webim: webim.map(entry) }));
      const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters: list }] };
      dns.answer = (response) => response.end(JSON.stringify({ code: 200, data }));
    },
  };
  const host = await world.http((_request, response) => dns.answer(response));
  dns.options = { dnsServer: `http://${host}/` };
  return dns;
}

interface Hosts {
  ratel: string[];
  webim: string[];
}

const hostOf = (world: World): string => `127.0.0.1:${world.server.port}`;

describe('DNS', () => {
  const cases: [what: string, answer: (response: ServerResponse) => void, failure: Failure][] = [
    [
      'cuts the connection',
      (response) => response.destroy(),
      { reason: 'ServerDNSFailed', loginFail: /^token failure:./, flooError: { category: 'DNS_FAILED', code: 0 } },
    ],
    [
      'answers garbage',
      (response) => response.end('<html>welcome to the hotel</html>'),
      {
        reason: 'ServerDNSFailed',
        loginFail: 'token failure:DNS answered HTTP 200 without JSON',
        flooError: { category: 'DNS_FAILED', code: 0 },
      },
    ],
    [
      'answers HTTP 502',
      (response) => response.writeHead(502).end('bad gateway'),
      {
        reason: 'ServerDNSFailed',
        loginFail: 'token failure:DNS answered HTTP 502 without JSON',
        flooError: { category: 'DNS_FAILED', code: 0 },
      },
    ],
    [
      'answers null',
      (response) => response.end('null'),
      { reason: 'ServerUnknownError', loginFail: /^token failure:./, flooError: { category: 'DNS_FAILED', code: 0 } },
    ],
    [
      'names no cluster',
      (response) => response.end(JSON.stringify({ code: 200, data: { dns_list: [] } })),
      {
        reason: 'ServerDNSFailed',
        loginFail: /^token failure:.*cluster/,
        flooError: { category: 'DNS_FAILED', code: 0 },
      },
    ],
    [
      'refuses the app id',
      (response) => response.end(JSON.stringify({ code: 99998, message: 'app_id is invalid' })),
      {
        reason: 'ServerAppIdInvalid',
        loginFail: 'token failure:app_id is invalid',
        flooError: { category: 'DNS_FAILED', desc: 'app_id is invalid', code: 99998 },
      },
    ],
    [
      'never answers',
      () => undefined,
      { reason: 'ServerDNSFailed', loginFail: /^token failure:no answer/, flooError: { category: 'DNS_FAILED' } },
    ],
  ];

  test.each(cases)(
    'that %s fails the login, and the next one works when it is well',
    async (_what, answer, failure) => {
      const world = await startWorld();
      await world.register('alice');
      const dns = await startDns(world);
      dns.answer = answer;
      const alice = world.client({ ...dns.options, requestTimeoutMs: 400 });
      await fails(alice, failure);
      await fails(alice, failure);
      dns.hosts({ ratel: [hostOf(world)], webim: [hostOf(world)] });
      await alice.client.login(ALICE);
      expect(alice.client.isLogin()).toBe(true);
    },
  );

  test('that is unreachable fails the login; the next login works once it is reachable', async () => {
    const world = await startWorld();
    await world.register('alice');
    const late = createServer((request, response) => {
      void fetch(`${world.server.url}${request.url}`).then(async (answer) => response.end(await answer.text()));
    });
    const listen = (port: number): Promise<void> => new Promise((resolve) => late.listen(port, '127.0.0.1', resolve));
    await listen(0);
    const { port } = late.address() as AddressInfo;
    await new Promise((resolve) => late.close(resolve));
    const alice = world.client({ dnsServer: `http://127.0.0.1:${port}/v2/app_dns` });
    await fails(alice, {
      reason: 'ServerDNSFailed',
      loginFail: /^token failure:.*ECONNREFUSED/,
      flooError: { category: 'DNS_FAILED' },
    });
    world.cleanup(() => {
      late.closeAllConnections();
      late.close();
    });
    await listen(port);
    await alice.client.login(ALICE);
  });

  test('that fails emits an error even when nobody logs in', async () => {
    const world = await startWorld();
    const { client, events } = world.client({ dnsServer: `http://${DEAD_HOST}/` });
    expect(await events.next('flooError')).toMatchObject({
      category: 'DNS_FAILED',
      error: { reason: 'ServerDNSFailed' },
    });
    expect(client.isReady()).toBe(false);
    expect(events.all('loginFail')).toEqual([]);
  });

  test.each(['frozen', 'banned', 'revoked'])('says the app is %s', async (app_status) => {
    const world = await startWorld();
    await world.register('alice');
    world.server.admin.setDns({ app_status });
    const alice = world.client();
    await fails(alice, {
      reason: 'ServerAppFrozen',
      loginFail: `token failure:app is ${app_status}`,
      flooError: { category: `APP_${app_status.toUpperCase()}`, desc: `app is ${app_status}` },
    });
    expect(alice.client.isReady()).toBe(false);
    world.server.admin.setDns({});
    await alice.client.login(ALICE);
  });

  test('says so even with an older answer in the cache', async () => {
    const world = await startWorld();
    const alice = await world.member('alice');
    await alice.client.dispose();
    world.server.admin.setDns({ app_status: 'frozen' });
    const next = world.client({}, alice.device);
    expect(await next.events.next('flooError')).toMatchObject({ category: 'APP_FROZEN', desc: 'app is frozen' });
  });

  test('with a new URL does not use the cached answer of the old URL', async () => {
    const [first, second] = [await startWorld(), await startWorld()];
    const id = await second.register('alice');
    const { client, device } = first.client();
    await until(() => client.isReady(), 'DNS');
    await client.dispose();
    const next = first.client({ dnsServer: second.server.dnsUrl }, device);
    await next.client.login(ALICE);
    expect(next.client.userManage.getUid()).toBe(id);
    expect(first.server.admin.receivedRequests().filter(({ path }) => path === '/token/user')).toEqual([]);
    await next.client.dispose();
  });

  test('refuses an unknown app', async () => {
    const world = await startWorld();
    const alice = world.client({ appid: 'unknown-app' });
    await fails(alice, {
      reason: 'ServerAppIdInvalid',
      loginFail: /^token failure:app_id is invalid/,
      flooError: { category: 'DNS_FAILED', code: 99998 },
    });
  });
});

describe('REST', () => {
  test('with only a dead host fails the login', async () => {
    const world = await startWorld();
    await world.register('alice');
    const dns = await startDns(world);
    dns.hosts({ ratel: [DEAD_HOST], webim: [hostOf(world)] });
    const alice = world.client(dns.options);
    await fails(alice, {
      reason: 'ServerNotReachable',
      loginFail: /^token failure:.*ECONNREFUSED/,
      flooError: { category: 'ServerNotReachable' },
    });
    await expect(alice.client.userManage.asyncRegister({ username: 'x', password: 'y' })).rejects.toMatchObject({
      reason: 'ServerNotReachable',
    });
    // The client asks DNS again once every host failed.
    dns.hosts({ ratel: [hostOf(world)], webim: [hostOf(world)] });
    await alice.client.login(ALICE);
  });

  const cases: [string, (world: World) => void, Failure][] = [
    [
      'HTTP 503',
      ({ server }) => server.admin.failRest({ path: '/token/user', httpStatus: 503, message: 'down' }),
      { reason: 'ServerUnknownError', loginFail: 'token failure:down', flooError: { code: 500, desc: 'down' } },
    ],
    [
      'no answer',
      ({ server }) => server.admin.failRest({ path: '/token/user', hang: true }),
      { reason: 'ServerTimeOut', loginFail: /^token failure:no answer/, flooError: { category: 'ServerTimeOut' } },
    ],
    [
      'an unknown code',
      ({ server }) => server.admin.failRest({ path: '/token/user', code: 12345, message: 'what' }),
      { reason: 'ServerUnknownError', loginFail: 'token failure:what', flooError: { code: 12345 } },
    ],
  ];
  test.each(cases)('%s', async (_what, fault, failure) => {
    const world = await startWorld();
    await world.register('alice');
    const alice = world.client({ requestTimeoutMs: 400 });
    fault(world);
    await fails(alice, failure);
    await alice.client.login(ALICE);
  });

  test.each(['<html>', '', '[]', '{"code":"200"}', '{"code":200}', '{"code":200,"data":{"token":""}}'])(
    'an answer that is none: %s',
    async (body) => {
      const world = await startWorld();
      await world.register('alice');
      let broken = true;
      const proxy = await world.http((request, response) => {
        if (broken) return void response.end(body);
        let sent = '';
        request.on('data', (chunk: Buffer) => (sent += String(chunk)));
        request.on('end', () => {
          const headers = request.headers as Record<string, string>;
          void fetch(`${world.server.url}${request.url}`, {
            method: request.method!,
            headers: { app_id: headers['app_id']!, 'access-token': headers['access-token'] ?? '' },
            ...(request.method === 'POST' && { body: sent }),
          }).then(async (answer) => response.end(await answer.text()));
        });
      });
      const dns = await startDns(world);
      dns.hosts({ ratel: [proxy], webim: [hostOf(world)] });
      const alice = world.client(dns.options);
      await fails(alice, {
        reason: 'ServerResponseInvalid',
        loginFail: /^token failure:./,
        flooError: { category: 'ServerResponseInvalid' },
      });
      broken = false;
      await alice.client.login(ALICE);
    },
  );

  test('refuses a wrong password and an unknown user', async () => {
    const world = await startWorld();
    const id = await world.register('alice');
    const alice = world.client();
    const wrong = {
      reason: 'UserAuthFailed',
      loginFail: /^token failure:/,
      flooError: { category: 'UserAuthFailed', code: 402 },
    };
    await fails(alice, wrong, () => alice.client.login({ name: 'alice', password: 'guess' }));
    await fails(alice, wrong, () => alice.client.idLogin({ user_id: id, password: 'guess' }));
    const unknown = {
      reason: 'UserNotExist',
      loginFail: 'token failure:user does not exist',
      flooError: { category: 'UserNotExist', code: 10000 },
    };
    await fails(alice, unknown, () => alice.client.login({ name: 'nobody', password: PASSWORD }));
    await fails(alice, unknown, () => alice.client.idLogin({ user_id: '12345', password: PASSWORD }));
    expect(alice.events.all('flooNotice').some(({ category }) => category === 'action')).toBe(false);
    await alice.client.login(ALICE);
  });

  test('invalid credentials are refused at once', async () => {
    const world = await startWorld();
    const { client } = world.client();
    const bad = { reason: 'InvalidParam' };
    await expect(client.login({ password: 'x' })).rejects.toMatchObject(bad);
    await expect(client.login({ name: 'alice', password: '' })).rejects.toMatchObject(bad);
    await expect(client.login(undefined as never)).rejects.toMatchObject(bad);
    await expect(client.idLogin({ user_id: 'alice', password: PASSWORD })).rejects.toMatchObject(bad);
    await expect(client.tokenLogin('1', '')).rejects.toMatchObject(bad);
    await expect(client.tokenLogin(undefined as never, 'x')).rejects.toMatchObject(bad);
    expect(world.server.admin.receivedRequests().filter(({ path }) => path.startsWith('/token'))).toEqual([]);
  });
});

describe('socket hosts', () => {
  test('that are all dead fail the login', async () => {
    const world = await startWorld();
    await world.register('alice');
    const dns = await startDns(world);
    dns.hosts({ ratel: [hostOf(world)], webim: [DEAD_HOST] });
    const alice = world.client(dns.options);
    const failure = {
      reason: 'ServerConnectFailed',
      loginFail: 'socket_failure',
      flooError: { category: 'CONNECT_ERROR' },
    };
    await fails(alice, failure);
    dns.hosts({ ratel: [hostOf(world)], webim: [hostOf(world)] });
    await alice.client.login(ALICE);
  });

  test('that hold the handshake fail the login', async () => {
    const world = await startWorld();
    await world.register('alice');
    world.server.admin.stall({ on: true, alsoNew: true });
    const alice = world.client({ connectTimeoutMs: 300 });
    await fails(alice, {
      reason: 'ServerConnectFailed',
      loginFail: 'socket_failure',
      flooError: { category: 'CONNECT_ERROR', desc: 'connect-timeout: 300 ms' },
    });
    world.server.admin.clearFaults();
    await alice.client.login(ALICE);
  });

  test.each(['socket.io', 'raw'] as const)('that never answer the provision fail the login: %s', async (transport) => {
    const world = await startWorld();
    await world.register('alice');
    world.server.admin.dropAnswers({ command: 'provision', count: 1 });
    const alice = world.client({ answerTimeoutMs: 300, transport });
    await fails(alice, {
      reason: 'SignInTimeout',
      loginFail: 'socket_failure',
      flooError: { category: 'SignInTimeout' },
    });
    await until(() => world.server.admin.connections().length === 0, 'the silent socket to be left');
    await alice.client.login(ALICE);
  });

  test.each(['socket.io', 'raw'] as const)('that do not speak %s fail the login', async (transport) => {
    const world = await startWorld();
    await world.register('alice');
    const web = await world.http((_request, response) => void response.end('hello'));
    const dns = await startDns(world);
    dns.hosts({ ratel: [hostOf(world)], webim: [web] });
    const alice = world.client({ ...dns.options, transport });
    await fails(alice, {
      reason: 'ServerConnectFailed',
      loginFail: 'socket_failure',
      flooError: { category: 'CONNECT_ERROR' },
    });
  });
});

describe('a dead host first and a live one after it', () => {
  const dead = DEAD_HOST;
  const cases: [string, (own: string) => Hosts[]][] = [
    ['REST', (own) => [{ ratel: [dead, own], webim: [own] }]],
    ['socket', (own) => [{ ratel: [own], webim: [dead, own] }]],
    ['REST and socket', (own) => [{ ratel: [dead, own], webim: [dead, own] }]],
    ['two dead sockets', (own) => [{ ratel: [own], webim: [dead, dead.replace(':2', ':3'), own] }]],
    [
      'a dead cluster',
      (own) => [
        { ratel: [dead], webim: [dead] },
        { ratel: [own], webim: [own] },
      ],
    ],
    [
      'dead sockets in a living cluster',
      (own) => [
        { ratel: [own], webim: [dead] },
        { ratel: [own], webim: [own] },
      ],
    ],
  ];
  test.each(cases)('%s: the login works', async (_what, clusters) => {
    const world = await startWorld();
    await world.register('alice');
    const dns = await startDns(world);
    dns.hosts(...clusters(hostOf(world)));
    const { client, events } = world.client(dns.options);
    const start = Date.now();
    await client.login(ALICE);
    expect(Date.now() - start).toBeLessThan(SOON_MS);
    expect(events.all('flooError')).toEqual([]);
    expect(client.baseUrl).toBe(world.server.url);
  });

  test('a resumed session reaches the live host, too', async () => {
    const world = await startWorld();
    const dns = await startDns(world);
    dns.hosts({ ratel: [hostOf(world)], webim: [hostOf(world)] });
    const alice = await world.member('alice', dns.options);
    await alice.client.dispose();
    dns.hosts({ ratel: [dead, hostOf(world)], webim: [dead, hostOf(world)] });
    const next = world.client(dns.options, alice.device);
    await next.events.next('loginSuccess');
  });
});
