/** A server that repeats the request in its error: what is secret in it reaches neither an error nor a log. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import type { ClientOptions } from '../../../src/options.ts';
import { createDevice } from '../../support/client-device.ts';
import type { Device } from '../../support/client-device.ts';
import { startWorld } from '../../support/client-world.ts';
import type { World } from '../../support/client-world.ts';
import { startRestFront } from '../../support/rest-front.ts';
import type { FrontRequest, RestFront } from '../../support/rest-front.ts';

const SECRET = 'hunter2 "ünlü" +1';
const TEXT = 'meet me at the "old" mill, 8 pm – küsschen';

/** A device that keeps every log line, of every level. */
function listening(): { device: Device; lines: unknown[] } {
  const device = createDevice();
  const lines: unknown[] = [];
  const note = (...line: unknown[]): void => void lines.push(line);
  Object.assign(device.platform, { logger: { debug: note, info: note, warn: note, error: note } });
  return { device, lines };
}

async function create(): Promise<{ world: World; front: RestFront }> {
  const world = await startWorld();
  world.app.users.add('alice', SECRET);
  return { world, front: await startRestFront(world) };
}

/** All of an error that anybody may print: its causes and what is not enumerable, too. */
const printed = (...values: unknown[]): string =>
  inspect(values, { depth: 12, showHidden: true, maxStringLength: null });

/** Forms in which a server may repeat a request. */
const ECHOES: [form: string, (request: FrontRequest) => unknown][] = [
  ['as it came', ({ body }) => `bad request: ${body.toString()}`],
  ['as an object', ({ body }) => ({ request: JSON.parse(body.toString()) as unknown })],
  ['as JSON in JSON', ({ body }) => JSON.stringify({ body: JSON.stringify(body.toString()) })],
  ['percent-encoded', ({ body }) => `at /x?body=${encodeURIComponent(body.toString())}`],
  ['percent-encoded twice', ({ body }) => encodeURIComponent(encodeURIComponent(body.toString()))],
  ['as a form', ({ body }) => new URLSearchParams(JSON.parse(body.toString()) as Record<string, string>).toString()],
  ['in HTML', ({ body }) => `<pre>${body.toString().replace(/[^ -~]|["&<]/g, (c) => `&#${c.charCodeAt(0)};`)}</pre>`],
  [
    'as ASCII',
    ({ body }) => body.toString().replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ],
  ['cut', ({ body }) => body.toString().slice(0, body.toString().indexOf('hunter2') + 12)],
];

describe.each(ECHOES)('a login whose request is repeated %s', (_form, echo) => {
  test('D11: the password reaches neither the error nor the events nor the log', async () => {
    const { world, front } = await create();
    front.answer = (request, response) => {
      if (!request.url.startsWith('/token/user')) return false;
      response.end(JSON.stringify({ code: 10002, message: echo(request) }));
      return true;
    };
    const { device, lines } = listening();
    const { client, events } = world.client({ ...front.options, logLevel: 'debug' }, device);
    const error: unknown = await client.login({ name: 'alice', password: SECRET }).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ restCode: 10002 });
    const all = printed(error, events.heard, lines);
    expect(all).toContain('***');
    expect(all).not.toMatch(/hunter2|%22%C3%BCnl|nl\\+u00fc/);
    expect((error as Error).message.length).toBeLessThan(400);
  });
});

describe.each<[string, (token: string, response: ServerResponse) => void]>([
  ['in a message', (token, response) => response.end(JSON.stringify({ code: 10010, message: `token ${token}` }))],
  ['without JSON', (token, response) => response.end(`<h1>${token} is not allowed</h1>`)],
  ['without an envelope', (token, response) => response.end(JSON.stringify({ token }))],
  ['by a proxy', (token, response) => response.writeHead(503).end(token)],
])('a token that is repeated %s', (_how, answer) => {
  test('stays out of errors and logs, at calls, uploads and downloads', async () => {
    const { world, front } = await create();
    const { device, lines } = listening();
    const { client, events } = world.client({ ...front.options, logLevel: 'debug' }, device);
    await client.login({ name: 'alice', password: SECRET });
    const token = client.userManage.getToken()!;
    front.answer = (_, response) => {
      answer(token, response.setHeader('content-type', 'application/json'));
      return true;
    };
    const { sysManage, userManage, groupManage } = client;
    const errors = await Promise.all(
      [
        userManage.asyncGetProfile(),
        groupManage.asyncGetGroupInfo(1),
        sysManage.asyncGetGroupAvatarUploadUrl({ group_id: 1 }),
        sysManage.asyncFileUpload({ toType: 'rosterAvatar', file: new Blob(['x']) }),
        sysManage.asyncFileDownload({ url: `${front.url}/file/download/chat?file_sign=x` }),
      ].map(async (call: Promise<unknown>) => call.catch((error: unknown) => error)),
    );
    expect(printed(errors, events.heard, lines)).not.toContain(token);
  });
});

test('a text that the server repeats in its refusal of a message is in no error and no log', async () => {
  const { world } = await create();
  const { device, lines } = listening();
  const { client, events } = world.client({ logLevel: 'debug' }, device);
  await client.login({ name: 'alice', password: SECRET });
  const bob = await world.register('bob');
  const echoes = [
    TEXT,
    `cannot store ${JSON.stringify({ text: TEXT })}`,
    `refused: ${TEXT.slice(3, 25)}…`,
    encodeURIComponent(TEXT),
  ];
  for (const reason of echoes) {
    world.server.admin.refuseSend({ code: 8, reason, count: 1 });
    const mid = client.sysManage.sendRosterMessage({ uid: bob, content: TEXT, ext: '{"key":"sesame open"}' });
    const failed = await events.next('onSendingMessageStatusChanged', (it) => it.mid === mid && it.status === 'failed');
    expect(printed(failed.error)).not.toMatch(/old|mill|k(ü|%C3%BC)sschen/);
  }
  const others = events.heard.filter(({ name }) => name === 'flooError' || name === 'reconnect');
  expect(printed(others, lines)).not.toMatch(/mill|sesame/);
});

const TOKEN = 'YWMtk3nT0k3n.of-alice_7';

test('a token that the server repeats when it refuses a session is in no error, event or log', async () => {
  const { world } = await create();
  const { device, lines } = listening();
  const { client, events } = world.client({ logLevel: 'debug' }, device);
  world.server.admin.refuseProvision({ code: 7, reason: `no session for ${TOKEN}` });
  const error: unknown = await client.tokenLogin({ user_id: 7, token: TOKEN }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ reason: 'InvalidToken', rawMessage: 'no session for ***' });
  expect(printed(error, events.heard, lines)).not.toContain(TOKEN);
});

test('a token that the server repeats as the reason of a close is in no error, event or log', async () => {
  const { world } = await create();
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  world.cleanup(() => {
    sockets.close();
  });
  await once(sockets, 'listening');
  sockets.on('connection', (socket) => socket.on('message', () => socket.close(4000, `who is ${TOKEN}?`)));
  const dns = await world.http((_, response) => {
    const ratel = [{ protocol: 'http', host: `127.0.0.1:${world.server.port}` }];
    const webim = [{ protocol: 'http', host: `127.0.0.1:${(sockets.address() as AddressInfo).port}` }];
    const data = { app_status: 'normal', dns_list: [{ group_level: 0, clusters: [{ ratel, webim }] }] };
    response.end(JSON.stringify({ code: 200, data }));
  });
  const { device, lines } = listening();
  const options: ClientOptions = { dnsServer: `http://${dns}/`, transport: 'raw', logLevel: 'debug' };
  const { client, events } = world.client(options, device);
  const error: unknown = await client.tokenLogin({ user_id: 7, token: TOKEN }).catch((caught: unknown) => caught);
  expect((error as Error).message).toContain('4000 who is ***?');
  expect(printed(error, events.heard, lines)).not.toContain(TOKEN);
});
