#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { createDevServer, DEFAULT_APP_ID, DEMO_PASSWORD } from './index.ts';
import type { DevServer, DevServerOptions } from './index.ts';
import { SEEDS } from './options.ts';

const USAGE = `flooim-devserver [--port N] [--admin-port N] [--seed ${SEEDS.join('|')}] [--admin-token TOKEN] [--data DIR] [--dns-hosts HOST:PORT,…] [--public-url URL] [--log]`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    'admin-port': { type: 'string', default: '4001' },
    seed: { type: 'string' },
    'admin-token': { type: 'string' },
    data: { type: 'string' },
    'dns-hosts': { type: 'string' },
    'public-url': { type: 'string' },
    log: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const seed = SEEDS.find((name) => name === values.seed);
if (values.help || (values.seed !== undefined && !seed)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 1);
}

const options: DevServerOptions = {
  port: Number(values.port),
  adminPort: Number(values['admin-port']),
  requestLog: values.log,
  ...(seed && { seed }),
  ...(values['admin-token'] && { adminToken: values['admin-token'] }),
  ...(values.data && { dataDir: values.data }),
  ...(values['dns-hosts'] && { dnsHosts: values['dns-hosts'].split(',') }),
  ...(values['public-url'] && { publicUrl: values['public-url'] }),
};
const server = await createDevServer(options).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
printUrls(server);
if (seed) printSeed(server);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server.close());

function printUrls({ url, dnsUrl, adminUrl, adminToken }: DevServer): void {
  console.log(`REST and sockets  ${url}`);
  console.log(`dnsServer         ${dnsUrl}`);
  console.log(`admin API         ${adminUrl}`);
  console.log(`app id            ${DEFAULT_APP_ID} (any but unknown-app works)`);
  console.log(`admin token       ${adminToken}`);
}

function printSeed({ data }: DevServer): void {
  const app = data.app(DEFAULT_APP_ID);
  const seeded = [...app.users].filter(({ password }) => password === DEMO_PASSWORD);
  for (const { id, username } of seeded) console.log(`user              ${username} / ${DEMO_PASSWORD}  id ${id}`);
  for (const { id, info } of app.groups) console.log(`group             ${info.name}  id ${id}`);
}
