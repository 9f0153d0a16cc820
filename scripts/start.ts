// npm start [-- --port N] [--page-port N]: the dev server with its demo data, and the demo page that chats through it.
import { parseArgs } from 'node:util';
import { serveDemo } from '../demo/web/serve.ts';
import { startAtUsualPorts } from '../devserver/src/node/free-ports.ts';
import { greetingOf } from '../devserver/src/node/greeting.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, 'page-port': { type: 'string', default: '5173' } },
});

const started = await startAtUsualPorts({
  seed: 'showcase',
  ...(values.port !== undefined && { port: Number(values.port) }),
});
const { server } = started;
const page = await serveDemo({
  dnsServer: server.dnsUrl,
  serverRun: String(Date.now()),
  port: Number(values['page-port']),
});

console.log(`page          ${page.url}`);
console.log(`              ${page.url}?login for a second user in the same browser`);
for (const line of greetingOf(started)) console.log(line);
console.log('Ctrl+C ends both.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());

async function close(): Promise<void> {
  await Promise.all([page.close(), server.close()]);
}
