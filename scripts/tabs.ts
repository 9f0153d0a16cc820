// npm run --silent tabs [-- --rounds 50] [--strike frozen]: four tabs of one window in a real Chromium, all of which send, and a
// peer that sends to their user all the time. Each round the leading tab goes in one of several ways and a new one is opened, or
// the old one comes back. Exits non-zero when a message or an event was lost, doubled or out of order, when the tabs show other
// things than the server has, or when there was nobody who leads for more than a second.
import { parseArgs } from 'node:util';
import { createDevServer } from 'flooim-devserver';
import { createClient } from '../src/entries/node.ts';
import { serveSite } from '../test/bench/data/site.ts';
import { launchChromium } from '../test/support/chromium.ts';
import { watchConnections } from './tabs/connections.ts';
import { judge, PEER } from './tabs/judge.ts';
import type { View } from './tabs/page.ts';
import { Seat } from './tabs/seat.ts';
import type { Login } from './tabs/seat.ts';
import { STRIKES } from './tabs/strikes.ts';
import type { Strike } from './tabs/strikes.ts';

const APP_ID = 'tabs';
const PASSWORD = 'secret12';
const TABS = 4;
const MOST_AT_ONCE = 3;
/** The part of the sends after which a file is sent, too. */
const FILES = 0.1;
const TAB_PAUSE_MS = 150;
const PEER_PAUSE_MS = 80;
/** Under way between two strikes. */
const ROUND_MS = 1000;
const LEADER_TIMEOUT_MS = 15_000;
/** Promised: another tab leads within this time. */
const MOST_WITHOUT_LEADER_MS = 1000;
const SETTLE_TIMEOUT_MS = 60_000;
const QUIET_MS = 1000;
const MOST_LINES = 20;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' }, strike: { type: 'string' } } });
const rounds = Number(values.rounds);
const strikes = STRIKES.filter(({ name }) => values.strike === undefined || name === values.strike);
if (!Number.isInteger(rounds) || rounds < 1 || strikes.length === 0) {
  console.error(`usage: npm run --silent tabs -- --rounds N [--strike ${STRIKES.map(({ name }) => name).join('|')}]`);
  process.exitCode = 2;
} else process.exitCode = await main();

async function main(): Promise<number> {
  const server = await createDevServer();
  const app = server.data.app(APP_ID);
  const user = app.users.add('user', PASSWORD);
  const other = app.users.add('peer', PASSWORD);
  const site = await serveSite(new URL('tabs/page.ts', import.meta.url).href);
  // A window in front, so that its tab in front is not taken for one that nobody sees.
  const chromium = await launchChromium(['--disable-features=CalculateNativeWinOcclusion']);
  const connections = watchConnections(server, user.id);
  const login: Login = {
    options: { appid: APP_ID, dnsServer: server.dnsUrl, logLevel: 'error', backoff: { baseMs: 50, capMs: 400 } },
    name: user.username,
    password: PASSWORD,
    peer: other.id,
  };
  const seats: Seat[] = [];
  const here = (): Seat[] => seats.filter(({ isAlive }) => isAlive);
  let isTalking = true as boolean;
  const talking: Promise<void>[] = [];

  const talk = async (seat: Seat): Promise<void> => {
    while (isTalking && !seat.isGone) {
      if (!seat.isSuspended) {
        await seat.send(Math.ceil(Math.random() * MOST_AT_ONCE));
        if (Math.random() < FILES) await seat.sendFile();
        await seat.take();
      }
      await sleep(Math.random() * TAB_PAUSE_MS);
    }
  };
  const open = async (): Promise<Seat> => {
    const seat = new Seat(`tab${seats.length + 1}`, await chromium.open(site.url), chromium);
    await seat.start(login);
    seats.push(seat);
    talking.push(talk(seat));
    return seat;
  };

  const peer = createClient({ appid: APP_ID, dnsServer: server.dnsUrl, transport: 'raw', autoLogin: false });
  await peer.login({ name: other.username, password: PASSWORD });
  const written: string[] = [];
  const write = (): void => {
    written.push(`${PEER}.${written.length + 1}`);
    peer.sysManage.sendRosterMessage({ uid: user.id, content: written.at(-1)! });
  };
  write();
  talking.push(
    (async () => {
      while (isTalking) {
        write();
        await sleep(Math.random() * PEER_PAUSE_MS);
      }
    })(),
  );

  /** The tab that has the socket. */
  const leader = async (): Promise<Seat | undefined> => {
    for (const end = Date.now() + LEADER_TIMEOUT_MS; Date.now() < end;) {
      for (const seat of here()) if (await seat.call('leads')) return seat;
      await sleep(50);
    }
    return undefined;
  };
  /** When another tab opened its socket and was logged in, in ms from a strike. */
  const succession = async (since: number): Promise<{ leaderMs: number; onlineMs: number }> => {
    const first = (type: 'socket opened' | 'connected'): number =>
      Math.min(
        ...here().flatMap(({ happened }) =>
          happened.filter((e) => e.type === type && e.at > since).map(({ at }) => at),
        ),
      ) - since;
    for (const end = Date.now() + LEADER_TIMEOUT_MS; Date.now() < end;) {
      const [leaderMs, onlineMs] = [first('socket opened'), first('connected')];
      if (Number.isFinite(leaderMs) && Number.isFinite(onlineMs)) return { leaderMs, onlineMs };
      await sleep(50);
    }
    return { leaderMs: Infinity, onlineMs: Infinity };
  };
  const struck = async (strike: Strike): Promise<{ leaderMs: number; onlineMs: number }> => {
    const seat = await leader();
    if (!seat) return { leaderMs: Infinity, onlineMs: Infinity };
    seat.isSuspended = true;
    const at = Date.now();
    if (!strike.revive) seat.leave();
    await strike.hit(seat);
    const result = await succession(at);
    if (strike.revive) {
      await strike.revive(seat);
      seat.isSuspended = false;
    } else {
      if (strike.name !== 'closed') await seat.page.close().catch(() => undefined);
      await open();
    }
    return result;
  };

  for (let tab = 0; tab < TABS; tab++) await open();
  const opened = seats.slice(1).map(({ started }) => started!);
  let [longestLeader, longestOnline] = [0, 0];
  for (let round = 1; round <= rounds; round++) {
    await sleep(Math.random() * ROUND_MS);
    const strike = strikes[(round - 1) % strikes.length]!;
    const { leaderMs, onlineMs } = await struck(strike);
    console.log(`round ${round}: ${strike.name}, another leads after ${leaderMs} ms, is online after ${onlineMs} ms`);
    [longestLeader, longestOnline] = [Math.max(longestLeader, leaderMs), Math.max(longestOnline, onlineMs)];
  }
  isTalking = false;
  await Promise.all(talking);

  const atServer = (): string[] =>
    app.messages
      .page(app.historyView(user.id, other.id), 0n, Infinity)
      .messages.map(({ body }) => body.content ?? '')
      .reverse();
  const evidence = async (): Promise<ReturnType<typeof judge>> => {
    const views = new Map<Seat, View>();
    for (const seat of here()) {
      await seat.take();
      const view = await seat.call('view');
      if (view) views.set(seat, view);
    }
    return judge({ server: atServer(), peer: written, seats, views });
  };
  const isWhole = ({ lost, unlike }: ReturnType<typeof judge>): boolean => lost.length + unlike.length === 0;
  let mistakes = await evidence();
  for (const end = Date.now() + SETTLE_TIMEOUT_MS; !isWhole(mistakes) && Date.now() < end; mistakes = await evidence())
    await sleep(QUIET_MS);
  // A duplicate would come with the next sync.
  server.admin.dropSockets({ uid: user.id });
  await sleep(2 * QUIET_MS);
  mistakes = await evidence();

  /** What each tab that is left says is unread. */
  const unread = async (): Promise<number[]> =>
    Promise.all(here().map(async (seat) => (await seat.call('view'))?.unread ?? NaN));
  const settledUnread = async (count: number, when: string): Promise<void> => {
    let counts = await unread();
    for (const end = Date.now() + LEADER_TIMEOUT_MS; counts.some((one) => one !== count) && Date.now() < end;) {
      await sleep(100);
      counts = await unread();
    }
    if (counts.some((one) => one !== count)) mistakes.unlike.push(`unread ${when}: ${counts.join(', ')}`);
  };
  await here().at(-1)?.call('read');
  await settledUnread(0, 'after a read');
  for (let i = 0; i < 3; i++) write();
  await settledUnread(3, 'after three more');

  const { overlaps } = connections;
  const connected = connections.now();
  connections.stop();
  await chromium.close();
  await peer.dispose();
  site.close();
  await server.close();

  for (const [what, list] of Object.entries(mistakes) as [string, string[]][])
    for (const each of list.slice(0, MOST_LINES)) console.log(`${what} ${each}`);
  const problems = new Map<string, number>();
  for (const event of seats.flatMap(({ happened }) => happened))
    if (event.type === 'problem') problems.set(event.text, (problems.get(event.text) ?? 0) + 1);
  for (const [text, times] of problems) console.log(`problem ${times} times: ${text}`);
  console.log(
    `new tabs: list after ${opened.map(({ listMs }) => listMs.toFixed(0)).join(', ')} ms, ` +
      `sockets ${opened.map(({ sockets }) => sockets).join(', ')}; ` +
      `sockets at the server: most ${overlaps.most}, overlaps ${overlaps.count}, longest ${overlaps.longestMs.toFixed(0)} ms, ` +
      `now ${connected}`,
  );
  const { lost, duplicated, outOfOrder, unlike } = mistakes;
  const sent = written.length + seats.reduce((sum, { asked }) => sum + asked.length, 0);
  console.log(
    `rounds ${rounds}, sent ${sent}, lost ${lost.length}, duplicated ${duplicated.length}, ` +
      `out of order ${outOfOrder.length}, unlike ${unlike.length}, longest without a leader ${longestLeader} ms ` +
      `(without a session ${longestOnline} ms)`,
  );
  const isGood = [lost, duplicated, outOfOrder, unlike].flat().length === 0 && connected === 1;
  return isGood && longestLeader <= MOST_WITHOUT_LEADER_MS ? 0 : 1;
}
