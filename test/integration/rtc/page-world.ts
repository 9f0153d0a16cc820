import { DEFAULT_APP_ID } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import type { ByTurn } from './calling-page.ts';
import type { DeployedKind } from './deployed-peer.ts';
import { openWorld, startSite } from './janus-site.ts';
import type { JanusSite } from './janus-site.ts';
import { servePage } from './page-site.ts';
import type {} from './peer-page.ts';

const FAKE = '--use-fake-device-for-media-stream';
/** Flags by which a browser has devices. Without any it has those of the machine, and one for tests has none. */
const DEVICES = {
  /** Also a screen, whose prompt answers itself, as all prompts do. */
  all: [`${FAKE}=device-count=3`, '--use-fake-ui-for-media-stream', '--auto-select-desktop-capture-source=Entire'],
  refused: [FAKE],
  microphones: [`${FAKE}=device-count=0`],
  none: [],
};
const PASSWORD = 'secret12';

type Devices = keyof typeof DEVICES;

export interface OpenPage {
  /** How long calls of this page ring, in ms. */
  readonly ringTimeoutMs?: number;
  readonly turn?: ByTurn;
  /** The devices that there are, or that they are refused. Default all. */
  readonly devices?: Devices;
}

/** Janus, a dev server before it, and pages in contexts of their own that can call each other. */
export interface PageWorld extends JanusSite {
  /** What the pages wrote to their consoles. */
  readonly console: readonly string[];
  /** Adds a user. */
  addUser(name: string): string;
  /** Opens a page and logs in: a device of the user. */
  open(name: string, options?: OpenPage): Promise<Page>;
  /** Opens a page of a deployed client and logs in. @returns it, and the user's id */
  openPeer(kind: DeployedKind, name: string, devices?: Devices): Promise<{ page: Page; uid: string }>;
  /** Loads a page once more, and logs in: the same device. */
  openAgain(page: Page, name: string): Promise<void>;
  /** Opens a page in a browser of its own, which can be killed. */
  openMortal(name: string): Promise<{ readonly page: Page; kill(): Promise<void> }>;
  close(): Promise<void>;
}

export const openPageWorld = async (): Promise<PageWorld> => openWorld(startWorld);

async function startWorld(cleanups: (() => Promise<unknown>)[]): Promise<Omit<PageWorld, 'close'>> {
  const site = await startSite(cleanups, 'calling-page.ts');
  const { server, url } = site;
  const browsers = new Map<Devices, Promise<Browser>>();
  const browserWith = async (devices: Devices): Promise<Browser> => {
    const known = browsers.get(devices);
    if (known) return known;
    const browser = chromium.launch(launchWith(devices));
    cleanups.push(async () => (await browser).close());
    browsers.set(devices, browser);
    return browser;
  };

  const console: string[] = [];
  const enter = async (page: Page, name: string, options: Omit<OpenPage, 'devices'> = {}): Promise<void> => {
    await page.goto(url);
    const login = { dnsServer: server.dnsUrl, name, password: PASSWORD, ...options };
    await page.evaluate(async (given) => window.callPage.login(given), login);
  };
  const openPage = async (browser: Browser, devices: Devices = 'all'): Promise<Page> => {
    // Without the permission a headless browser refuses, as a user does.
    const permissions = devices === 'refused' ? [] : ['camera', 'microphone'];
    const page = await (await browser.newContext({ permissions })).newPage();
    page.on('console', (message) => console.push(message.text()));
    page.on('pageerror', (error) => console.push(`uncaught ${error.stack}`));
    return page;
  };
  const open: PageWorld['open'] = async (name, { devices = 'all', ...options } = {}) => {
    const page = await openPage(await browserWith(devices), devices);
    await enter(page, name, options);
    return page;
  };
  const openMortal: PageWorld['openMortal'] = async (name) => {
    const browser = await chromium.launchServer(launchWith('all'));
    const kill = async (): Promise<void> => browser.kill();
    cleanups.push(kill);
    const page = await openPage(await chromium.connect(browser.wsEndpoint()));
    await enter(page, name);
    return { page, kill };
  };
  const addUser = (name: string): string => String(server.data.app(DEFAULT_APP_ID).users.add(name, PASSWORD).id);
  const openPeer: PageWorld['openPeer'] = async (kind, name, devices = 'all') => {
    const uid = addUser(name);
    const peers = await servePage('peer-page.ts');
    cleanups.push(peers.close);
    const page = await openPage(await browserWith(devices), devices);
    await page.goto(peers.url);
    const account = { url: server.url, name, password: PASSWORD };
    await page.evaluate(async ([as, who]) => window.peerPage.login(as, who), [kind, account] as const);
    return { page, uid };
  };
  return { ...site, console, open, openPeer, openMortal, addUser, openAgain: enter };
}

function launchWith(devices: Devices): ReturnType<typeof chromiumLaunch> {
  const { args, ...launch } = chromiumLaunch();
  return { ...launch, args: [...args, ...DEVICES[devices]] };
}
