#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { createDevServer, DEFAULT_APP_ID, DEMO_PASSWORD } from './index.ts';
import type { DevServer } from './index.ts';
import { SEEDS } from './options.ts';

const USAGE = `flooim-devserver [--port N] [--admin-port N] [--seed ${SEEDS.join('|')}] [--admin-token TOKEN] [--data DIR] [--log]`;

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    'admin-port': { type: 'string', default: '4001' },
    seed: { type: 'string' },
    'admin-token': { type: 'string' },
    data: { type: 'string' },
    log: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const seed = SEEDS.find((name) => name === values.seed);
if (values.help || (values.seed !== undefined && !seed)) {
  console.log(USAGE);
  process.exit(values.help ? 0 : 1);
}

const server = await createDevServer({
  port: Number(values.port),
  adminPort: Number(values['admin-port']),
  requestLog: values.log,
  ...(seed && { seed }),
  ...(values['admin-token'] && { adminToken: values['admin-token'] }),
  ...(values.data && { dataDir: values.data }),
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
  for (const { id, username } of app.users) console.log(`user              ${username} / ${DEMO_PASSWORD}  id ${id}`);
  for (const { id, info } of app.groups) console.log(`group             ${info.name}  id ${id}`);
}
