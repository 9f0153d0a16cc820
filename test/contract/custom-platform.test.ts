/** The parts of docs/recipes/custom-platform.md keep what the SDK's own parts promise, and a client lives on them. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevServer } from 'flooim-devserver';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { FlooClient } from '../../src/floo-client.ts';
import type { ClientOptions } from '../../src/options.ts';
import type { HttpClient, KvProvider, SocketFactory } from '../../src/platform/ports.ts';
import { startEchoServer } from '../support/echo-server.ts';
import { writeRecipe } from '../support/recipe-files.ts';
import { httpContract, redirectContract } from './http.contract.ts';
import { startHttpPeer } from './http-peer.ts';
import { kvStoreContract } from './kv-store.contract.ts';
import { socketContract } from './socket.contract.ts';

const KEY = randomBytes(32);

const recipe = writeRecipe('custom-platform.md');
const folder = mkdtempSync(join(tmpdir(), 'flooim-sealed-'));
const { createSeal } = await recipe.load<{ createSeal(key: Uint8Array): object }>('src/seal.ts');
const { createSealedDatabases } = await recipe.load<{
  createSealedDatabases(folder: string, seal: object): KvProvider;
}>('src/sealed-databases.ts');
const { throughProxy } = await recipe.load<{
  throughProxy(proxy: string): { sockets: SocketFactory; http: HttpClient };
}>('src/through-proxy.ts');
const { createSealedClient } = await recipe.load<{
  createSealedClient(folder: string, key: Uint8Array, options: ClientOptions): FlooClient;
}>('src/sealed-client.ts');

/** A proxy that knows CONNECT and nothing else. */
const tunnels: string[] = [];
const proxy: Server = createServer((_, response) => response.writeHead(405).end());
proxy.on('connect', ({ url }, downstream, head) => {
  tunnels.push(url!);
  const { hostname, port } = new URL(`http://${url}`);
  const upstream = connect(Number(port), hostname, () => {
    downstream.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.write(head);
    upstream.pipe(downstream).pipe(upstream);
  });
  upstream.on('error', () => downstream.destroy());
  downstream.on('error', () => upstream.destroy());
});
await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
const viaProxy = throughProxy(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);

let echo: Awaited<ReturnType<typeof startEchoServer>>;
let peer: Awaited<ReturnType<typeof startHttpPeer>>;
beforeAll(async () => {
  [echo, peer] = await Promise.all([startEchoServer(), startHttpPeer()]);
});
afterAll(async () => {
  await Promise.all([echo.stop(), peer.stop()]);
  proxy.close();
  rmSync(folder, { recursive: true });
  recipe.remove();
});

kvStoreContract('the recipe of encrypted databases', () => createSealedDatabases(join(folder, 'kv'), createSeal(KEY)));
socketContract('the recipe of a proxy', () => ({ factory: viaProxy.sockets, urls: echo.urls }));
httpContract('the recipe of a proxy', viaProxy.http, () => peer.urls);
redirectContract('the recipe of a proxy', viaProxy.http, () => peer.urls);

test('a client on encrypted storage goes on after a restart; nothing that it stored can be read', async () => {
  const server = await createDevServer({ seed: 'demo' });
  onTestFinished(async () => server.close());
  const home = join(folder, 'client');
  const options = { dnsServer: server.dnsUrl, logLevel: 'error' } as const;
  const first = createSealedClient(home, KEY, options);
  await first.login({ name: 'alice', password: 'demo1234' });
  const [bob] = await first.rosterManage.asyncGetRosterIdList();
  const isSent = new Promise<void>((resolve) =>
    first.on('onSendingMessageStatusChanged', ({ status }) => status === 'sent' && resolve()),
  );
  first.sysManage.sendRosterMessage({ uid: bob!, content: 'a secret of alice' });
  await isSent;
  const token = first.userManage.getToken()!;
  await first.dispose();

  const stored = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'latin1'));
  expect(stored.length).toBeGreaterThan(2);
  expect(stored.filter((text) => text.includes('a secret') || text.includes(token))).toEqual([]);

  const second = createSealedClient(home, KEY, options);
  onTestFinished(async () => second.dispose());
  await new Promise<void>((resolve) => second.on('loginSuccess', () => resolve()));
  const { messages } = await second.sysManage.getMessages({ id: bob!, type: 'roster' });
  expect(messages.map(({ content }) => content)).toEqual(['a secret of alice']);
});

test('a client behind a proxy reaches its servers through it and not beside it', async () => {
  const server = await createDevServer({ seed: 'demo' });
  onTestFinished(async () => server.close());
  const { createClient } = await import('../../src/entries/node.ts');
  const im = createClient({ dnsServer: server.dnsUrl, logLevel: 'error', platform: viaProxy });
  onTestFinished(async () => im.dispose());
  tunnels.length = 0;
  await im.login({ name: 'alice', password: 'demo1234' });
  const connections = server.admin.connections();
  expect(connections).toHaveLength(1);
  expect(tunnels.length).toBeGreaterThanOrEqual(3);
  expect(new Set(tunnels)).toEqual(new Set([new URL(server.url).host]));
});
