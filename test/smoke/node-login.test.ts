import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import type { createClient, Message } from '../../src/entries/node.ts';
import { installPacked } from './packed.ts';
import type { PackedProject } from './packed.ts';

let project: PackedProject;
let server: DevServer;
beforeAll(async () => {
  [project, server] = await Promise.all([installPacked(), createDevServer()]);
}, 60_000);
afterAll(async () => {
  await server.close();
  project.remove();
});

test.each(['node.js', 'node.cjs'])('two clients of the packed %s log in and write to each other', async (file) => {
  const sdk = (await import(/* @vite-ignore */ pathToFileURL(project.file(`dist/${file}`)).href)) as {
    createClient: typeof createClient;
  };
  const { users } = server.data.app('welovemaxim');
  const [anna, ben] = ['anna', 'ben'].map((name) => users.add(`${name}-${file.replace('.', '-')}`, 'secret12'));
  const clients = [anna!, ben!].map(() => sdk.createClient({ dnsServer: server.dnsUrl, logLevel: 'off' }));
  const [from, to] = clients as [(typeof clients)[0], (typeof clients)[0]];
  await from.login({ name: anna!.username, password: 'secret12' });
  await to.login({ name: ben!.username, password: 'secret12' });
  const received = new Promise<Message>((resolve) => to.on('onRosterMessage', resolve));
  from.sysManage.sendRosterMessage({ uid: ben!.id, content: 'packed' });
  expect(await received).toMatchObject({ content: 'packed', from: String(anna!.id), to: String(ben!.id) });
  await Promise.all(clients.map((client) => client.dispose()));
});
