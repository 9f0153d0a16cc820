// npm run --silent crash [-- --rounds 50]: a page in a real Chromium sends and receives while it is killed, its renderer or
// the whole browser, and opened again on the same profile. Exits non-zero when a message was lost or doubled.
import { parseArgs } from 'node:util';
import { createDevServer } from 'flooim-devserver';
import { createClient } from '../src/entries/node.ts';
import type { FlooClient } from '../src/entries/node.ts';
import { count, describe, judge, outboxRows, serverTexts, storedTexts } from '../test/bench/crash/audit.ts';
import type { Asked, Places } from '../test/bench/crash/audit.ts';
import type { PageTask, RawRecord, Report } from '../test/bench/crash/page.ts';
import type { Kill } from '../test/bench/crash/victim.ts';
import { Victim } from '../test/bench/crash/victim.ts';
import { serveSite } from '../test/bench/data/site.ts';

const APP_ID = 'crash';
const PASSWORD = 'secret12';
/** A page lives at most this long. */
const LIFE_MS = 2000;
/** The share of kills that end the whole browser. */
const BROWSER_KILLS = 1 / 3;
/** Delays of the server's answers. They differ, so that a kill meets messages in every state. */
const DELAYS_MS = [0, 20, 80];
const PEER_PAUSE_MS = 80;
const SETTLE_TIMEOUT_MS = 60_000;
/** localStorage is written some time after the page wrote it. */
const FLUSH_MS = 1000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)]!;

/** Sends to the page without end, and counts the messages it gets, including its own. */
class Peer {
  readonly received: string[] = [];
  readonly #client: FlooClient;
  #isSending = true;

  constructor(dnsServer: string) {
    this.#client = createClient({ appid: APP_ID, dnsServer, transport: 'raw', autoLogin: false, logLevel: 'error' });
    this.#client.on('onRosterMessage', ({ content }) => this.received.push(content));
  }

  async start(name: string, to: number, onSend: (text: string, mid: number) => void): Promise<void> {
    await this.#client.login({ name, password: PASSWORD });
    void (async () => {
      for (let sent = 1; this.#isSending; sent++) {
        const text = `peer.${sent}`;
        onSend(text, this.#client.sysManage.sendRosterMessage({ uid: to, content: text }));
        await sleep(Math.random() * PEER_PAUSE_MS);
      }
    })();
  }

  stop(): void {
    this.#isSending = false;
  }

  dispose(): Promise<void> {
    return this.#client.dispose();
  }
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, kill: { type: 'string' } } });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    console.error('usage: npm run --silent crash -- --rounds N');
    return 2;
  }
  const server = await createDevServer();
  const app = server.data.app(APP_ID);
  const page = app.users.add('page', PASSWORD);
  const other = app.users.add('peer', PASSWORD);
  const asked = new Map<string, Asked>();
  const reports: Report[] = [];
  const site = await serveSite('../crash/page.ts');
  const victim = new Victim(site, (report) => {
    reports.push(report);
    if (report.type === 'promised') asked.set(report.text, { by: 'page', mid: report.mid });
  });
  const task: PageTask = {
    appid: APP_ID,
    dnsServer: server.dnsUrl,
    name: page.username,
    password: PASSWORD,
    peer: other.id,
  };
  const reported = (type: Report['type']): Report[] => reports.filter((report) => report.type === type);
  const readDatabase = async (): Promise<RawRecord[]> =>
    victim.page.evaluate((name) => window.readDatabase(name), `flooim.${APP_ID}.${page.id}`);

  await victim.open(task);
  await until(async () => reported('online').length > 0, 'the first login');
  await sleep(FLUSH_MS);
  await victim.close();

  const peer = new Peer(server.dnsUrl);
  await peer.start(other.username, page.id, (text, mid) => asked.set(text, { by: 'peer', mid }));
  const kills = { renderer: 0, browser: 0 };
  for (let round = 1; round <= rounds; round++) {
    server.admin.setDelay(pick(DELAYS_MS));
    await victim.open({ ...task, prefix: `page.${round}` });
    await sleep(Math.random() * LIFE_MS);
    const what = (values.kill as Kill | undefined) ?? (Math.random() < BROWSER_KILLS ? 'browser' : 'renderer');
    await victim.kill(what);
    kills[what]++;
  }
  peer.stop();
  server.admin.setDelay(0);

  await victim.open(task);
  const places = async (): Promise<Places> => {
    const records = await readDatabase();
    const store = storedTexts(records);
    return { server: serverTexts(app, page.id, other.id), store, client: store, peer: count(peer.received) };
  };
  const isSettled = async (): Promise<boolean> => {
    const { lost } = judge(asked, await places());
    return lost.length === 0 && outboxRows(await readDatabase()).length === 0;
  };
  await until(isSettled, 'everything everywhere');
  // A duplicate would come with the next sync. Messages that are only in memory are lost with the page.
  server.admin.dropSockets();
  await sleep(FLUSH_MS);
  await victim.close();
  const logins = reported('online').length;
  await victim.open(task);
  await until(async () => reported('online').length > logins, 'the last login');
  await sleep(FLUSH_MS);

  const records = await readDatabase();
  const answered = await victim.page.evaluate((id) => window.readThroughClient(id), other.id);
  const client = count(answered.map(({ content }) => content));
  const { lost, duplicated } = judge(asked, { ...(await places()), client });
  for (const [what, list] of [
    ['lost', lost],
    ['duplicated', duplicated],
  ] as const) {
    for (const where of list) {
      const text = where.slice(0, where.indexOf(':'));
      console.log(`${what} ${where}\n${describe(text, asked.get(text), records)}`);
    }
  }
  const by = (who: Asked['by']): number => [...asked.values()].filter((each) => each.by === who).length;
  const received = reported('received').map((report) => (report as { text: string }).text);
  console.log(
    `killed: renderer ${kills.renderer}, browser ${kills.browser}; logged in by password ${reported('login').length}`,
  );
  console.log(
    `promised by the page ${by('page')}, sent by the peer ${by('peer')}, refused ${reported('failed').length}`,
  );
  console.log(
    `rows left in the outbox ${outboxRows(records).length}, emitted twice ${received.length - new Set(received).size}`,
  );
  for (const [text, times] of count(reported('degraded').map((report) => (report as { text: string }).text)))
    console.log(`degraded emitted ${times} times: ${text}`);
  for (const [text, times] of count(reported('problem').map((report) => (report as { text: string }).text)))
    console.log(`problem emitted ${times} times: ${text}`);
  await Promise.all([peer.dispose(), victim.remove()]);
  site.close();
  await server.close();
  console.log(`rounds ${rounds}, sent ${asked.size}, lost ${lost.length}, duplicated ${duplicated.length}`);
  return lost.length + duplicated.length === 0 ? 0 : 1;
}

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  const end = Date.now() + SETTLE_TIMEOUT_MS;
  while (!(await done())) {
    if (Date.now() > end) {
      console.error(`gave up waiting: ${what}`);
      return;
    }
    await sleep(200);
  }
}

process.exitCode = await main();
