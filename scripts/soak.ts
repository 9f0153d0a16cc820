// npm run --silent soak [-- --minutes 20] [--browser]: one client, in a Node process or in a page of a real Chromium, sends and
// receives fifty messages a second while something goes wrong every ten seconds. Prints what it holds each minute. Exits non-zero
// when a message was lost, doubled or out of order, when the heap grew by more than a tenth after the warm-up, or when timers,
// sockets or listeners were left.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createDevServer } from 'flooim-devserver';
import { createFaultyNetwork } from './soak/faults.ts';
import { describeFigures, growth } from './soak/figures.ts';
import type { Figures } from './soak/figures.ts';
import { Ledger } from './soak/ledger.ts';
import { APP_ID, createPeople, PASSWORD, USER } from './soak/people.ts';
import { startPage, startProcess } from './soak/places.ts';

const MESSAGES_PER_SECOND = 50;
const TICK_MS = 200;
const FAULT_EVERY_MS = 10_000;
/** Between two quiet moments, at which is measured. */
const SECTION_MS = 60_000;
const SHORT_SECTION_MS = 20_000;
/** A third of the run, but no more, is for warming up. */
const MOST_WARM_SECTIONS = 3;
/** Fills the newest messages of each conversation, which the client keeps in memory, before anything is measured. */
const FIRST_MESSAGES = 300;
const SETTLE_TIMEOUT_MS = 90_000;
/** What waits for a while ends: batches that wait for others, idle REST connections, the start of a search's index. */
const QUIET_MS = 6000;
const LINGERS_MS = 30_000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '20' }, browser: { type: 'boolean' } } });
const minutes = Number(values.minutes);
process.exitCode = minutes > 0 ? await main() : usage();

function usage(): number {
  console.error('usage: npm run --silent soak -- --minutes N [--browser]');
  return 2;
}

async function main(): Promise<number> {
  const server = await createDevServer();
  const people = await createPeople(server);
  const network = await createFaultyNetwork(server, people.uid);
  const place = await (values.browser ? startPage() : startProcess());
  const ledger = new Ledger();
  await place.call('logIn', { appid: APP_ID, dnsServer: network.dnsUrl, logLevel: 'error' }, USER, PASSWORD);

  const talk = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i++) ledger.others.add(people.write());
    const sends = Array.from({ length: count }, () => people.nextSend());
    for (const { text } of sends) ledger.own.add(text);
    await place.call('send', sends);
    ledger.add(await place.call('take'));
  };
  const settle = async (): Promise<boolean> => {
    const end = Date.now() + SETTLE_TIMEOUT_MS;
    const isDone = async (): Promise<boolean> => {
      ledger.add(await place.call('take'));
      const { own, others, answered, arrived } = ledger;
      return answered >= own.size && arrived >= own.size + others.size && (await place.call('isOnline'));
    };
    while (!(await isDone())) {
      if (Date.now() > end) return false;
      await sleep(100);
    }
    for (const { id, isGroup } of people.conversations) await place.call('read', id, isGroup);
    await sleep(QUIET_MS);
    ledger.add(await place.call('take'));
    return true;
  };
  const faults = new Map<string, number>();
  const section = async (forMs: number): Promise<void> => {
    const begun = performance.now();
    let nextFault = begun + FAULT_EVERY_MS / 2;
    let fault: Promise<void> = Promise.resolve();
    for (let tick = 0; performance.now() - begun < forMs; tick++) {
      await talk((MESSAGES_PER_SECOND * TICK_MS) / 1000 / 2);
      if (performance.now() >= nextFault) {
        nextFault += FAULT_EVERY_MS;
        fault = fault.then(() => network.next()).then((name) => void faults.set(name, (faults.get(name) ?? 0) + 1));
      }
      await sleep(begun + (tick + 1) * TICK_MS - performance.now());
    }
    await fault;
  };

  const sectionMs = minutes >= 5 ? SECTION_MS : SHORT_SECTION_MS;
  const sections = Math.max(2, Math.round((minutes * 60_000) / sectionMs));
  const warm = Math.min(MOST_WARM_SECTIONS, Math.ceil(sections / 3));
  for (let left = people.conversations.length * FIRST_MESSAGES; left > 0; left -= 100) await talk(50);
  await settle();
  let after: Figures | undefined;
  let last: Figures | undefined;
  for (let done = 1; done <= sections; done++) {
    await section(sectionMs);
    const isSettled = await settle();
    last = await place.figures();
    // What a fault left for a while, or work in the background, is no leak.
    if (done === sections && after && growth(after, last).length > 0) {
      await sleep(LINGERS_MS);
      last = await place.figures();
    }
    if (done === warm) after = last;
    const at = ((done * sectionMs) / 60_000).toFixed(1);
    console.log(
      `${at} min: ${describeFigures(last)}; sent ${ledger.own.size}, received ${ledger.others.size}, ` +
        `logins ${ledger.online}, load ${loadavg()[0]!.toFixed(1)}${done === warm ? ' (warm)' : ''}` +
        (isSettled ? '' : ' NOT SETTLED'),
    );
  }

  const pages = new Map<number, string[]>();
  for (const { id, isGroup } of people.conversations) pages.set(id, await place.call('texts', id, isGroup));
  const { lost, duplicated, outOfOrder, failed } = ledger.judge({ server: people.atServer(), client: pages });
  const unread = await place.call('unread');
  const connections = server.admin.connections().filter(({ uid }) => uid === people.uid).length;
  const grown = growth(after!, last!);
  for (const [what, list] of Object.entries({ lost, duplicated, outOfOrder, failed, problem: ledger.problems }))
    for (const each of list.slice(0, 20)) console.log(`${what} ${each}`);
  for (const each of grown) console.log(`grown ${each}`);
  await place.end();
  await network.close();
  await people.dispose();
  await server.close();
  const counts = [...faults].map(([name, count]) => `${name} ${count}`).join(', ');
  console.log(`faults: ${counts}; connections at the end ${connections}, unread ${unread}`);
  console.log(
    `minutes ${minutes}, messages ${ledger.own.size + ledger.others.size}, lost ${lost.length}, ` +
      `duplicated ${duplicated.length}, out of order ${outOfOrder.length}, failed ${failed.length}, ` +
      `heap ${after!.heapMb.toFixed(1)} → ${last!.heapMb.toFixed(1)} MB, grown ${grown.length}`,
  );
  const mistakes = [lost, duplicated, outOfOrder, failed, ledger.problems, grown].flat().length;
  return mistakes === 0 && connections === 1 && unread === 0 ? 0 : 1;
}
