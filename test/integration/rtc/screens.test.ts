/** Call screens on `useCall`, in React and in Vue, over the dev server's relay and a real Janus. */
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startJanus, whyNoJanus } from '../../../devserver/src/node/janus.ts';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import { servePage } from './page-site.ts';
import type { Framework } from './screens-page.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
const WAIT = { timeout: 15_000, interval: 50 };
const PASSWORD = 'secret12';
const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire',
];

describe.skipIf(reason !== undefined)(`call screens over Janus${reason ? ` (${reason})` : ''}`, () => {
  const cleanups: (() => Promise<unknown>)[] = [];
  let alice: Page;
  let bob: Page;
  const problems: string[] = [];

  beforeAll(async () => {
    const janus = await startJanus();
    cleanups.push(janus.stop);
    const server = await createDevServer({ janus: janus.url });
    cleanups.push(() => server.close());
    const site = await servePage('screens-page.ts');
    cleanups.push(site.close);
    const { args, ...launch } = chromiumLaunch();
    const browser = await chromium.launch({ ...launch, args: [...args, ...FAKE_DEVICES] });
    cleanups.push(() => browser.close());
    const { users } = server.data.app(DEFAULT_APP_ID);
    const ids = { alice: users.add('alice', PASSWORD).id, bob: users.add('bob', PASSWORD).id };
    const open = async (framework: Framework, name: keyof typeof ids): Promise<Page> => {
      const page = await (await browser.newContext()).newPage();
      page.setDefaultTimeout(WAIT.timeout);
      page.on('pageerror', (error) => problems.push(String(error.stack)));
      await page.goto(site.url);
      const uid = String(ids[name === 'alice' ? 'bob' : 'alice']);
      const given = { dnsServer: server.dnsUrl, name, password: PASSWORD, uid };
      await page.evaluate(async ([as, login]) => window.screens.open(as, login), [framework, given] as const);
      return page;
    };
    [alice, bob] = await Promise.all([open('react', 'alice'), open('vue', 'bob')]);
  });
  afterAll(async () => {
    for (const cleanup of cleanups.reverse()) await cleanup();
  });

  const press = async (page: Page, name: string): Promise<void> => page.getByRole('button', { name }).click();
  const says = async (page: Page, words: string): Promise<void> =>
    expect.poll(async () => page.locator('output').textContent(), WAIT).toBe(words);
  /** Pictures come and are played. */
  const plays = async (video: Locator): Promise<void> =>
    expect
      .poll(
        async () => video.evaluate((element: HTMLVideoElement) => element.videoWidth > 0 && element.currentTime > 0),
        WAIT,
      )
      .toBe(true);

  test.each([
    ['React', 'Vue'],
    ['Vue', 'React'],
  ])('%s calls %s: pictures, camera off and on, a screen, the end, and another call', async (caller) => {
    const [one, other] = caller === 'React' ? [alice, bob] : [bob, alice];
    await press(one, 'Call');
    await says(other, 'ringing');
    // The caller sees itself while it rings.
    await plays(one.locator('.local'));
    await press(other, 'Answer');
    for (const page of [one, other]) {
      await says(page, 'connected');
      await plays(page.locator('.remote'));
      await plays(page.locator('.local'));
    }
    await press(one, 'Camera');
    await says(other, 'connected dark');
    expect(await one.locator('.local').count()).toBe(0);
    await press(one, 'Camera');
    await says(other, 'connected');
    await plays(one.locator('.local'));
    await press(one, 'Screen');
    await plays(other.locator('.screen'));
    await press(other, 'Hang up');
    await says(one, 'ended peerHungUp');
    await says(other, 'ended hungUp');
    for (const page of [one, other]) {
      expect(await page.locator('.remote').evaluate((element: HTMLVideoElement) => element.srcObject)).toBe(null);
      await press(page, 'Close');
      await page.getByRole('button', { name: 'Call' }).waitFor();
    }
    expect(problems).toEqual([]);
  });
});
