// npm start [-- --rtc] [--port N] [--page-port N]: the dev server with its demo data, and the demo page that chats through it.
// With --rtc the page can call, by Debian's Janus.
import { parseArgs } from 'node:util';
import { serveDemo } from '../demo/web/serve.ts';
import { startAtUsualPorts } from '../devserver/src/node/free-ports.ts';
import { greetingOf } from '../devserver/src/node/greeting.ts';
import { startJanus, whyNoJanus } from '../devserver/src/node/janus.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'page-port': { type: 'string', default: '5173' },
    rtc: { type: 'boolean', default: false },
  },
});

const whyNoCalls = values.rtc ? whyNoJanus() : 'npm start -- --rtc starts Janus for them';
const janus = whyNoCalls === undefined ? await startJanus() : undefined;

const started = await startAtUsualPorts({
  seed: 'showcase',
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(janus && { janus: janus.url }),
});
const { server } = started;
const page = await serveDemo({
  dnsServer: server.dnsUrl,
  serverRun: String(Date.now()),
  port: Number(values['page-port']),
});

console.log(`page          ${page.url}`);
console.log(`              ${page.url}?login for a second user in the same browser`);
const calls = janus ? `work, by Janus at ${janus.url}` : `do not work: ${whyNoCalls}`;
for (const line of greetingOf(started, { calls })) console.log(line);
console.log('Ctrl+C ends everything.');

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void close());

async function close(): Promise<void> {
  await Promise.all([page.close(), server.close(), janus?.stop()]);
}
