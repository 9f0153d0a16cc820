import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Locator, Page } from 'playwright';
import { startJanus, whyNoJanus } from '../../../devserver/src/node/janus.ts';
import type { Janus } from '../../../devserver/src/node/janus.ts';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import { bubble, WAIT_MS } from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: /^Call with/ });
const press = async (page: Page, name: string): Promise<void> => dialog(page).getByRole('button', { name }).click();
const says = async (page: Page, text: string | RegExp): Promise<void> =>
  dialog(page).getByRole('status').filter({ hasText: text }).waitFor();

describe.skipIf(reason !== undefined)(`calls of the demo page${reason ? ` (${reason})` : ''}`, () => {
  let janus: Janus;
  let site: DemoSite;
  let alice: Page;
  let bob: Page;

  beforeAll(async () => {
    janus = await startJanus();
    site = await openDemoSite(janus.url);
    ({ alice, bob } = site);
    await site.openBoth();
  });
  afterAll(async () => {
    await site.close();
    await janus.stop();
  });

  test('a video call is answered, shows both pictures, and leaves one line in each chat', async () => {
    await alice.getByRole('button', { name: 'Video call' }).click();
    await says(alice, 'Ringing…');
    await says(bob, 'Incoming video call…');
    await press(bob, 'Answer');
    for (const page of [alice, bob]) {
      await says(page, /^\d:\d\d/);
      for (const video of await dialog(page).locator('video').all())
        await expect
          .poll(async () => video.evaluate((element: HTMLVideoElement) => element.videoWidth), { timeout: WAIT_MS })
          .toBeGreaterThan(0);
    }
    await press(alice, 'Mute');
    await dialog(alice).getByRole('button', { name: 'Unmute' }).waitFor();
    await press(bob, 'Camera off');
    await says(alice, 'the other camera is off');
    await press(bob, 'Camera on');
    await press(alice, 'Hang up');
    await says(alice, 'You hung up. You talked for');
    await says(bob, 'The other side hung up.');
    for (const page of [alice, bob]) {
      await bubble(page, /^Call, \d:\d\d/).waitFor();
      expect(await page.getByRole('log').locator('.message').count()).toBe(1);
    }
  });

  test('a call that is given up is missed, and is made again', async () => {
    await press(bob, 'Call again');
    await says(alice, 'Incoming video call…');
    await press(bob, 'Hang up');
    await bubble(alice, 'Missed call').waitFor();
    await bubble(bob, 'Call not answered').waitFor();
    await press(bob, 'Close');
    await bob.getByRole('button', { name: 'Call', exact: true }).click();
    await says(alice, 'Incoming call…');
    await press(alice, 'Decline');
    await says(bob, 'Declined.');
    await bubble(alice, 'You declined a call').waitFor();
    expect(site.pageErrors).toEqual([]);
  });
});
