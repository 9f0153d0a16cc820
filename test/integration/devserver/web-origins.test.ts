/** What a web page that a developer visits may do to the dev server: nothing that tools may. */
import { request as openHttp } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';

async function start(): Promise<DevServer> {
  const server = await createDevServer({ seed: 'demo' });
  onTestFinished(() => server.close());
  return server;
}

/** Not `fetch`, which sets `Host` and `Origin` by itself. */
async function call(url: string, method: string, headers: Record<string, string>, body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = openHttp(url, { method, headers }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

const FOREIGN: [what: string, headers: Record<string, string>][] = [
  ['another site', { origin: 'http://evil.example' }],
  ['another page of this machine', { origin: 'http://127.0.0.1:1' }],
  ['a page without an origin', { origin: 'null' }],
  ['a domain that was rebound', { host: 'evil.example' }],
  ['a domain that was rebound, with its origin', { host: 'evil.example:80', origin: 'http://evil.example:80' }],
  ['a domain that looks like this machine', { host: '127.0.0.1.evil.example' }],
  ['an image or script of another site', { 'sec-fetch-site': 'cross-site' }],
];

test.each(FOREIGN)('F10: the admin API refuses %s: it reads nothing and resets nothing', async (_what, headers) => {
  const { adminUrl, data } = await start();
  const users = (): number => [...data.app('welovemaxim').users].length;
  const before = users();
  for (const [method, path] of [
    ['GET', '/'],
    ['POST', '/receivedRequests'],
    ['POST', '/connections'],
    ['POST', '/reset'],
    ['OPTIONS', '/reset'],
  ] as const) {
    const answer = await call(adminUrl + path, method, headers);
    expect(answer.status, path).toBe(403);
    expect(answer.headers, path).not.toHaveProperty('access-control-allow-origin');
    expect(answer.text, path).not.toContain('result');
  }
  data.app('welovemaxim').users.add('dave', 'secret12');
  await call(`${adminUrl}/reset`, 'POST', headers);
  expect(users()).toBe(before + 1);
});

test.each([{}, { host: 'localhost:4001' }, { host: '[::1]' }])('tools use the admin API, with %o', async (headers) => {
  const { adminUrl } = await start();
  const answer = await call(`${adminUrl}/connections`, 'POST', headers);
  expect(JSON.parse(answer.text)).toEqual({ ok: true, result: [] });
});

test.each([{ origin: 'http://evil.example' }, { host: 'evil.example' }])(
  'the admin token of REST is refused to a page of another machine, with %o',
  async (headers) => {
    const { url, adminToken } = await start();
    const admin = { app_id: 'welovemaxim', 'access-token': adminToken, user_id: '1' };
    const rosters = `${url}/user/rosters`;
    expect(JSON.parse((await call(rosters, 'GET', { ...admin, ...headers })).text)).toMatchObject({ code: 10010 });
    expect(JSON.parse((await call(rosters, 'GET', admin)).text)).not.toMatchObject({ code: 10010 });
  },
);

test('pages of other origins use REST as any client does', async () => {
  const { url } = await start();
  const answer = await fetch(`${url}/app/config`, {
    headers: { app_id: 'welovemaxim', origin: 'https://app.example' },
  });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  expect(await answer.json()).toMatchObject({ code: 200 });
});

test('the document of REST is for everybody, and its page for nobody to frame', async () => {
  const { url, adminUrl } = await start();
  const foreign = { origin: 'http://evil.example' };
  const openApi = await call(`${url}/openapi.json`, 'GET', foreign);
  expect(openApi.headers['access-control-allow-origin']).toBe('*');
  expect(openApi.text).not.toContain('admin-token');
  const page = await call(`${url}/docs`, 'GET', foreign);
  expect(page.headers['content-security-policy']).toMatch(/frame-ancestors 'none'$/);
  // Neither is on the port of the controls, where nothing is for pages.
  for (const path of ['/openapi.json', '/docs'])
    expect((await call(adminUrl + path, 'GET', {})).status, path).toBe(404);
});

test('a page cannot reach the admin API by way of the one that shows REST', async () => {
  const { url, adminUrl } = await start();
  const { port } = new URL(url);
  for (const origin of [url, `http://localhost:${port}`]) {
    const answer = await call(`${adminUrl}/reset`, 'POST', { origin });
    expect(answer.status, origin).toBe(403);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  }
});
