import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { startJanus } from '../../../devserver/src/node/janus.ts';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import type { ByTurn } from './calling-page.ts';
import { hasRoom } from './ask-janus.ts';
import type { DeployedKind } from './deployed-peer.ts';
import { servePage } from './page-site.ts';
import type {} from './peer-page.ts';

const FAKE_DEVICES = ['--use-fake-device-for-media-stream'];
const PASSWORD = 'secret12';

export interface OpenPage {
  /** How long calls of this page ring, in ms. */
  readonly ringTimeoutMs?: number;
  readonly turn?: ByTurn;
  /** Whether the browser gives camera and microphone to the page. Default true. */
  readonly isAllowed?: boolean;
}

/** Janus, a dev server before it, and pages in contexts of their own that can call each other. */
export interface PageWorld {
  readonly server: DevServer;
  /** What the pages wrote to their consoles. */
  readonly console: readonly string[];
  /** Adds a user. */
  addUser(name: string): string;
  /** Opens a page and logs in: a device of the user. */
  open(name: string, options?: OpenPage): Promise<Page>;
  /** Opens a page of a deployed client and logs in. @returns it, and the user's id */
  openPeer(kind: DeployedKind, name: string): Promise<{ page: Page; uid: string }>;
  /** Loads a page once more, and logs in: the same device. */
  openAgain(page: Page, name: string): Promise<void>;
  /** Whether Janus has a room. */
  hasRoom(room: string): Promise<boolean>;
  close(): Promise<void>;
}

export async function openPageWorld(): Promise<PageWorld> {
  const cleanups: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  };
  try {
    return { ...(await startWorld(cleanups)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startWorld(cleanups: (() => Promise<unknown>)[]): Promise<Omit<PageWorld, 'close'>> {
  const janus = await startJanus();
  cleanups.push(janus.stop);
  const server = await createDevServer({ janus: janus.url });
  cleanups.push(() => server.close());
  const site = await servePage('calling-page.ts');
  cleanups.push(site.close);
  const { args, ...launch } = chromiumLaunch();
  const browser = await chromium.launch({ ...launch, args: [...args, ...FAKE_DEVICES] });
  cleanups.push(() => browser.close());

  const console: string[] = [];
  const { users } = server.data.app(DEFAULT_APP_ID);
  const enter = async (page: Page, name: string, options: Omit<OpenPage, 'isAllowed'> = {}): Promise<void> => {
    await page.goto(site.url);
    const login = { dnsServer: server.dnsUrl, name, password: PASSWORD, ...options };
    await page.evaluate(async (given) => window.callPage.login(given), login);
  };
  const openPage = async (isAllowed = true): Promise<Page> => {
    // Without the permission a headless browser refuses, as a user does.
    const permissions = isAllowed ? ['camera', 'microphone'] : [];
    const page = await (await browser.newContext({ permissions })).newPage();
    page.on('console', (message) => console.push(message.text()));
    page.on('pageerror', (error) => console.push(`uncaught ${error.stack}`));
    return page;
  };
  const open = async (name: string, { isAllowed, ...options }: OpenPage = {}): Promise<Page> => {
    const page = await openPage(isAllowed);
    await enter(page, name, options);
    return page;
  };
  const addUser = (name: string): string => String(users.add(name, PASSWORD).id);
  const openPeer: PageWorld['openPeer'] = async (kind, name) => {
    const uid = addUser(name);
    const peers = await servePage('peer-page.ts');
    cleanups.push(peers.close);
    const page = await openPage();
    await page.goto(peers.url);
    const account = { url: server.url, name, password: PASSWORD };
    await page.evaluate(async ([as, who]) => window.peerPage.login(as, who), [kind, account] as const);
    return { page, uid };
  };
  return {
    ...{ server, console, open, openPeer, addUser, openAgain: enter },
    hasRoom: async (room) => hasRoom(janus.url, room),
  };
}
