import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { askDns } from '../../../src/bootstrap/dns.ts';
import type { DnsAnswer } from '../../../src/bootstrap/dns-answer.ts';
import type { DnsQuery } from '../../../src/bootstrap/dns.ts';
import type { FlooError } from '../../../src/errors.ts';
import { createFakeHttp } from '../http/fake-http.ts';
import { systemClock } from '../../../src/platform/web-api/system.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

const DATA = {
  dns_list: [
    {
      group_level: 0,
      clusters: [{ ratel: [{ protocol: 'https', host: 'r' }], webim: [{ protocol: 'https', host: 's' }] }],
    },
  ],
};
const ANSWER = JSON.stringify({ code: 200, data: DATA });
const FIRST = 'https://dns.lanyingim.com';
const SECOND = 'https://dns.maximtop.com';
const LAST = 'https://39.107.255.12';

function ask(query: Partial<DnsQuery> = {}) {
  const fake = createFakeHttp();
  const strange: string[] = [];
  const onStrange = (url: string): void => void strange.push(url);
  const answer: Promise<DnsAnswer | FlooError> = askDns(
    { http: fake.http, clock: systemClock, timeoutMs: 20_000, onStrange },
    { appId: 'my app', dnsServer: undefined, knownServers: [], ...query },
  ).catch((error: unknown) => error as FlooError);
  return { ...fake, answer, strange };
}

describe('a DNS URL of the app', () => {
  test('is requested unchanged, with the app id and no credential', async () => {
    const { requests, answer } = ask({ dnsServer: 'http://127.0.0.1:8080/my/dns' });
    expect(requests.map(({ url }) => url)).toEqual(['http://127.0.0.1:8080/my/dns?app_id=my%20app&source=sdk']);
    expect(requests[0]).toMatchObject({ method: 'GET', headers: {}, timeoutMs: 20_000 });
    requests[0]!.answer(ANSWER);
    expect(((await answer) as DnsAnswer).clusters[0]!.ratel).toEqual(['https://r']);
  });

  test('the page of a portal is reported, another answer without JSON is not', async () => {
    const portal = ask({ dnsServer: 'http://dns/' });
    portal.requests[0]!.answer('<!doctype html>');
    expect(await portal.answer).toMatchObject({ reason: 'ServerResponseInvalid' });
    expect(portal.strange).toEqual(['http://dns/?app_id=my%20app&source=sdk']);
    const broken = ask({ dnsServer: 'http://dns/' });
    broken.requests[0]!.answer('busy');
    expect(await broken.answer).toMatchObject({ reason: 'ServerResponseInvalid' });
    expect(broken.strange).toEqual([]);
  });

  test('that has a query keeps it', () => {
    expect(ask({ dnsServer: 'http://dns/?a=1' }).requests[0]!.url).toBe('http://dns/?a=1&app_id=my%20app&source=sdk');
  });

  test('is preferred to the servers of the last answer', () => {
    expect(ask({ dnsServer: 'http://own', knownServers: ['known'] }).requests[0]!.url).toMatch('http://own?');
  });

  test.each([['https://dns.lanyingim.com/v2/app_dns'], ['https://dns.maximtop.com'], ['']])(
    '%j means the built-in list',
    async (dnsServer) => {
      const { requests, answer } = ask({ dnsServer });
      expect(requests[0]!.url).toBe(`${FIRST}/api/health`);
      requests[0]!.answer('ok');
      await vi.advanceTimersByTimeAsync(0);
      requests[1]!.answer(ANSWER);
      await answer;
    },
  );
});

describe('the health race', () => {
  test('the first server to answer is asked', async () => {
    const { requests, answer } = ask();
    requests[0]!.answer('ok');
    await vi.advanceTimersByTimeAsync(0);
    expect(requests.map(({ url }) => url)).toEqual([
      `${FIRST}/api/health`,
      `${FIRST}/v2/app_dns?app_id=my%20app&source=sdk`,
    ]);
    requests[1]!.answer(ANSWER);
    expect(await answer).toMatchObject({ clusters: [{ fireplace: ['https://s'] }] });
  });

  test('another server is tried every second', async () => {
    const { requests, answer } = ask();
    await vi.advanceTimersByTimeAsync(999);
    expect(requests.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(requests.map(({ url }) => url)).toEqual([`${FIRST}/api/health`, `${SECOND}/api/health`]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(requests[2]!.url).toBe(`${LAST}/api/health`);
    await vi.advanceTimersByTimeAsync(5000);
    expect(requests.length).toBe(3);
    requests[1]!.answer('ok');
    await vi.advanceTimersByTimeAsync(0);
    expect(requests[3]!.url).toMatch(SECOND);
    requests[0]!.answer('late');
    requests[2]!.fail();
    requests[3]!.answer(ANSWER);
    await answer;
    expect(requests.length).toBe(4);
  });

  test('a failure starts the next try at once', async () => {
    const { requests, answer } = ask();
    requests[0]!.fail();
    await vi.advanceTimersByTimeAsync(0);
    expect(requests[1]!.url).toBe(`${SECOND}/api/health`);
    requests[1]!.answer('busy', 503);
    await vi.advanceTimersByTimeAsync(0);
    expect(requests[2]!.url).toBe(`${LAST}/api/health`);
    requests[2]!.answer('ok');
    await vi.advanceTimersByTimeAsync(0);
    requests[3]!.answer(ANSWER);
    await answer;
  });

  test('DNS fails with the last reason when all servers fail', async () => {
    const { requests, answer } = ask();
    for (let at = 0; at < 3; at++) {
      requests[at]!.fail(at === 2 ? 'timeout' : 'unreachable');
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(((await answer) as FlooError).reason).toBe('ServerTimeOut');
    expect(requests.length).toBe(3);
  });

  test('DNS also fails when all servers fail late', async () => {
    const { requests, answer } = ask();
    await vi.advanceTimersByTimeAsync(2000);
    for (const request of requests) request.fail('timeout');
    expect(((await answer) as FlooError).reason).toBe('ServerTimeOut');
  });

  test('the servers of the last answer are asked instead of the built-in names', async () => {
    const { requests, answer } = ask({ knownServers: ['one', 'two'] });
    for (let at = 0; at < 3; at++) {
      requests[at]!.fail();
      await vi.advanceTimersByTimeAsync(0);
    }
    await answer;
    expect(requests.map(({ url }) => url)).toEqual([
      'https://one/api/health',
      'https://two/api/health',
      `${LAST}/api/health`,
    ]);
  });
});

describe('an answer', () => {
  const own = { dnsServer: 'http://own' };

  test.each<[string, string, number, string]>([
    ['no JSON', '<html>', 502, 'ServerResponseInvalid'],
    ['empty', '', 200, 'ServerResponseInvalid'],
    ['null', 'null', 200, 'ServerUnknownError'],
    ['the unknown app', '{"code":99998,"message":"no such app"}', 200, 'ServerAppIdInvalid'],
    ['an error without a number', '{"code":"bad"}', 200, 'ServerUnknownError'],
    ['success without hosts', '{"code":200,"data":{}}', 200, 'ServerDNSFailed'],
    ['success without data', '{"code":200}', 200, 'ServerDNSFailed'],
  ])('%s', async (_, body, status, reason) => {
    const { requests, answer } = ask(own);
    requests[0]!.answer(body, status);
    expect(((await answer) as FlooError).reason).toBe(reason);
  });

  test.each([
    ['timeout', 'ServerTimeOut'],
    ['unreachable', 'ServerNotReachable'],
  ] as const)('that never comes: %s', async (kind, reason) => {
    const { requests, answer } = ask(own);
    requests[0]!.fail(kind);
    expect(((await answer) as FlooError).reason).toBe(reason);
  });
});
