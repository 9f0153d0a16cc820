// What an app waits for on a real network. Each scenario runs one client behind a slow link; everybody else is next to the server.
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import type { createClient, FlooClient } from '../../../src/entries/node.ts';
import { createSlowLink } from '../../support/slow-link.ts';
import type { LinkRules, SlowLink } from '../../support/slow-link.ts';
import { addHistory, logIn, newPerson, queueMessages } from '../data/people.ts';
import { APP_ID } from '../data/page/world.ts';

/** A build of this SDK. */
export interface Build {
  createClient: typeof createClient;
}

export interface Site {
  readonly build: Build;
  readonly server: DevServer;
  readonly app: AppData;
  readonly link: SlowLink;
  /** Who is measured: logs in through the link, on a disk. */
  readonly client: FlooClient;
  readonly id: number;
  login(): Promise<void>;
}

const PASSWORD = 'secret12';

/** Runs a scenario in a place of its own. */
export async function atSite<T>(
  build: Build,
  { transport = 'socket.io', ...rules }: LinkRules & { transport?: 'socket.io' | 'raw' },
  run: (site: Site) => Promise<T>,
): Promise<T> {
  const server = await createDevServer();
  const { host } = new URL(server.dnsUrl);
  const link = await createSlowLink(host, rules);
  server.admin.setDns({ extraHosts: [link.host] });
  const dataDir = await mkdtemp(join(tmpdir(), 'flooim-network-'));
  const app = server.data.app(APP_ID);
  const { id } = app.users.add('measured', PASSWORD);
  const client = build.createClient({
    ...{ appid: APP_ID, dataDir, transport, autoLogin: false, logLevel: 'off' },
    dnsServer: server.dnsUrl.replace(host, link.host),
  });
  try {
    return await run({
      ...{ build, server, app, link, client, id },
      login: async () => client.login({ name: 'measured', password: PASSWORD }),
    });
  } finally {
    await client.dispose();
    await link.close();
    await server.close();
    await rm(dataDir, { recursive: true });
  }
}

/** From the call of `login` until each of the waiting messages had its event, in ms. */
export async function login(site: Site, conversations: number): Promise<number> {
  const EACH = 5;
  for (let peer = 0; peer < conversations; peer++) queueMessages(site, newPerson(site).id, site.id, EACH);
  const all = received(site.client, conversations * EACH);
  const start = performance.now();
  await Promise.all([site.login(), all]);
  return performance.now() - start;
}

/** From the server's time of a message until its event, in ms, of 50 messages a second. */
export async function live(site: Site, peers: number): Promise<{ median: number; p95: number }> {
  const MESSAGES = 250;
  const senders: FlooClient[] = [];
  for (let peer = 0; peer < peers; peer++) senders.push(await logIn(newPerson(site).person));
  await site.login();
  const took: number[] = [];
  const all = received(site.client, MESSAGES, (timestamp) => took.push(Date.now() - timestamp));
  await sendInTurn(senders, site.id, MESSAGES);
  await all;
  await Promise.all(senders.map(async (sender) => sender.dispose()));
  return { median: at(took, 0.5), p95: at(took, 0.95) };
}

/** Sends so many messages, 50 a second. */
export async function sendInTurn(senders: readonly FlooClient[], uid: number, count: number): Promise<void> {
  const start = performance.now();
  for (let message = 0; message < count; message++) {
    await sleep(start + message * 20 - performance.now());
    senders[message % senders.length]!.sysManage.sendRosterMessage({ uid, content: String(message) });
  }
}

/** The value below which this part of them is. */
export const at = (values: readonly number[], part: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * part)]!;

/** From the first call to the last `sent`, in ms. */
export async function burst(site: Site, count: number): Promise<number> {
  const { id: uid } = newPerson(site);
  await site.login();
  await sleep(500);
  let sent = 0;
  const all = new Promise<void>((resolve) => {
    site.client.on('onSendingMessageStatusChanged', ({ status }) => {
      if (status === 'sent' && ++sent === count) resolve();
    });
  });
  const start = performance.now();
  for (let message = 0; message < count; message++) site.client.sysManage.sendRosterMessage({ uid, content: 'x' });
  await all;
  return performance.now() - start;
}

/** A page of 20 messages that only the server has, in ms. */
export async function page(site: Site): Promise<number> {
  const { id: uid } = newPerson(site);
  addHistory(site, uid, site.id, 500);
  await site.login();
  await sleep(500);
  const start = performance.now();
  const { messages } = await site.client.sysManage.getMessages({ id: uid, type: 'roster', limit: 20 });
  if (messages.length !== 20) throw new Error(`${messages.length} messages came`);
  return performance.now() - start;
}

export const sleep = async (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** Resolves when so many messages had their events. */
export async function received(client: FlooClient, count: number, each?: (timestamp: number) => void): Promise<void> {
  let came = 0;
  return new Promise((resolve) => {
    client.on('onRosterMessage', ({ timestamp }) => {
      each?.(Number(timestamp));
      if (++came === count) resolve();
    });
  });
}
