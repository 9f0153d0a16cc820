import { describe, expect, test } from 'vitest';
import type { FlooError } from '../../../src/errors.ts';
import type { Endpoint, RestParams } from '../../../src/http/endpoints.ts';
import { createRestClient } from '../../../src/http/rest-client.ts';
import type { RestAnswer } from '../../../src/http/envelope.ts';
import { fc } from '../../support/property.ts';
import { settle } from '../../support/settle.ts';
import { createFakeHttp } from './fake-http.ts';

const GET: Endpoint = { method: 'GET', path: '/get' };
const ONCE: Endpoint = { method: 'GET', path: '/get', repeatable: false };
const POST: Endpoint = { method: 'POST', path: '/post', send: 'body' };
const REPEATABLE_POST: Endpoint = { method: 'POST', path: '/post', send: 'body', repeatable: true };
const QUERY_POST: Endpoint = { method: 'POST', path: '/query', send: 'query' };
const PUBLIC: Endpoint = { method: 'POST', path: '/token/user', send: 'body', token: 'never' };
const OPEN: Endpoint = { method: 'GET', path: '/open', token: 'optional' };

function create({ token = 'TOKEN', hosts = ['https://a', 'https://b'] } = {}) {
  const { http, requests } = createFakeHttp();
  const log: string[] = [];
  let current = 0;
  const rest = createRestClient({
    http,
    host: async () => hosts[current]!,
    onHostFailed(host) {
      log.push(`failed ${host}`);
      current++;
      return current < hosts.length;
    },
    onHostAnswered: () => log.push('answered'),
    onStrange: (host) => log.push(`strange ${host}`),
    credentials: () => ({ appId: 'app', token }),
    onTokenRefused: (refused) => log.push(`refused ${refused}`),
    timeoutMs: 20_000,
  });
  const call = async (endpoint: Endpoint, params?: RestParams): Promise<RestAnswer<unknown> | FlooError> => {
    const answer = rest.call(endpoint, params).catch((error: unknown) => error as FlooError);
    await settle();
    return answer;
  };
  /** Calls and answers the first request at once. */
  const answered = async (body: string, endpoint = GET, status = 200): Promise<RestAnswer<unknown> | FlooError> => {
    const answer = call(endpoint);
    await settle();
    requests[requests.length - 1]!.answer(body, status);
    return answer;
  };
  return { rest, requests, log, call, answered };
}

const OK = '{"code":200,"data":true}';

async function sent(endpoint: Endpoint, params?: RestParams) {
  const { requests, call } = create();
  void call(endpoint, params);
  await settle();
  return requests[0]!;
}

describe('parameters', () => {
  test('of a query are in the URL, keys sorted, absent ones left out', async () => {
    const { url, body } = await sent(GET, { b: 2, a: 'x y&=/', c: undefined, d: null, e: false, f: 0, g: '' });
    expect(url).toBe('https://a/get?a=x%20y%26%3D%2F&b=2&e=false&f=0&g=');
    expect(body).toBeUndefined();
  });

  test('an empty query adds no question mark', async () => {
    expect((await sent(GET)).url).toBe('https://a/get');
    expect((await sent(GET, { cursor: undefined })).url).toBe('https://a/get');
  });

  test('of a POST with a query are in the URL, and its body is an empty object', async () => {
    expect(await sent(QUERY_POST, { n: 1 })).toMatchObject({ url: 'https://a/query?n=1', body: '{}' });
  });

  test('of a body are JSON, absent ones left out', async () => {
    const { url, body } = await sent(POST, { name: 'a "b"', n: 1, no: undefined, nothing: null, deep: { x: [1] } });
    expect(url).toBe('https://a/post');
    expect(JSON.parse(body!)).toEqual({ name: 'a "b"', n: 1, nothing: null, deep: { x: [1] } });
    expect((await sent(POST)).body).toBe('{}');
  });

  test('that are ids become exact integers, from any form of an id', async () => {
    const { body } = await sent(POST, {
      user_id: '9007199254740993',
      group_id: 12,
      user_list: ['18446744073709551615', 7, { toString: () => '9007199254740995' }],
      list: [],
      name: '9007199254740993',
    });
    expect(body).toBe(
      '{"user_id":9007199254740993,"group_id":12,"user_list":[18446744073709551615,7,9007199254740995],"list":[],"name":"9007199254740993"}',
    );
  });

  test('that should be ids but are not are sent unchanged', async () => {
    const { body } = await sent(POST, { user_id: 'abc', group_id: '', limit: null, list: ['1', 'x', ' 2 ', '007'] });
    expect(JSON.parse(body!)).toEqual({ user_id: 'abc', group_id: '', limit: null, list: [1, 'x', 2, 7] });
  });

  test('of any kind make a JSON body', async () => {
    const keys = fc.constantFrom('user_id', 'group_id', 'list', 'user_list', 'duration', 'name', 'a"b');
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.stringMatching(/^-?\d{1,20}$/))),
        async (params) => {
          const { body } = await sent(POST, params);
          expect(Object.keys(JSON.parse(body!) as object).sort()).toEqual(Object.keys(params).sort());
        },
      ),
      { numRuns: 50, examples: [[{ user_id: { toString: null } }], [{ user_list: [{ toString: '' }, ' 007 '] }]] },
    );
  });

  test('are not changed', async () => {
    const params = Object.freeze({ user_id: '9007199254740993', user_list: Object.freeze(['1', '2']), b: undefined });
    await sent(POST, params);
    await sent(GET, params);
    expect(params).toEqual({ user_id: '9007199254740993', user_list: ['1', '2'], b: undefined });
  });
});

describe('parameters that a call needs', () => {
  const NEEDY: Endpoint = {
    method: 'POST',
    path: '/ban',
    send: 'body',
    required: ['group_id', { anyOf: ['name', 'mobile'] }],
  };

  test.each<[RestParams | undefined, string]>([
    [undefined, 'group_id can not be null..,name|mobile can not be null..'],
    [{ group_id: 1 }, 'name|mobile can not be null..'],
    [{ group_id: null, name: 'x' }, 'group_id can not be null..'],
  ])('%j is refused here', async (params, rawMessage) => {
    const { requests, call } = create();
    expect(await call(NEEDY, params)).toMatchObject({ reason: 'InvalidParam', rawMessage });
    expect(requests).toEqual([]);
  });

  test('may be empty; where either of two is needed, one is enough', async () => {
    expect((await sent(NEEDY, { group_id: '', mobile: 0 })).body).toBe('{"group_id":"","mobile":0}');
  });

  test('the token is also in the URL where the endpoint requires it', async () => {
    const endpoint: Endpoint = { method: 'GET', path: '/file', required: ['id'], tokenInUrl: true };
    expect((await sent(endpoint, { id: 7 })).url).toBe('https://a/file?access-token=TOKEN&id=7');
  });

  test('the page of a call with a body is also named in the URL', async () => {
    const { url, body } = await sent(POST, { list: [1], cursor: 'c', limit: 5 });
    expect(url).toBe('https://a/post?cursor=c&limit=5');
    expect(JSON.parse(body!)).toEqual({ list: [1], cursor: 'c', limit: 5 });
  });
});

describe('the headers', () => {
  test('hold the app id and the token, and a content type where there is a body', async () => {
    expect((await sent(GET)).headers).toEqual({ app_id: 'app', 'access-token': 'TOKEN' });
    expect((await sent(POST)).headers).toEqual({
      app_id: 'app',
      'access-token': 'TOKEN',
      'content-type': 'application/json',
    });
  });

  test('of a public endpoint hold no token, even after a login', async () => {
    expect((await sent(PUBLIC)).headers).toEqual({ app_id: 'app', 'content-type': 'application/json' });
  });

  test('of an open endpoint hold the token after a login', async () => {
    expect((await sent(OPEN)).headers).toEqual({ app_id: 'app', 'access-token': 'TOKEN' });
  });

  test('the request has the method of the endpoint and the timeout of the client', async () => {
    expect(await sent(POST)).toMatchObject({ method: 'POST', timeoutMs: 20_000 });
  });
});

describe('without a token', () => {
  test('only public endpoints are called', async () => {
    const { requests, call } = create({ token: '' });
    expect(await call(GET)).toMatchObject({ reason: 'UserNotLogin' });
    expect(requests).toEqual([]);
    void call(PUBLIC);
    void call(OPEN);
    await settle();
    expect(requests.map(({ headers }) => headers['access-token'])).toEqual([undefined, undefined]);
  });
});

describe('an answer', () => {
  test('gives its data and the cursor beside it', async () => {
    const { answered } = create();
    expect(await answered('{"code":200,"data":[1,9007199254740993],"cursor":"next","total":5}')).toMatchObject({
      data: [1, '9007199254740993'],
      cursor: 'next',
    });
  });

  test('of any HTTP status is judged by its envelope', async () => {
    const { answered } = create();
    expect(await answered(OK, GET, 500)).toMatchObject({ data: true });
  });

  test.each<[string, string, number]>([
    ['{"code":10004,"message":"taken"}', 'UserAlreadyExist', 10004],
    ['{"code":10000,"message":"who?"}', 'UserNotExist', 10000],
    ['{"code":20001}', 'GroupNotExist', 20001],
    ['{"code":12345,"message":"new"}', 'ServerUnknownError', 12345],
    ['{"code":0}', 'ServerUnknownError', 0],
  ])('%s is %s', async (body, reason, code) => {
    const { answered } = create();
    expect(await answered(body)).toMatchObject({ reason, code, restCode: code });
  });

  test.each(['<html>502</html>', '', '[]', 'null', '"text"', '{}', '{"code":"200"}', '{"data":true}'])(
    '%j is not an answer',
    async (body) => {
      const { answered } = create();
      expect(await answered(body, GET, 502)).toMatchObject({ reason: 'ServerResponseInvalid', url: 'https://a/get' });
    },
  );

  test.each([
    [429, 'ServerTooManyRequest'],
    [503, 'ServerBusy'],
  ])('HTTP %i without an envelope is %s; an envelope decides otherwise', async (status, reason) => {
    const { answered } = create();
    for (const body of ['<html>', '{}']) expect(await answered(body, GET, status)).toMatchObject({ reason });
    expect(await answered('{"code":10000}', GET, status)).toMatchObject({ reason: 'UserNotExist' });
  });

  test('proves that its host is reachable, even when it is an error', async () => {
    const { answered, log } = create();
    await answered('{"code":10000}');
    expect(log).toEqual(['answered']);
  });

  test('that is an error names the URL without its query', async () => {
    const { requests, call } = create();
    const answer = call(GET, { secret: 'x' });
    await settle();
    requests[0]!.answer('{"code":404}');
    expect(((await answer) as FlooError).url).toBe('https://a/get');
  });
});

describe('code 402', () => {
  test('for a token that was sent reports it once', async () => {
    const { answered, log } = create();
    expect(await answered('{"code":402,"message":"expired"}')).toMatchObject({ reason: 'InvalidToken', code: 402 });
    expect(log).toEqual(['answered', 'refused TOKEN']);
  });

  test('of a call that asks for a token is a wrong password, and reports no token', async () => {
    const { answered, log } = create();
    expect(await answered('{"code":402}', PUBLIC)).toMatchObject({ reason: 'UserAuthFailed', code: 402 });
    expect(log).toEqual(['answered']);
  });
});

describe('a host that gives no answer', () => {
  test('is left for the next host where the call may be repeated', async () => {
    for (const endpoint of [GET, REPEATABLE_POST]) {
      const { requests, call, log } = create();
      const answer = call(endpoint, { n: 1 });
      await settle();
      requests[0]!.fail();
      await settle();
      expect(requests.length).toBe(2);
      expect(requests[1]).toMatchObject({
        method: requests[0]!.method,
        url: expect.stringMatching('^https://b/') as string,
      });
      expect(requests[1]!.body).toBe(requests[0]!.body);
      requests[1]!.answer(OK);
      expect(await answer).toMatchObject({ data: true });
      expect(log).toEqual(['failed https://a', 'answered']);
    }
  });

  test.each([POST, ONCE])('is left, but a call that may not be repeated is not repeated: %o', async (endpoint) => {
    const { requests, call, log } = create();
    const answer = call(endpoint);
    await settle();
    requests[0]!.fail('timeout');
    expect(await answer).toMatchObject({ reason: 'ServerTimeOut' });
    expect(requests.length).toBe(1);
    expect(log).toEqual(['failed https://a']);
    void call(POST);
    await settle();
    expect(requests[1]!.url).toBe('https://b/post');
  });

  test('is an error when there is no other host', async () => {
    const { requests, call } = create();
    const answer = call(GET);
    await settle();
    requests[0]!.fail('timeout');
    await settle();
    requests[1]!.fail('unreachable');
    expect(await answer).toMatchObject({ reason: 'ServerNotReachable', url: 'https://b/get' });
    expect(requests.length).toBe(2);
  });
});
