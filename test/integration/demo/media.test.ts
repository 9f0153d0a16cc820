import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Locator, Page } from 'playwright';
import { bytesOf, sameBytes } from '../../support/file-bytes.ts';
import { pngOf } from '../../support/png.ts';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import { bubble, dataFile, downloaded, entry, gone, open, pick, pngFile, say, shown, WAIT_MS } from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let site: DemoSite;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  site = await openDemoSite();
  ({ alice, bob } = site);
});

afterAll(() => site.close());

test('the image viewer opens, turns pages and closes by keys, and gives the focus back', async () => {
  await site.openBoth();
  await pick(alice, pngFile('lake.png'));
  await shown(bob.getByRole('log').getByRole('img', { name: 'lake.png' }));
  await pick(alice, pngFile('first.png', 40, 80), pngFile('second.png', 80, 40));
  const first = bob.getByRole('log').getByRole('img', { name: 'first.png' });
  await shown(first);
  await shown(bob.getByRole('log').getByRole('img', { name: 'second.png' }));
  const all = await bob.locator('.picture-open').count();
  // Uploads run at the same time, so that any order of the two is right.
  const names = await bob
    .locator('.picture-open img')
    .evaluateAll((images) => images.map((image) => image.getAttribute('alt')));
  const opener = bob.getByRole('button', { name: names.at(-2)! });
  await opener.focus();
  await bob.keyboard.press('Enter');
  const viewer = bob.getByRole('dialog', { name: 'Images' });
  await viewer.getByText(`${all - 1} of ${all}`).waitFor();
  await shown(viewer.getByRole('img', { name: names.at(-2)! }));
  await bob.keyboard.press('ArrowRight');
  await shown(viewer.getByRole('img', { name: names.at(-1)! }));
  await bob.keyboard.press('ArrowRight');
  await viewer.getByText(`${all} of ${all}`).waitFor();
  await bob.keyboard.press('Home');
  await viewer.getByText(`1 of ${all}`).waitFor();
  sameBytes(await downloaded(bob, names[0]!, viewer), pngOf(64, 48));
  await bob.keyboard.press('Escape');
  await gone(viewer);
  expect(await opener.evaluate((element) => element === document.activeElement)).toBe(true);
});

test('a voice message is recorded on one page and played on the other', async () => {
  await site.openBoth();
  await alice.getByRole('button', { name: 'Record a voice message' }).click();
  const recorder = alice.getByRole('group', { name: 'Voice message' });
  await recorder.getByRole('button', { name: 'Cancel' }).click();
  await gone(recorder);
  await alice.getByRole('button', { name: 'Record a voice message' }).click();
  await recorder.getByText('0:02').waitFor();
  await recorder.getByRole('button', { name: 'Send' }).click();

  await entry(bob, 'Alice').getByText('Voice message').waitFor();
  const voice = bob.getByRole('log').locator('.voice');
  expect(await voice.count()).toBe(1);
  await voice.getByText(/^0:0[1-9]$/).waitFor();
  await voice.getByRole('button', { name: /^Play voice/ }).click();
  await voice.getByRole('button', { name: /^Pause voice/ }).waitFor();
  await expect.poll(() => voice.getByRole('slider').inputValue().then(Number), { timeout: WAIT_MS }).toBeGreaterThan(0);
  await voice.getByRole('button', { name: /^Play voice/ }).waitFor();
});

test('a page that cannot record sound has no record button', async () => {
  const context = await site.browser.newContext();
  await context.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'mediaDevices');
  });
  const carol = await site.enter('carol', site.url, context);
  await open(carol, 'Bob');
  await carol.getByRole('button', { name: 'Attach files' }).waitFor();
  expect(await carol.getByRole('button', { name: 'Record a voice message' }).count()).toBe(0);
  await context.close();
});

test('a video has controls; a file that cannot be played can be downloaded', async () => {
  await site.openBoth();
  const film = { name: 'film.mp4', mimeType: 'video/mp4', buffer: Buffer.from(bytesOf(5000)) };
  await pick(alice, film);
  const video = bob.getByRole('log').locator('video');
  await video.waitFor();
  expect(await video.evaluate((element: HTMLVideoElement) => [element.controls, element.preload])).toEqual([
    true,
    'none',
  ]);
  await video.evaluate((element: HTMLVideoElement) => element.load());
  await video.evaluate((element: HTMLVideoElement) => element.play().catch(() => undefined));
  await bubble(bob, 'film.mp4').getByText('cannot be played here').waitFor();
  sameBytes(await downloaded(bob, 'film.mp4'), film.buffer);
});

test('a changed user picture and a changed group picture appear on the other page', async () => {
  await site.openBoth();
  await alice.locator('input[aria-label="Change your picture"]').setInputFiles(pngFile('me.png'));
  await shown(alice.locator('.me .avatar img'));
  await shown(entry(bob, 'Alice').locator('.avatar img'));
  await shown(bob.locator('.chat-header .avatar img'));

  await open(alice, 'Demo group');
  await alice.getByRole('button', { name: 'Group picture and files' }).click();
  const dialog = alice.getByRole('dialog', { name: 'Group picture and files' });
  site.server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room for it', count: 2 });
  const picker = dialog.locator('input[aria-label="Change the group’s picture"]');
  await picker.setInputFiles(pngFile('us.png'));
  await dialog.getByRole('alert').getByText('The picture was not changed. The file could not be uploaded.').waitFor();
  await picker.setInputFiles(pngFile('us.png'));
  await shown(dialog.locator('.avatar img'));
  await shown(entry(bob, 'Demo group').locator('.avatar img'));
  await dialog.getByRole('button', { name: 'Close' }).click();
  await say(alice, 'a new look');
  await open(bob, 'Demo group');
  await bubble(bob, 'a new look').waitFor();
  await shown(bob.getByRole('log').locator('.message.other .avatar img').first());
});

test('files shared in a group are listed live, downloaded and deleted', async () => {
  const dialogs = [];
  for (const page of [alice, bob]) {
    await open(page, 'Demo group');
    await page.getByRole('button', { name: 'Group picture and files' }).click();
    dialogs.push(page.getByRole('dialog', { name: 'Group picture and files' }));
  }
  const [hers, his] = dialogs as [Locator, Locator];
  await his.getByText('Nobody has shared a file yet.').waitFor();
  const file = dataFile('rules.bin', 40_000);
  await hers.getByLabel('Files to share').setInputFiles(file);
  await his.getByText('rules.bin').waitFor();
  await his.getByText(/^40 KB · Alice, /).waitFor();
  sameBytes(await downloaded(bob, 'rules.bin', his), file.buffer);

  const remove = async (dialog: Locator): Promise<void> => {
    await dialog.getByRole('button', { name: 'Delete rules.bin' }).click();
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  };
  await remove(his);
  await his
    .getByRole('alert')
    .getByText(/^rules\.bin was not deleted: /)
    .waitFor();
  await remove(hers);
  await gone(his.getByText('rules.bin', { exact: true }));
  for (const page of [alice, bob]) await page.keyboard.press('Escape');
  await gone(hers);
});

test('no page had an error, and none broke its content security policy', () => {
  expect(site.pageErrors).toEqual([]);
});
