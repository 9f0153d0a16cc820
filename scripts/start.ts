// npm start [-- --port N] [--page-port N]: the dev server with its demo data, and the demo page that chats through it.
import { parseArgs } from 'node:util';
import { createDevServer, DEFAULT_APP_ID, DEMO_PASSWORD } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { serveDemo } from '../demo/web/serve.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '4000' }, 'page-port': { type: 'string', default: '5173' } },
});

const server = await startDevServer(Number(values.port));
const page = await serveDemo({
  dnsServer: server.dnsUrl,
  serverRun: String(Date.now()),
  port: Number(values['page-port']),
});

console.log(`app id      ${DEFAULT_APP_ID}`);
console.log(`page        ${page.url}`);
console.log(`            ${page.url}?login for a second user in the same browser`);
for (const { id, username } of server.data.app(DEFAULT_APP_ID).users) {
  console.log(`user        ${username} / ${DEMO_PASSWORD}  id ${id}`);
}
console.log(`dnsServer   ${server.dnsUrl}`);
console.log(`admin API   ${server.adminUrl}`);
console.log('Ctrl+C ends both.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());

async function close(): Promise<void> {
  await Promise.all([page.close(), server.close()]);
}

/** On this port, or on any free one when it is taken. */
async function startDevServer(port: number): Promise<DevServer> {
  try {
    return await createDevServer({ port, seed: 'demo' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return createDevServer({ seed: 'demo' });
  }
}
