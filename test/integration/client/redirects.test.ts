/** A redirect sends nothing of the user's elsewhere: neither the token nor the password nor a file. */
import type { ServerResponse } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PASSWORD, startWorld } from '../../support/client-world.ts';
import type { Member, World } from '../../support/client-world.ts';
import { startHostileServer } from '../../support/hostile-server.ts';
import { startRestFront } from '../../support/rest-front.ts';
import type { FrontRequest, RestFront } from '../../support/rest-front.ts';

type Hostile = Awaited<ReturnType<typeof startHostileServer>>;

async function create(): Promise<{ world: World; front: RestFront; hostile: Hostile; elsewhere: string }> {
  const world = await startWorld();
  const front = await startRestFront(world);
  const hostile = await startHostileServer();
  onTestFinished(() => hostile.stop());
  await world.register('alice');
  return { world, front, hostile, elsewhere: `http://localhost:${hostile.port}` };
}

/** Redirects what begins with this path, as a proxy does: with the path and the query. */
const redirect =
  (path: string, status: number, to: string) =>
  ({ url }: FrontRequest, response: ServerResponse): boolean => {
    if (!url.startsWith(path)) return false;
    response.writeHead(status, { location: to + url }).end();
    return true;
  };

const INVALID = { name: 'FlooError', reason: 'ServerResponseInvalid' };
const STATUSES = [301, 302, 303, 307, 308];

describe.each(STATUSES)('redirect with status %i', (status) => {
  test('D3: a password is not sent to where a REST host redirects', async () => {
    const { world, front, hostile, elsewhere } = await create();
    front.answer = redirect('/token/user', status, elsewhere);
    const { client } = world.client(front.options);
    await expect(client.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject(INVALID);
    expect(hostile.seen).toEqual([]);
  });

  test('D3: the token of a call is not sent to where a REST host redirects', async () => {
    const { world, front, hostile, elsewhere } = await create();
    const { client } = await world.member('alice', front.options);
    front.answer = redirect('/', status, elsewhere);
    const calls = [
      client.userManage.asyncGetProfile(),
      client.userManage.asyncUpdateProfile({ public_info: 'x' }),
      client.sysManage.asyncGetGroupAvatarUploadUrl({ group_id: 1 }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject(INVALID);
    expect(hostile.seen).toEqual([]);
  });

  test('D3: neither a file nor its ticket nor the token goes to where an upload or a download is redirected', async () => {
    const { world, front, hostile, elsewhere } = await create();
    const alice = await world.member('alice', front.options);
    const { sysManage } = alice.client;
    const upload = async (): Promise<{ url: string }> =>
      sysManage.asyncFileUpload({ toType: 'rosterAvatar', file: new Blob(['picture'], { type: 'image/png' }) });
    const { url } = await upload();
    front.answer = redirect('/', status, elsewhere);
    await expect(sysManage.asyncFileDownload({ url })).rejects.toMatchObject(INVALID);
    front.answer = redirect('/upload/', status, elsewhere);
    await expect(upload()).rejects.toMatchObject(INVALID);
    expect(hostile.seen).toEqual([]);
  });
});

test('a redirect within the REST host is refused, too: a page cannot see where it leads', async () => {
  const { world, front } = await create();
  const { client } = await world.member('alice', front.options);
  front.answer = (request, response) =>
    request.url.startsWith('/user/profile') && redirect('/', 302, '/elsewhere')(request, response);
  await expect(client.userManage.asyncGetProfile()).rejects.toMatchObject(INVALID);
  expect(front.requests.filter(({ url }) => url.startsWith('/elsewhere'))).toEqual([]);
});

test('another REST host of the app is asked instead of one that redirects', async () => {
  const { world, front, hostile, elsewhere } = await create();
  front.answer = redirect('/token/user', 302, elsewhere);
  const entry = (host: string): object => ({ protocol: 'http', host });
  const good = `127.0.0.1:${world.server.port}`;
  const clusters = [{ ratel: [entry(front.url.slice('http://'.length)), entry(good)], webim: [entry(good)] }];
  const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters }] };
  const dns = await world.http((_, response) => response.end(JSON.stringify({ code: 200, data })));
  const { client } = world.client({ dnsServer: `http://${dns}/` });
  await client.login({ name: 'alice', password: PASSWORD });
  expect(hostile.seen).toEqual([]);
});

test('a DNS server that redirects names no hosts', async () => {
  const { world, hostile, elsewhere } = await create();
  const dns = await world.http((_, response) => response.writeHead(302, { location: elsewhere }).end());
  const { client } = world.client({ dnsServer: `http://${dns}/` });
  const login = client.login({ name: 'alice', password: PASSWORD });
  await expect(login).rejects.toMatchObject({ reason: 'ServerDNSFailed', cause: INVALID });
  expect(hostile.seen).toEqual([]);
});

test('a socket host that redirects its upgrade gets no provision, and the other host none at all', async () => {
  const { world, hostile, elsewhere } = await create();
  const socketHost = await world.http((_, response) => response.end());
  const entry = (host: string): object => ({ protocol: 'http', host });
  const clusters = [{ ratel: [entry(`127.0.0.1:${world.server.port}`)], webim: [entry(socketHost)] }];
  const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters }] };
  const dns = await world.http((_, response) => response.end(JSON.stringify({ code: 200, data })));
  world.onUpgrade(socketHost, (socket) => {
    socket.end(`HTTP/1.1 302 Found\r\nLocation: ${elsewhere}\r\nContent-Length: 0\r\n\r\n`);
  });
  const { client } = world.client({ dnsServer: `http://${dns}/` });
  const login = client.login({ name: 'alice', password: PASSWORD });
  await expect(login).rejects.toMatchObject({ reason: 'ServerConnectFailed' });
  expect(hostile.seen).toEqual([]);
});

test.each(['evil@', 'user:secret@', 'x?', 'x#', 'x\\', ' '])(
  'a host that DNS names with %j in front is not used',
  async (before) => {
    const { world, hostile } = await create();
    const entry = (host: string): object => ({ protocol: 'http', host });
    const bad = entry(`${before}localhost:${hostile.port}`);
    const clusters = [{ ratel: [bad], webim: [bad] }];
    const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters }] };
    const dns = await world.http((_, response) => response.end(JSON.stringify({ code: 200, data })));
    const { client } = world.client({ dnsServer: `http://${dns}/` });
    await expect(client.login({ name: 'alice', password: PASSWORD })).rejects.toMatchObject({
      reason: 'ServerDNSFailed',
    });
    expect(hostile.seen).toEqual([]);
  },
);

test('a file that a message names elsewhere is fetched without the token, also through a redirect', async () => {
  const { world, front, hostile, elsewhere } = await create();
  const alice: Member = await world.member('alice', front.options);
  const cdn = await world.http((_, response) => response.writeHead(302, { location: `${elsewhere}/a.txt` }).end());
  const { sysManage, userManage } = alice.client;
  const urls = [`http://${cdn}/a`, `${front.url}@${cdn}/a`, `${front.url.replace('http://', 'http://x@')}.localhost/a`];
  expect(await (await sysManage.asyncFileDownload({ url: urls[0]! })).text()).toContain('"code":200');
  for (const url of urls) expect(sysManage.getChatFile({ url })).not.toContain('access-token');
  expect(JSON.stringify(hostile.seen)).not.toContain(userManage.getToken());
});
