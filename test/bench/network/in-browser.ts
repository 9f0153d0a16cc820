// The scenarios in a page of a real Chromium, with IndexedDB: that is where users are.
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import { launchChromium } from '../../support/chromium.ts';
import { createSlowLink } from '../../support/slow-link.ts';
import { logIn, newPerson, queueMessages } from '../data/people.ts';
import { APP_ID } from '../data/page/world.ts';
import { serveSite } from '../data/site.ts';
import type { NetworkPage } from './page.ts';
import { at, sendInTurn } from './scenarios.ts';

type Call = <K extends keyof NetworkPage>(
  name: K,
  ...args: Parameters<NetworkPage[K]>
) => Promise<Awaited<ReturnType<NetworkPage[K]>>>;

interface Place {
  readonly server: DevServer;
  readonly app: AppData;
  /** Who is measured, behind the link. */
  readonly me: ReturnType<typeof newPerson>;
  readonly call: Call;
}

const EACH = 5;
const LIVE_MESSAGES = 250;

async function login({ call, me, ...place }: Place, conversations: number): Promise<number> {
  for (let peer = 0; peer < conversations; peer++) queueMessages(place, newPerson(place).id, me.id, EACH);
  return call('login', me.person, conversations * EACH);
}

async function live({ call, me, ...place }: Place, part: number): Promise<number> {
  const senders = await Promise.all(Array.from({ length: 20 }, async () => logIn(newPerson(place).person)));
  await call('listen', me.person, LIVE_MESSAGES);
  await sendInTurn(senders, me.id, LIVE_MESSAGES);
  const took = await call('heard');
  await Promise.all(senders.map(async (sender) => sender.dispose()));
  return at(took, part);
}

/** By the names of the same scenarios in Node. */
export const IN_BROWSER: Readonly<Record<string, (place: Place) => Promise<number>>> = {
  login100: async (place) => login(place, 100),
  login1000: async (place) => login(place, 1000),
  live20: async (place) => live(place, 0.5),
  live20p95: async (place) => live(place, 0.95),
  burst: async (place) => place.call('burst', place.me.person, newPerson(place).id, 200),
};

/**
 * Runs a scenario in a new browser.
 *
 * @param checkout - the folder whose `src` the page gets in the place of ours
 */
export async function inBrowser(
  run: (place: Place) => Promise<number>,
  delayMs: number,
  checkout?: string,
): Promise<number> {
  const [server, site, chromium] = await Promise.all([
    createDevServer(),
    serveSite('../network/page.ts', checkout),
    launchChromium(),
  ]);
  const { host } = new URL(server.dnsUrl);
  const link = await createSlowLink(host, { delayMs });
  server.admin.setDns({ extraHosts: [link.host] });
  const target = await chromium.open(site.url);
  const app = server.data.app(APP_ID);
  const { id, person } = newPerson({ server, app });
  const me = { id, person: { ...person, dnsServer: person.dnsServer.replace(host, link.host) } };
  try {
    const call: Call = async (name, ...args) =>
      (await target.evaluate(`bench.${name}(...${JSON.stringify(args)})`)) as never;
    return await run({ server, app, me, call });
  } finally {
    await chromium.close();
    site.close();
    await link.close();
    await server.close();
  }
}
