// A window of a real browser with tabs of one origin, a dev server, and the people who use them.
import { createDevServer } from 'flooim-devserver';
import type { AppData, DevServer } from 'flooim-devserver';
import { createClient } from '../../src/entries/node.ts';
import type { ClientOptions, FlooClient } from '../../src/entries/node.ts';
import { serveSite } from '../bench/data/site.ts';
import { launchFirefox, launchWebKit } from '../support/browsers.ts';
import type { Browser, BrowserPage } from '../support/browsers.ts';
import { launchChromium } from '../support/chromium.ts';
import { EventRecord } from '../support/client-events.ts';
import type { BrowserName } from '../support/killed-browser.ts';
import type { Call, Heard, TabAgent } from './tab-agent.ts';

export const PASSWORD = 'secret12';
const APP_ID = 'tabs';
const TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 20;

const LAUNCH: Readonly<Record<BrowserName, () => Promise<Browser>>> = {
  Chromium: launchChromium,
  Firefox: launchFirefox,
  WebKit: launchWebKit,
};

type Payload = Record<string, unknown>;
type Matches = (payload: Payload) => boolean;

/** A client that runs in the browser, in a page or a worker. */
export class Tab {
  private readonly ask: (name: keyof TabAgent, args: unknown[]) => Promise<unknown>;
  /** Ends it as a user does. */
  readonly close: () => Promise<void>;
  private readonly heard: Heard[] = [];
  private taken = 0;

  constructor(ask: Tab['ask'], close: Tab['close']) {
    this.ask = ask;
    this.close = close;
  }

  async agent<K extends keyof TabAgent>(
    name: K,
    ...args: Parameters<TabAgent[K]>
  ): Promise<Awaited<ReturnType<TabAgent[K]>>> {
    return (await this.ask(name, args)) as Awaited<ReturnType<TabAgent[K]>>;
  }

  /** Calls a method of its client. */
  async call(path: string, ...args: unknown[]): Promise<unknown> {
    return this.agent('run', [path, ...args]);
  }

  /** Calls methods in one turn of its event loop; resolves with the result of the last. */
  async run(...calls: Call[]): Promise<unknown> {
    return this.agent('run', ...calls);
  }

  /** All events so far. */
  async events(): Promise<readonly Heard[]> {
    this.heard.push(...(await this.agent('heard', this.heard.length)));
    return this.heard;
  }

  async all(event: string, matches: Matches = () => true): Promise<Payload[]> {
    return (await this.events())
      .filter((one) => one.event === event)
      .map(({ payload = {} }) => payload as Payload)
      .filter(matches);
  }

  /** Later `next` and `count` look at later events only. */
  async skip(): Promise<void> {
    this.taken = (await this.events()).length;
  }

  /** The first event of this name that matches, since `skip`. */
  async next(event: string, matches?: Matches): Promise<Payload> {
    return (await this.count(event, 1, matches))[0]!;
  }

  /** Waits for an amount of events since `skip`. */
  async count(event: string, amount: number, matches: Matches = () => true): Promise<Payload[]> {
    const found = async (): Promise<Payload[]> =>
      (await this.events())
        .slice(this.taken)
        .filter((one) => one.event === event)
        .map(({ payload = {} }) => payload as Payload)
        .filter(matches);
    await until(
      async () => (await found()).length >= amount,
      () => `${amount} ${event}; came: ${JSON.stringify(this.heard.slice(this.taken).slice(-8)).slice(0, 2000)}`,
    );
    return found();
  }
}

export interface Person {
  readonly client: FlooClient;
  readonly events: EventRecord;
  readonly id: number;
}

/** The people of one test. */
export interface People {
  /** The user of the tabs. */
  readonly alice: number;
  readonly login: { name: string; password: string };
  /** Somebody with a client elsewhere. */
  readonly bob: Person;
}

export interface TabWindow extends People {
  readonly server: DevServer;
  readonly app: AppData;
  /** Replaces the people, so that nobody has a history. */
  renew(): Promise<void>;
  /** Makes an account. */
  register(name: string): number;
  /** A new tab. @param options - of its client; null: it has none yet */
  open(options?: ClientOptions | null): Promise<Tab>;
  /** A worker of a page of its own. */
  openWorker(options?: ClientOptions): Promise<Tab>;
  /** The options of its clients. */
  readonly options: ClientOptions;
  /** Sockets that alice has at the server. */
  connections(uid?: number): number;
  close(): Promise<void>;
}

/** Starts the browser and the server. */
export async function openWindow(name: BrowserName): Promise<TabWindow> {
  const [server, site, browser] = await Promise.all([
    createDevServer(),
    serveSite(new URL('tab-agent.ts', import.meta.url).href),
    LAUNCH[name](),
  ]);
  const app = server.data.app(APP_ID);
  const options: ClientOptions = {
    ...{ appid: APP_ID, dnsServer: server.dnsUrl, logLevel: 'error', backoff: { baseMs: 20, capMs: 200 } },
  };
  let people: People | undefined;
  let made = 0;
  const newPeople = async (): Promise<People> => {
    made++;
    const [alice, bob] = [app.users.add(`alice${made}`, PASSWORD), app.users.add(`bob${made}`, PASSWORD)];
    const client = createClient({ ...options, transport: 'raw', autoLogin: false });
    const events = new EventRecord(client, TIMEOUT_MS);
    await client.login({ name: bob.username, password: PASSWORD });
    events.skip();
    return {
      alice: alice.id,
      login: { name: alice.username, password: PASSWORD },
      bob: { client, events, id: bob.id },
    };
  };
  const pages = new Set<BrowserPage>();

  const openPage = async (): Promise<{ tab: Tab; page: BrowserPage }> => {
    const page = await browser.open(site.url);
    pages.add(page);
    const ask: Tab['ask'] = async (call, args) => page.evaluate(`agent.${call}(...${JSON.stringify(args)})`);
    const close = async (): Promise<void> => {
      pages.delete(page);
      await page.close();
    };
    const tab = new Tab(ask, close);
    await until(
      async () => (await page.evaluate(`typeof agent`)) === 'object',
      () => 'the page',
    );
    return { tab, page };
  };
  return {
    server,
    app,
    options,
    get alice() {
      return people!.alice;
    },
    get login() {
      return people!.login;
    },
    get bob() {
      return people!.bob;
    },
    async renew() {
      await people?.bob.client.dispose();
      people = await newPeople();
    },
    register: (username) => app.users.add(username, PASSWORD).id,
    async open(more = {}) {
      const { tab } = await openPage();
      if (more) await tab.agent('create', { ...options, ...more });
      return tab;
    },
    async openWorker(more = {}) {
      const { tab: host } = await openPage();
      await host.agent('startWorker');
      const tab = new Tab(
        async (call, args) => host.agent('inWorker', call as never, args),
        async () => host.close(),
      );
      await tab.agent('create', { ...options, ...more });
      return tab;
    },
    connections: (uid = people!.alice) => server.admin.connections().filter((one) => one.uid === uid).length,
    async close() {
      await browser.close();
      await people?.bob.client.dispose();
      site.close();
      await server.close();
    },
  };
}

/** Opens a tab and logs alice in there. */
export async function logIn(window: TabWindow, options?: ClientOptions): Promise<Tab> {
  const tab = await window.open(options);
  await tab.call('login', window.login);
  await tab.skip();
  return tab;
}

/** Opens a tab that finds a session. */
export async function follow(window: TabWindow, options?: ClientOptions): Promise<Tab> {
  const tab = await window.open(options);
  await tab.next('loginSuccess');
  await tab.skip();
  return tab;
}

export async function until(done: () => Promise<boolean> | boolean, what: () => string): Promise<void> {
  const end = Date.now() + TIMEOUT_MS;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`gave up waiting: ${what()}`);
    await pause(LOOK_EVERY_MS);
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
