/** Every method behind which there is one REST call, against a server that only keeps what it is sent. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildClient } from '../../../src/client.ts';
import type { FlooClient } from '../../../src/floo-client.ts';
import { EventRecord, until } from '../../support/client-events.ts';
import { createDevice } from '../../support/client-device.ts';
import { DEAD_HOST } from '../../support/client-world.ts';
import table from '../../api/rest-methods.json' with { type: 'json' };

interface Recorded {
  method: string;
  path: string;
  query: Record<string, string>;
  body: string;
  headers: Record<string, unknown>;
}

const UID = '600';
let requests: Recorded[] = [];
/** What the server answers with, apart from DNS. */
let answer: object = {};
let client: FlooClient;
let events: EventRecord;
let origin = '';

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url!, 'http://localhost');
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    const host = { protocol: 'http', host: origin.slice('http://'.length) };
    const cluster = { ratel: [host], webim: [{ protocol: 'http', host: DEAD_HOST }], rtc: [] };
    if (pathname === '/dns')
      return response.end(
        JSON.stringify({ code: 200, data: { dns_list: [{ group_level: 0, clusters: [cluster] }], app_status: 'ok' } }),
      );
    const recorded = { method: request.method!, path: pathname, query: Object.fromEntries(searchParams), body };
    requests.push({ ...recorded, headers: request.headers });
    return response.end(JSON.stringify({ code: 200, ...answer }));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  answer = { data: [] };
  const device = createDevice();
  device.platform.preferences.set('flooim.app.uid', UID);
  device.platform.preferences.set(`flooim.app.${UID}.token`, 'TOKEN');
  const built = buildClient({ platform: device.platform, dropIn: false });
  events = new EventRecord(built);
  built.configure({ appid: 'app', dnsServer: `${origin}/dns`, logLevel: 'off' });
  client = built;
  await until(() => client.isLogin() && requests.length >= 4, 'the stored session to be resumed');
});

beforeEach(() => {
  requests = [];
  answer = { data: { ok: true } };
});

afterAll(async () => {
  await client.dispose();
  server.closeAllConnections();
  server.close();
});

type Manager = Record<string, (params?: unknown) => Promise<unknown>>;
type Row = [method: string, path: string, place: string, required: string[]];

const { note: _note, ...owners } = table;
const rows = Object.entries(owners).flatMap(([owner, methods]) =>
  Object.entries(methods).map(([name, row]) => ({ owner, name, row: row as unknown as Row })),
);
const methodOf = (owner: string, name: string): Manager[string] =>
  (client[owner as keyof FlooClient] as Manager)[name]!;

/** Larger than any double holds exactly. */
const BIG = '9007199254740993';
const IDS = /^(group_id|user_id|new_owner|announcement_id)$/;
const LISTS = /^(user_list|file_list|group_list)$/;

/** A value for each required parameter, and one that is not known. */
const paramsOf = (required: readonly string[]): Record<string, unknown> => {
  const values = required.map((key): [string, unknown] => {
    const [name] = key.split('|') as [string];
    if (IDS.test(name)) return [name, BIG];
    if (LISTS.test(name)) return [name, [7, BIG]];
    return [name, name === 'approval' ? false : `a ${name}`];
  });
  return { ...Object.fromEntries(values), extra: 'ä&b' };
};

const asQuery = (params: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));

/** The JSON that a body should be: ids as whole numbers, digit for digit. */
const asBody = (params: Record<string, unknown>): string => JSON.stringify(params).replaceAll(`"${BIG}"`, BIG);

test('the table has every documented method that is one call', () => {
  expect(rows.length).toBe(35 + 14 + 48 + 17);
});

describe.each(rows)('$owner.$name', ({ owner, name, row: [method, path, place, required] }) => {
  test('sends the documented parameters and resolves with the data of the answer', async () => {
    const params = Object.freeze(paramsOf(required));
    const result = await methodOf(owner, name)(params);
    // What this one does here as well is not the answer's business.
    expect(result).toEqual({ ok: true });
    expect(requests.length).toBe(1);
    const [request] = requests as [Recorded];
    const inQuery = place === 'query';
    // The one method that deletes a friend knows one parameter.
    const sent = name === 'asyncDeleteRoster' ? { user_id: BIG } : params;
    const token = name === 'asyncGetGroupAvatarUploadUrl' ? { 'access-token': 'TOKEN' } : {};
    expect({ ...request, headers: undefined }).toEqual({
      method,
      path,
      query: inQuery ? asQuery({ ...sent, ...token }) : {},
      body: method === 'GET' ? '' : inQuery ? '{}' : asBody(sent),
      headers: undefined,
    });
    const isPublic = /^\/(token|user\/register)\//.test(path);
    expect(request.headers).toMatchObject({ app_id: 'app' });
    expect(request.headers['access-token']).toBe(isPublic ? undefined : 'TOKEN');
  });

  test.skipIf(required.length === 0)('is refused without a required parameter', async () => {
    for (const key of required) {
      const without = paramsOf(required.filter((other) => other !== key));
      await expect(methodOf(owner, name)(without)).rejects.toMatchObject({
        reason: 'InvalidParam',
        message: expect.stringContaining(key) as string,
      });
    }
    expect(requests).toEqual([]);
  });
});

describe('methods that do more', () => {
  const sent = (): string[] =>
    requests.map(({ method, path, query, body }) => `${method} ${path} ${JSON.stringify(query)} ${body}`);

  test('a list combines all its pages, with the version and total of the server', async () => {
    answer = { data: [1], cursor: 'same', total: 3 };
    const list = await client.rosterManage.asyncGetBlockedlist();
    expect([list, list.total]).toEqual([[1, 1], 3]);
    expect(requests.map(({ query }) => query)).toEqual([{}, { cursor: 'same' }]);
    const page = await client.groupManage.asncGetApplicationList({ group_list: [BIG], cursor: 'c', limit: 1 });
    expect(page.cursor).toBe('same');
    expect(requests[2]).toMatchObject({
      query: { cursor: 'c', limit: '1' },
      body: `{"group_list":[${BIG}],"cursor":"c","limit":1}`,
    });
  });

  test('a plain id is accepted where the documents say so', async () => {
    await client.groupManage.asyncGetInfo(BIG);
    await client.groupManage.asyncGetMemberList(5);
    expect(sent()).toEqual([`GET /group/info {"group_id":"${BIG}"} `, 'GET /group/member_list {"group_id":"5"} ']);
  });

  test('details of users and groups', async () => {
    answer = { data: [{ user_id: 5, username: 'ann' }] };
    expect(await client.rosterManage.asyncGetRosterInfo(5)).toMatchObject({ username: 'ann' });
    expect(await client.rosterManage.asnycGetRosterListDetailByIds([5])).toMatchObject([{ username: 'ann' }]);
    answer = { data: [{ group_id: 50, name: 'all', owner: 5 }] };
    expect(await client.groupManage.asyncGetGroupListDetail([50])).toMatchObject([{ owner_id: 5 }]);
    answer = { data: { group_id: 50, name: 'new', owner_id: 6 } };
    expect(await client.groupManage.asyncGetGroupInfo(50)).toMatchObject({ name: 'all' });
    expect(await client.groupManage.asyncGetGroupInfo(50, true)).toMatchObject({ name: 'new', owner_id: 6 });
    expect(sent()).toEqual([
      'POST /roster/list {} {"list":[5]}',
      'POST /group/info/batch {} {"group_list":[50]}',
      'GET /group/info {"group_id":"50"} ',
    ]);
    await events.next('onRosterInfoUpdate');
  });

  test('lists of friends and groups', async () => {
    answer = { data: [] };
    expect(await client.rosterManage.asyncGetRosterIdList(true)).toEqual([]);
    expect(await client.groupManage.asyncGetJoinedGroups(true)).toEqual([]);
    expect(sent().filter((line) => line.startsWith('GET'))).toEqual([
      'GET /roster/list {} ',
      'GET /group/user_joined {} ',
    ]);
  });

  test('the members of a group', async () => {
    answer = { data: [{ user_id: 5, display_name: 'card' }] };
    expect(await client.groupManage.asyncGetGroupMembers(50)).toEqual([5]);
    expect(client.groupManage.getGroupMembers(50)).toMatchObject([{ user_id: 5, display_name: 'card' }]);
    expect(sent().slice(0, 2)).toEqual([
      'GET /group/member_list {"group_id":"50"} ',
      'POST /group/members/display_name {} {"group_id":50,"user_list":[5]}',
    ]);
    expect(await events.next('onGroupMemberChanged')).toBe(50);
  });

  test('a file that is forwarded, and a link', async () => {
    answer = { data: 'https://r/new' };
    const message = {
      content: '',
      type: 'file' as const,
      attach: { url: `${origin}/file/download/chat?file_sign=S%2F1` },
    };
    expect(await client.sysManage.forwardMessage({ uid: 5, message })).toBeGreaterThan(0);
    await client.sysManage.aysncParseLink(`${origin}/info`, { link: 'L 1' });
    expect(sent()).toEqual([
      'GET /file/upload/forward {"access-token":"TOKEN","file_sign":"S/1","to_id":"5","to_type":"1"} ',
      'GET /info {"link":"L 1"} ',
    ]);
    expect([requests[1]!.headers['access-token'], requests[1]!.headers['app_id']]).toEqual([undefined, undefined]);
  });

  test('a token that is refused many times emits one event', async () => {
    answer = { code: 402, message: 'expired' };
    events.skip();
    const { userManage } = client;
    const calls = [userManage.asyncGetProfile(), userManage.asyncGetSettings(), userManage.asyncGetDeviceList()];
    const results = await Promise.all(calls.map(async (call) => call.catch((error: unknown) => error)));
    for (const result of results) expect(result).toMatchObject({ code: 402, reason: 'InvalidToken' });
    expect(results[0]).toMatchObject({ url: `${origin}/user/profile`, data: { code: 402, message: 'expired' } });
    await expect(userManage.asyncGetProfile()).rejects.toMatchObject({ reason: 'UserNotLogin' });
    expect(events.all('flooNotice').filter((notice) => (notice as { category: string }).category === 'action')).toEqual(
      [{ category: 'action', desc: 'relogin' }],
    );
  });
});
