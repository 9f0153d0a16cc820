#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { startAtUsualPorts } from './node/free-ports.ts';
import { greetingOf } from './node/greeting.ts';
import { SEEDS } from './options.ts';
import type { DevServerOptions } from './options.ts';

const USAGE = `flooim-devserver: an XSYNC and REST server for the development of chat apps, on 127.0.0.1.

  --data DIR            keeps everything in this folder; without it, data ends with the process
  --seed NAME           the first data: showcase (default), demo (three users and a group), server-api, none
  --no-bot              the assistant does not answer
  --port N              port of REST and sockets (default: 4000, or any free one if it is taken)
  --admin-port N        port of the admin API (default: 4001, or any free one if it is taken)
  --admin-token TOKEN   the token of REST that may do everything (default: admin-token)
  --dns-hosts H:P,…     the hosts that clients are sent to, instead of this server: proxies before it
  --public-url URL      what the URLs of files begin with
  --janus WS-URL        relays calls to a Janus server, e.g. ws://127.0.0.1:8188
  --log                 prints a line for each request and frame
  --help                prints this`;

const SEED_NAMES = [...SEEDS, 'none'] as const;

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'admin-port': { type: 'string' },
    seed: { type: 'string', default: 'showcase' },
    'no-bot': { type: 'boolean', default: false },
    'admin-token': { type: 'string' },
    data: { type: 'string' },
    'dns-hosts': { type: 'string' },
    'public-url': { type: 'string' },
    janus: { type: 'string' },
    log: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const seed = SEED_NAMES.find((name) => name === values.seed);
if (values.help || !seed) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 1);
}

const options: DevServerOptions = {
  requestLog: values.log,
  bot: !values['no-bot'],
  ...(seed !== 'none' && { seed }),
  ...(values.port !== undefined && { port: Number(values.port) }),
  ...(values['admin-port'] !== undefined && { adminPort: Number(values['admin-port']) }),
  ...(values['admin-token'] && { adminToken: values['admin-token'] }),
  ...(values.data && { dataDir: values.data }),
  ...(values['dns-hosts'] && { dnsHosts: values['dns-hosts'].split(',') }),
  ...(values.janus && { janus: values.janus }),
  ...(values['public-url'] && { publicUrl: values['public-url'] }),
};
const started = await startAtUsualPorts(options).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
const calls = values.janus
  ? `by Janus at ${values.janus}`
  : 'are refused (rtc not open); --janus WS-URL relays them to a Janus server';
for (const line of greetingOf(started, { dataDir: values.data, calls })) console.log(line);
console.log('Ctrl+C ends the server.');
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void started.server.close());
