/** Calls by the built files: of a bundle and of a script tag, in pages with the strict policy of the docs, and where there are none. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import { startJanus, whyNoJanus } from '../../devserver/src/node/janus.ts';
import { chromiumLaunch } from '../../scripts/find-browsers.mjs';
import type { createClient } from '../../src/entries/browser.ts';
import type { calls } from '../../src/rtc/index.ts';
import { installPacked, run } from './packed.ts';
import type { PackedProject } from './packed.ts';
import { printedPolicy } from './printed-policy.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

declare global {
  interface Window {
    callsOfPage: { createClient: typeof createClient; calls: typeof calls };
    /** The client of the page: it accepts every call. */
    endOfCall: Promise<string | undefined>;
    clientOfPage: { calls: ReturnType<ReturnType<typeof calls>['create']>['calls'] };
    blocked: string[];
  }
}

const PASSWORD = 'secret12';
const WAIT = { timeout: 15_000, interval: 50 };
const reason = whyNoJanus();
/** What is in a page, by its path. */
const PAGES: Record<string, string> = {
  '/module': '<script src="/blocked.js"></script><video></video><script type="module" src="/module.js"></script>',
  '/script':
    '<script src="/blocked.js"></script><video></video><script src="/flooim.umd.js"></script><script src="/flooim.rtc.umd.js"></script><script src="/script.js"></script>',
};
const SCRIPTS: Record<string, string> = {
  '/blocked.js': `window.blocked = []; addEventListener('securitypolicyviolation', (event) => blocked.push(event.violatedDirective));`,
  '/module.js': `import { createClient } from '/browser.js'; import { calls } from '/rtc.js'; window.callsOfPage = { createClient, calls };`,
  '/script.js': 'window.callsOfPage = { createClient: flooIM.createClient, calls: flooIMRtc.calls };',
};

let project: PackedProject;
beforeAll(async () => {
  project = await installPacked();
});
afterAll(() => project.remove());

describe.skipIf(reason !== undefined)(`pages that call each other${reason ? ` (${reason})` : ''}`, () => {
  const cleanups: (() => unknown)[] = [];
  const pages: Page[] = [];
  const uids: string[] = [];

  beforeAll(async () => {
    const janus = await startJanus();
    cleanups.push(janus.stop);
    const devServer = await createDevServer({ janus: janus.url });
    cleanups.push(() => devServer.close());
    for (const file of ['browser.js', 'rtc.js', 'flooim.umd.js', 'flooim.rtc.umd.js'])
      SCRIPTS[`/${file}`] = readFileSync(project.file(`dist/${file}`), 'utf8');
    const site = createServer(({ url = '' }, response) => {
      response.setHeader('content-type', url in SCRIPTS ? 'text/javascript' : 'text/html');
      response.setHeader('content-security-policy', printedPolicy(devServer));
      response.end(SCRIPTS[url] ?? `<!doctype html>${PAGES[url] ?? ''}`);
    });
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => {
      site.closeAllConnections();
      site.close();
    });
    const { args, ...launch } = chromiumLaunch();
    const browser = await chromium.launch({ ...launch, args: [...args, '--use-fake-device-for-media-stream'] });
    cleanups.push(() => browser.close());
    for (const path of Object.keys(PAGES)) {
      uids.push(String(devServer.data.app(DEFAULT_APP_ID).users.add(path, PASSWORD).id));
      const page = await (await browser.newContext({ permissions: ['camera', 'microphone'] })).newPage();
      pages.push(page);
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}${path}`);
      await page.evaluate(logIn, { dnsServer: devServer.dnsUrl, name: path, password: PASSWORD });
    }
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  test('see each other, and no policy is in the way', async () => {
    const [module, script] = pages as [Page, Page];
    await module.evaluate(async (uid) => window.clientOfPage.calls.start({ uid, video: true }), uids[1]!);
    for (const page of pages) {
      const width = async () => page.evaluate(() => document.querySelector('video')!.videoWidth);
      await expect.poll(width, WAIT).toBeGreaterThan(0);
    }
    await script.evaluate(() => window.clientOfPage.calls.current!.hangUp());
    expect(await Promise.all(pages.map(async (page) => page.evaluate(() => window.endOfCall)))).toEqual([
      'peerHungUp',
      'hungUp',
    ]);
    for (const page of pages) expect(await page.evaluate(() => window.blocked)).toEqual([]);
  });
});

/** Runs in a page: a client that accepts every call and shows the other side. */
async function logIn(account: { dnsServer: string; name: string; password: string }): Promise<void> {
  const { createClient, calls } = window.callsOfPage;
  const im = createClient({ dnsServer: account.dnsServer, logLevel: 'error', rtc: calls({ iceServers: [] }) });
  window.clientOfPage = im;
  im.calls.on('incomingCall', async (call) => call.accept());
  im.calls.on('current', (call) =>
    call?.on('state', (state) => {
      if (state === 'connected') call.attach(document.querySelector('video')!, 'remote');
    }),
  );
  window.endOfCall = new Promise((resolve) => im.calls.on('callEnded', (call) => resolve(call.reason)));
  await im.login({ name: account.name, password: account.password });
}

test.each([
  ['module', "import { createClient } from 'flooim'; import { calls } from 'flooim/rtc';"],
  ['commonjs', "const { createClient } = require('flooim'); const { calls } = require('flooim/rtc');"],
])(
  'in Node (%s) a client has calls that say they cannot be made, and nothing keeps the process',
  async (type, load) => {
    const source = `${load}
    const im = createClient({ dnsServer: 'http://127.0.0.1:2', autoLogin: false, logLevel: 'off', rtc: calls() });
    im.calls.start({ uid: '2' }).catch(({ reason }) => {
      console.log(JSON.stringify([im.calls.isSupported, im.calls.current, reason]));
      return im.dispose();
    });`;
    const { stdout } = await run(process.execPath, [`--input-type=${type}`, '--eval', source], {
      ...{ cwd: project.folder, timeout: 20_000 },
    });
    expect(JSON.parse(stdout)).toEqual([false, null, 'UserNotLogin']);
  },
);
