import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Locator, Page } from 'playwright';
import { startJanus, whyNoJanus } from '../../../devserver/src/node/janus.ts';
import type { Janus } from '../../../devserver/src/node/janus.ts';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import { bubble, entry, gone, open, WAIT_MS } from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const reason = whyNoJanus();
const dialog = (page: Page): Locator => page.getByRole('dialog', { name: /^Call with/ });
const press = async (page: Page, name: string): Promise<void> => dialog(page).getByRole('button', { name }).click();
const says = async (page: Page, text: string | RegExp): Promise<void> =>
  dialog(page).getByRole('status').filter({ hasText: text }).waitFor();

const widthOf = async (video: Locator): Promise<number> =>
  video.evaluate((element: HTMLVideoElement) => element.videoWidth);

// What runs in the page.
const valuesOf = (options: Element[]): string[] => options.map((option) => (option as HTMLOptionElement).value);
const isPlaying = (element: Element): boolean => !(element as HTMLVideoElement).paused;
/** From now on the page plays sound only after the next click, as a browser does whose user has done nothing. */
function blockSound(): void {
  const { prototype } = HTMLMediaElement;
  const { play } = prototype;
  prototype.play = async function (this: HTMLMediaElement) {
    if (this.muted) return play.call(this);
    addEventListener('click', () => (prototype.play = play), { capture: true, once: true });
    throw new DOMException('the user has done nothing', 'NotAllowedError');
  };
}

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

  async function connect(): Promise<void> {
    await alice.getByRole('button', { name: 'Video call' }).click();
    await press(bob, 'Answer');
    for (const page of [alice, bob]) await says(page, /^\d:\d\d/);
  }

  async function hangUp(): Promise<void> {
    await press(alice, 'Hang up');
    await says(bob, 'The other side hung up.');
    await press(alice, 'Close');
    await press(bob, 'Close');
  }

  test('a video call is answered, shows both pictures, and leaves one line in each chat', async () => {
    await alice.getByRole('button', { name: 'Video call' }).click();
    await says(alice, 'Ringing…');
    await says(bob, 'Incoming video call…');
    await press(bob, 'Answer');
    for (const page of [alice, bob]) {
      await says(page, /^\d:\d\d/);
      for (const kind of ['remote', 'local'])
        await expect
          .poll(async () => widthOf(dialog(page).locator(`video.${kind}`)), { timeout: WAIT_MS })
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
    await entry(alice, 'Bob').getByText('You declined a call').waitFor();
    await press(alice, 'Close');
    await press(bob, 'Close');
  });

  test('a screen is shown beside the camera, and its end is seen', async () => {
    await connect();
    const shared = dialog(alice).locator('video.shared');
    expect(await shared.isVisible()).toBe(false);
    await press(bob, 'Share screen');
    await shared.waitFor();
    await expect.poll(async () => widthOf(shared), { timeout: WAIT_MS }).toBeGreaterThan(0);
    expect(await widthOf(dialog(alice).locator('video.remote'))).toBeGreaterThan(0);
    await press(bob, 'Stop sharing');
    await gone(shared);
    await hangUp();
  });

  test('another microphone, camera and loudspeaker are chosen, and stay chosen', async () => {
    await connect();
    for (const name of ['Microphone', 'Camera', 'Loudspeaker']) {
      const select = dialog(alice).getByLabel(name);
      const [first, second] = await select.locator('option').evaluateAll(valuesOf);
      expect(await select.inputValue(), name).toBe(first);
      await select.selectOption(second!);
      // The list is drawn again when a track changes.
      await press(alice, 'Mute');
      await press(alice, 'Unmute');
      await expect.poll(async () => dialog(alice).getByLabel(name).inputValue(), { timeout: WAIT_MS }).toBe(second);
    }
    await expect
      .poll(async () => widthOf(dialog(bob).locator('video.remote')), { timeout: WAIT_MS })
      .toBeGreaterThan(0);
    await hangUp();
  });

  test('sound that the browser blocks plays after a click', async () => {
    await bob.evaluate(blockSound);
    await connect();
    await press(bob, 'Play the sound');
    await gone(dialog(bob).getByRole('button', { name: 'Play the sound' }));
    expect(await dialog(bob).getByRole('alert').isVisible()).toBe(false);
    expect(await dialog(bob).locator('video.remote').evaluate(isPlaying)).toBe(true);
    await hangUp();
  });

  test('a call while nobody was there is a missed one, in the chat and in the list', async () => {
    await bob.goto('about:blank');
    await alice.getByRole('button', { name: 'Call', exact: true }).click();
    await says(alice, 'Ringing…');
    await press(alice, 'Hang up');
    await says(alice, 'You gave up.');
    const before = await bubble(alice, 'Call not answered').count();
    await press(alice, 'Close');
    await bob.goto(site.url);
    await entry(bob, 'Alice').getByText('Missed call').waitFor();
    await open(bob, 'Alice');
    await expect.poll(async () => bubble(bob, 'Missed call').count(), { timeout: WAIT_MS }).toBeGreaterThan(0);
    expect(before).toBeGreaterThan(0);
    expect(await dialog(bob).count()).toBe(0);
    expect(site.pageErrors).toEqual([]);
  });
});
