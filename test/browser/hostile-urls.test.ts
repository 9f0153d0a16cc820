import { afterEach, expect, inject, test } from 'vitest';
import { buildClient } from '../../src/entries/browser.ts';
import type { ConfigurableClient, Platform } from '../../src/entries/browser.ts';
import { createBrowserPlatform } from '../../src/platform/browser/index.ts';
import type { Seen } from '../support/hostile-server.ts';

const clients: ConfigurableClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.dispose();
});

/** Somebody else's server, under the page's own host name, so that cookies need no more than another port to get there. */
const hostile = (): string => `http://${location.hostname}:${inject('hostilePort')}`;

/** A user who is logged in. */
async function alice(platform: Partial<Platform> = {}): Promise<{ client: ConfigurableClient; secrets: string[] }> {
  const client = buildClient({ platform: { ...createBrowserPlatform(), ...platform }, dropIn: false });
  clients.push(client);
  const appid = `app${crypto.randomUUID().replace(/-/g, '')}`;
  client.configure({ appid, dnsServer: inject('devServer').dnsUrl, logLevel: 'error', autoLogin: false });
  await client.userManage.asyncRegister({ username: 'alice', password: 'secret12' });
  await client.login({ name: 'alice', password: 'secret12' });
  return { client, secrets: [client.userManage.getToken()!, appid] };
}

/** The requests that the hostile server got under a path of this test. */
async function seenOf(path: string): Promise<Seen[]> {
  const all = (await (await fetch(`${hostile()}/seen`)).json()) as Seen[];
  return all.filter(({ url }) => url.startsWith(path));
}

/** It has a cookie of its own in this browser, which a request with credentials would bring. */
async function plantCookie(path: string): Promise<void> {
  const visit = async (): Promise<unknown> => fetch(`${hostile()}${path}/planted`, { credentials: 'include' });
  await visit();
  await visit();
  expect((await seenOf(`${path}/planted`)).at(-1)?.headers).toHaveProperty('cookie', 'tracked=1');
}

/** Checks that the URL, the headers and the body hold no secret. */
function mustBeStrange(requests: readonly Seen[], secrets: readonly string[]): void {
  for (const request of requests) {
    for (const secret of secrets) expect(JSON.stringify(request)).not.toContain(secret);
    expect(JSON.stringify(request).toLowerCase()).not.toMatch(/access-token|app_id/);
  }
}

test('a request for an avatar or attachment on another server carries no credentials', async () => {
  const path = `/${crypto.randomUUID()}`;
  await plantCookie(path);
  const { client, secrets } = await alice();
  const { sysManage } = client;
  const own = client.baseUrl!;
  const addresses = ['/a.png', `/a.png?next=${encodeURIComponent(own)}`, `/${own}/file/download/chat?file_sign=1`];
  const urls = addresses.map((address) => `${hostile()}${path}/read${address}`);
  for (const url of urls) {
    await sysManage.asyncFileDownload({ url });
    await sysManage.asyncFileDownload({ url: sysManage.getImage({ avatar: url }) });
    await sysManage.asyncFileDownload({ url: sysManage.getImage({ avatar: url, type: 'group', thumbnail: false }) });
    await sysManage.downloadAudio({ url });
  }
  const requests = await seenOf(`${path}/read`);
  expect(requests).toHaveLength(12);
  mustBeStrange(requests, secrets);
  expect(requests.filter(({ headers }) => 'cookie' in headers)).toEqual([]);
  // As images of a page: the browser decides about cookies, and none of them is ours.
  for (const url of urls) {
    for (const src of [
      sysManage.getImage({ avatar: url }),
      sysManage.getChatFile({ url }),
      sysManage.getAudio({ url }),
    ]) {
      const image = new Image();
      image.src = src.replace('/read', '/shown');
      await image.decode().catch(() => undefined);
    }
  }
  const shown = await seenOf(`${path}/shown`);
  expect(shown).toHaveLength(9);
  mustBeStrange(shown, secrets);
});

test('a URL that only looks like our host gets no credentials', async () => {
  const { client, secrets } = await alice();
  const own = client.baseUrl!;
  const { host } = new URL(own);
  const likes = [
    `${own}@${new URL(hostile()).host}/x`,
    `${own}.example.com/x`,
    `${own}1/x`,
    `${own}\\@example.com/x`,
    `http://example.com/${host}/x`,
    `//${host}/x`,
    `${own.toUpperCase()}.example.com/x`,
  ];
  const made = likes.flatMap((url) => [
    client.sysManage.getChatFile({ url }),
    client.sysManage.getAudio({ url }),
    client.sysManage.getImage({ avatar: url }),
  ]);
  const isOwn = (url: string): boolean => URL.canParse(url) && new URL(url).origin === own;
  const elsewhere = made.filter((url) => !isOwn(url));
  expect(elsewhere.length).toBeGreaterThan(10);
  for (const url of elsewhere) for (const secret of secrets) expect(url).not.toContain(secret);
  expect(client.sysManage.getChatFile({ url: `${own}/x` })).toContain(secrets[0]);
});

test.each(['POST', 'PUT'] as const)('an object store that takes a file by %s gets only the file', async (method) => {
  const path = `/${crypto.randomUUID()}`;
  await plantCookie(path);
  const { http } = createBrowserPlatform();
  const { client, secrets } = await alice({
    // The place for the file is elsewhere.
    http: async (request) => {
      const response = await http(request);
      if (!request.url.includes('/file/upload/')) return response;
      const oss = { OSSAccessKeyId: 'id', policy: 'p', signature: 's', callback: 'c', key: 'k', other: 'o' };
      const data = {
        upload_url: `${hostile()}${path}/store`,
        download_url: `${hostile()}${path}/stored`,
        upload_method: method,
        oss_body_param: oss,
      };
      return { status: 200, body: JSON.stringify({ code: 200, data }) };
    },
  });
  const file = new File(['the file'], 'a.txt', { type: 'text/plain' });
  const { url } = await client.sysManage.asyncFileUpload({ toType: 'rosterAvatar', file });
  expect(url).toBe(`${hostile()}${path}/stored`);
  const requests = await seenOf(`${path}/store`);
  const [upload] = requests.slice(-1);
  expect(upload?.method).toBe(method);
  expect(upload?.body).toContain('the file');
  mustBeStrange(requests, secrets);
  expect(requests.filter(({ headers }) => 'cookie' in headers)).toEqual([]);
  if (method === 'POST')
    expect(upload?.body.match(/ name="[^"]+"/g)?.join('')).toBe(
      ' name="OSSAccessKeyId" name="policy" name="signature" name="callback" name="key" name="file"',
    );
});
