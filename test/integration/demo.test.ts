import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, Locator, Page } from 'playwright';
import { serveDemo } from '../../demo/web/serve.ts';
import type { DemoServer } from '../../demo/web/serve.ts';
import { chromiumLaunch } from '../../scripts/find-chromium.mjs';
import { bytesOf, sameBytes } from '../support/file-bytes.ts';
import { pngOf } from '../support/png.ts';

const WAIT_MS = 20_000;
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/** A microphone that hears a tone, and a user who lets the page use it. */
const FAKE_MICROPHONE = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** What was started, to be ended in the opposite order. */
const endings: (() => Promise<void>)[] = [];

let server: DevServer;
let demo: DemoServer;
let browser: Browser;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  server = await createDevServer({ seed: 'demo' });
  endings.push(() => server.close());
  demo = await serveDemo({ dnsServer: server.dnsUrl, serverRun: 'test', port: 0, watch: false });
  endings.push(() => demo.close());
  const { args, ...launch } = chromiumLaunch();
  browser = await chromium.launch({ ...launch, args: [...args, ...FAKE_MICROPHONE] });
  endings.push(() => browser.close());
  [alice, bob] = await Promise.all([enter('alice'), enter('bob')]);
});

afterAll(async () => {
  for (const end of endings.reverse()) await end();
});

const pageErrors: string[] = [];

async function openPage(address = demo.url, context?: BrowserContext): Promise<Page> {
  const page = await (context ?? (await browser.newContext({ viewport: { width: 1000, height: 640 } }))).newPage();
  page.setDefaultTimeout(WAIT_MS);
  page.on('pageerror', (error) => pageErrors.push(String(error)));
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) pageErrors.push(message.text());
  });
  await page.goto(address);
  return page;
}

async function enter(user: string, address = demo.url, context?: BrowserContext): Promise<Page> {
  const page = await openPage(address, context);
  await page.getByRole('button', { name: user, exact: true }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
  return page;
}

const entry = (page: Page, name: string): Locator =>
  page
    .getByRole('navigation')
    .getByRole('link')
    .filter({ has: page.getByText(name, { exact: true }) });
const open = (page: Page, name: string): Promise<void> => entry(page, name).click();
const bubble = (page: Page, text: string): Locator =>
  page.getByRole('log').locator('.message').filter({ hasText: text });
const input = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / });
const connection = (page: Page, text: string): Locator => page.getByRole('status').filter({ hasText: text });
const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'hidden' });

async function say(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press('Enter');
}

const idOf = (name: string): number => server.data.app(DEFAULT_APP_ID).users.byName(name)!.id;

interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

const pngFile = (name: string, width = 64, height = 48, more = 0): PickedFile => ({
  name,
  mimeType: 'image/png',
  buffer: pngOf(width, height, more),
});
const dataFile = (name: string, size: number): PickedFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytesOf(size)),
});

const pick = (page: Page, ...files: PickedFile[]): Promise<void> =>
  page.getByLabel('Files to send').setInputFiles(files);
/** Of the message with this file. */
const meterOf = (page: Page, name: string): Locator => page.getByRole('progressbar', { name: `Sending ${name}` });
const tickOf = (page: Page, name: string, tick: string): Locator => bubble(page, name).getByRole('img', { name: tick });

/** Waits for a picture that shows something. */
async function shown(image: Locator): Promise<void> {
  await image.waitFor();
  await expect
    .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth), { timeout: WAIT_MS })
    .toBeGreaterThan(0);
}

/** Saves a file by its button. */
async function downloaded(page: Page, name: string, within: Locator | Page = page): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: WAIT_MS }),
    within.getByRole('button', { name: `Download ${name}` }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(name);
  return readFile(await download.path());
}

/** The two of them talk to each other. */
async function openBoth(): Promise<void> {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
}

/** A message by REST, in the name of a user. */
async function sendByRest(from: string, to: string, content: string, more: object = {}): Promise<void> {
  const response = await fetch(`${server.url}/message/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', app_id: DEFAULT_APP_ID, 'access-token': server.adminToken },
    body: JSON.stringify({ targets: [idOf(to)], type: 1, content_type: 0, content, from_user_id: idOf(from), ...more }),
  });
  expect(await response.json()).toMatchObject({ code: 200 });
}

test('two users chat, see each other type, and the sender sees what was read', async () => {
  await open(alice, 'Bob');
  await say(alice, 'good morning');
  await bubble(alice, 'good morning').getByRole('img', { name: 'Sent' }).waitFor();

  await entry(bob, 'Alice').getByText('good morning').waitFor();
  expect(await entry(bob, 'Alice').getByLabel('1 unread').count()).toBe(1);
  expect(await bob.title()).toBe('(1) flooim demo');
  await open(bob, 'Alice');
  await bubble(bob, 'good morning').waitFor();
  await gone(entry(bob, 'Alice').getByLabel('1 unread'));
  await bubble(alice, 'good morning').getByRole('img', { name: 'Read' }).waitFor();

  await input(bob).pressSequentially('a moment');
  await alice.getByRole('main').getByText('typing…').waitFor();
  await entry(alice, 'Bob').getByText('typing…').waitFor();
  await input(bob).press('Enter');
  await bubble(alice, 'a moment').waitFor();
  await gone(alice.getByRole('main').getByText('typing…'));
  await bubble(bob, 'a moment').getByRole('img', { name: 'Read' }).waitFor();
});

test('a typist who falls silent is no longer shown as typing', async () => {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
  await input(bob).pressSequentially('hm');
  await alice.getByRole('main').getByText('typing…').waitFor();
  await gone(alice.getByRole('main').getByText('typing…'));
  await input(bob).fill('');
});

test('what a message says is never read as markup', async () => {
  await open(alice, 'Bob');
  const text = '<img src=x onerror="document.title=1"><b>bold</b>';
  await say(bob, text);
  await bubble(alice, text).waitFor();
  expect(await alice.getByRole('log').locator('img:not([role]), b').count()).toBe(0);
});

test('a group: made in the dialog, named and with its senders named at the others', async () => {
  await alice.getByRole('button', { name: 'New group' }).click();
  const dialog = alice.getByRole('dialog', { name: 'New group' });
  await dialog.getByLabel('Group name').fill('Lunch');
  await dialog.getByLabel('Bob').check();
  await dialog.getByRole('button', { name: 'Create' }).click();
  await alice.getByRole('heading', { name: 'Lunch' }).waitFor();
  await say(alice, 'noodles?');

  await entry(bob, 'Lunch').getByText('noodles?').waitFor();
  await open(bob, 'Lunch');
  await bubble(bob, 'noodles?').getByText('Alice').waitFor();
  await say(bob, 'rice');
  await bubble(alice, 'rice').getByText('Bob').waitFor();
});

test('older messages come as one scrolls up, and the reader keeps the place', async () => {
  for (let i = 1; i <= 150; i++) await sendByRest('carol', 'bob', `number ${i} of many`);
  await open(bob, 'Carol');
  await bubble(bob, 'number 150 of many').waitFor();
  expect(await bubble(bob, 'number 1 of many').count()).toBe(0);
  const box = bob.getByRole('log');
  const topOf = async (text: string): Promise<number> => (await bubble(bob, text).boundingBox())!.y;
  await box.evaluate((element) => (element.scrollTop = 1));
  const before = await topOf('number 60 of many');
  await expect.poll(() => box.locator('.message').count()).toBe(140);
  expect(await topOf('number 60 of many')).toBeCloseTo(before, 0);

  await expect
    .poll(
      async () => {
        await box.evaluate((element) => (element.scrollTop = 0));
        return bubble(bob, 'number 1 of many').count();
      },
      { timeout: WAIT_MS },
    )
    .toBe(1);
  await bob.getByText('This is the beginning of the conversation.').waitFor();
  expect(await box.locator('.message').count()).toBe(150);
});

test('a reload shows the open conversation while nothing can be reached, and what was missed and said when it can', async () => {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
  await say(alice, 'before the reload');
  await bubble(bob, 'before the reload').waitFor();

  const isServer = (url: URL): boolean => url.host === new URL(server.url).host;
  await alice.route(isServer, (route) => route.abort());
  server.admin.stall({ uid: idOf('alice'), on: true, alsoNew: true });
  await alice.reload();
  await bubble(alice, 'before the reload').waitFor();
  expect(await entry(alice, 'Bob').getByText('before the reload').count()).toBe(1);
  await connection(alice, 'Connecting…').waitFor();
  await say(alice, 'said while cut off');
  await bubble(alice, 'said while cut off').getByRole('img', { name: 'Sending' }).waitFor();
  await say(bob, 'are you there?');

  await alice.unroute(isServer);
  server.admin.clearFaults();
  await bubble(alice, 'are you there?').waitFor();
  await gone(connection(alice, 'Connecting…'));
  await bubble(alice, 'said while cut off').getByRole('img', { name: 'Read' }).waitFor();
  expect(await bubble(alice, 'said while cut off').count()).toBe(1);
  await bubble(bob, 'said while cut off').waitFor();
});

test('a lost connection is told and made again', async () => {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
  server.admin.stall({ uid: idOf('alice'), on: true, alsoNew: true });
  server.admin.dropSockets({ uid: idOf('alice') });
  await connection(alice, 'Connection lost, reconnecting…').waitFor();
  await say(bob, 'after the drop');
  server.admin.clearFaults();
  await bubble(alice, 'after the drop').waitFor();
  await gone(connection(alice, 'Connection lost, reconnecting…'));
});

test('a new user registers, chats with somebody by id, logs out and is asked again', async () => {
  const dave = await openPage();
  await dave.getByRole('button', { name: 'Register a new user' }).click();
  await dave.getByLabel('Name').fill('dave');
  await dave.getByLabel('Password').fill('dave-secret');
  await dave.getByRole('button', { name: 'Register and log in' }).click();
  await dave.getByRole('button', { name: 'New chat' }).click();
  await dave.getByLabel('User id').fill(String(idOf('alice')));
  await dave.getByRole('button', { name: 'Open', exact: true }).click();
  await say(dave, 'we do not know each other');
  await entry(alice, 'dave').getByText('we do not know each other').waitFor();

  await dave.getByRole('button', { name: 'Log out' }).click();
  await dave.reload();
  await dave.getByRole('heading', { name: 'Log in' }).waitFor();
  await dave.getByLabel('Name').fill('dave');
  await dave.getByLabel('Password').fill('wrong');
  await dave.getByRole('button', { name: 'Log in', exact: true }).click();
  await dave.getByRole('alert').getByText('is wrong').waitFor();
});

test('two windows of one browser hold two users; the same user in a third takes over', async () => {
  const carol = await enter('carol');
  const other = await enter('bob', `${demo.url}?login`, carol.context());
  await carol.reload();
  await carol.locator('.me').getByText('Carol').waitFor();
  await other.reload();
  await other.locator('.me').getByText('Bob').waitFor();

  const third = await openPage(demo.url, carol.context());
  await third.locator('.me').getByText('Bob').waitFor();
  await other.getByRole('button', { name: 'Log in here' }).click();
  await third.getByRole('button', { name: 'Log in here' }).waitFor();
  await gone(other.getByRole('button', { name: 'Log in here' }));
  expect(await carol.getByRole('button', { name: 'Log in here' }).count()).toBe(0);
});

test('picked, dropped and pasted files are shown at once and arrive; what is downloaded is the file', async () => {
  await openBoth();
  const report = dataFile('report.bin', 300_000);
  await pick(alice, pngFile('lake.png'), report);
  await shown(alice.getByRole('log').getByRole('img', { name: 'lake.png' }));
  await shown(bob.getByRole('log').getByRole('img', { name: 'lake.png' }));
  expect(await bob.getByRole('img', { name: 'lake.png' }).getAttribute('src')).toContain('image_type=2');
  await bubble(bob, 'report.bin').getByText('300 KB').waitFor();
  // A picture that comes later than its message pushes nothing out of sight.
  const belowPx = (): Promise<number> =>
    bob
      .getByRole('log')
      .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);
  await expect.poll(belowPx, { timeout: WAIT_MS }).toBeLessThan(1);
  sameBytes(await downloaded(bob, 'report.bin'), report.buffer);
  await entry(bob, 'Alice')
    .getByText(/^(report\.bin|Photo)$/)
    .waitFor();

  for (const way of ['drop', 'paste']) {
    const name = `${way}ped.png`;
    const base64 = pngOf(32, 32).toString('base64');
    await alice.evaluate(
      ([kind, fileName, content]) => {
        const bytes = Uint8Array.from(atob(content!), (char) => char.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], fileName!, { type: 'image/png' }));
        const init = { bubbles: true, cancelable: true };
        const [target, event] =
          kind === 'drop'
            ? [document.querySelector('main'), new DragEvent('drop', { ...init, dataTransfer: data })]
            : [document.activeElement, new ClipboardEvent('paste', { ...init, clipboardData: data })];
        target!.dispatchEvent(event);
      },
      [way, name, base64],
    );
    await shown(bob.getByRole('log').getByRole('img', { name }));
  }
});

test('a chat holds its invitation out while files are dragged over it', async () => {
  await open(alice, 'Bob');
  const invitation = alice.getByText('Drop files here to send them to Bob');
  const drag = (type: string, target: string): Promise<void> =>
    alice.evaluate(
      ([eventType, selector]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File(['x'], 'x.txt'));
        document.querySelector(selector!)!.dispatchEvent(new DragEvent(eventType!, { dataTransfer, bubbles: true }));
      },
      [type, target],
    );
  expect(await invitation.isVisible()).toBe(false);
  await drag('dragenter', 'main .scroll');
  await invitation.waitFor();
  await drag('dragleave', '.drop-cover');
  await gone(invitation);
});

test('the image viewer: opened, leafed through and closed by keys, with the focus where it was', async () => {
  await openBoth();
  await pick(alice, pngFile('first.png', 40, 80), pngFile('second.png', 80, 40));
  const first = bob.getByRole('log').getByRole('img', { name: 'first.png' });
  await shown(first);
  await shown(bob.getByRole('log').getByRole('img', { name: 'second.png' }));
  const all = await bob.locator('.picture-open').count();
  // The quicker of two uploads is first.
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

test('an upload that is cancelled is gone, and never arrives', async () => {
  await openBoth();
  server.admin.setTransfers({ bytesPerSecond: 200_000 });
  await pick(alice, dataFile('huge.bin', 12_000_000));
  await expect.poll(() => meterOf(alice, 'huge.bin').textContent(), { timeout: WAIT_MS }).toMatch(/^[1-9]/);
  await alice.getByRole('button', { name: 'Cancel sending huge.bin' }).click();
  await gone(bubble(alice, 'huge.bin'));
  server.admin.clearFaults();
  await say(alice, 'never mind');
  await bubble(bob, 'never mind').waitFor();
  expect(await bubble(bob, 'huge.bin').count()).toBe(0);
});

test('a refused upload says why, after a reload too; it stays where it was said, and is sent when tried again', async () => {
  await openBoth();
  server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room for it' });
  const file = dataFile('refused.bin', 50_000);
  await pick(alice, file);
  await bubble(alice, 'refused.bin').getByText('Not sent: The file could not be uploaded: no room for it.').waitFor();
  await say(bob, 'said after it failed');
  await bubble(alice, 'said after it failed').waitFor();
  await alice.reload();
  await bubble(alice, 'refused.bin').getByText('Not sent: The file could not be uploaded.').waitFor();
  await bubble(alice, 'said after it failed').waitFor();
  const texts = await alice.getByRole('log').locator('.message').allInnerTexts();
  const place = (text: string): number => texts.findIndex((one) => one.includes(text));
  expect(place('refused.bin')).toBeLessThan(place('said after it failed'));

  // One that breaks off in between is tried again without a word.
  server.admin.cutTransfer({ direction: 'up', afterBytes: 20_000 });
  await bubble(alice, 'refused.bin').getByRole('button', { name: 'Try again' }).click();
  await tickOf(alice, 'refused.bin', 'Read').waitFor();
  sameBytes(await downloaded(bob, 'refused.bin'), file.buffer);
});

test('a text that the server refuses says why, and is sent when tried again', async () => {
  // A group is not told that one types: that would be what is refused.
  for (const page of [alice, bob]) await open(page, 'Demo group');
  server.admin.refuseSend({ code: 12, reason: 'not these words' });
  await say(alice, 'forbidden words');
  await bubble(alice, 'forbidden words')
    .getByText(/^Not sent: .*: not these words\./)
    .waitFor();
  await bubble(alice, 'forbidden words').getByRole('button', { name: 'Try again' }).click();
  await bubble(bob, 'forbidden words').waitFor();
  await tickOf(alice, 'forbidden words', 'Sent').waitFor();
});

test('what failed can be deleted', async () => {
  await openBoth();
  server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room for it' });
  await pick(alice, dataFile('unwanted.bin', 1000));
  await bubble(alice, 'unwanted.bin').getByRole('button', { name: 'Delete' }).click();
  await gone(bubble(alice, 'unwanted.bin'));
});

test('a reload in the middle of an upload goes on with it', async () => {
  await openBoth();
  const file = dataFile('long.bin', 3_500_000);
  server.admin.setTransfers({ bytesPerSecond: 100_000 });
  await pick(alice, file);
  await meterOf(alice, 'long.bin').waitFor();
  await expect.poll(() => alice.evaluate(countKeptChunks), { timeout: WAIT_MS }).toBe(4);
  await alice.reload();
  await meterOf(alice, 'long.bin').waitFor();
  expect(await tickOf(alice, 'long.bin', 'Sending').count()).toBe(1);
  server.admin.clearFaults();
  await tickOf(alice, 'long.bin', 'Read').waitFor();
  expect(await meterOf(alice, 'long.bin').isVisible()).toBe(false);
  expect(await bubble(bob, 'long.bin').count()).toBe(1);
  sameBytes(await downloaded(bob, 'long.bin'), file.buffer);
});

test('a download says how far it is, can be cancelled, and says why it failed', async () => {
  await openBoth();
  const file = dataFile('archive.bin', 3_000_000);
  await pick(alice, file);
  const message = bubble(bob, 'archive.bin');
  await message.waitFor();
  server.admin.setTransfers({ bytesPerSecond: 200_000 });
  await message.getByRole('button', { name: 'Download archive.bin' }).click();
  const meter = message.getByRole('progressbar', { name: 'Downloading archive.bin' });
  await expect.poll(() => meter.textContent(), { timeout: WAIT_MS }).toMatch(/^[1-9]/);
  await message.getByRole('button', { name: 'Cancel downloading archive.bin' }).click();
  await message.getByRole('button', { name: 'Download archive.bin' }).waitFor();
  expect(await message.getByRole('alert').count()).toBe(0);

  server.admin.clearFaults();
  server.admin.failRest({ path: '/file/download/chat', code: 10010, message: 'not for you' });
  await message.getByRole('button', { name: 'Download archive.bin' }).click();
  await message.getByRole('alert').getByText('The user may not do this.').waitFor();
  sameBytes(await downloaded(bob, 'archive.bin'), file.buffer);
  expect(await message.getByRole('alert').count()).toBe(0);
});

test('a voice message: recorded here, played there', async () => {
  await openBoth();
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

test('where no sound can be recorded there is no button for it', async () => {
  const context = await browser.newContext();
  await context.addInitScript(() => {
    Reflect.deleteProperty(Navigator.prototype, 'mediaDevices');
  });
  const carol = await enter('carol', demo.url, context);
  await open(carol, 'Bob');
  await carol.getByRole('button', { name: 'Attach files' }).waitFor();
  expect(await carol.getByRole('button', { name: 'Record a voice message' }).count()).toBe(0);
  await context.close();
});

test('a video has controls; what is no video after all can be downloaded', async () => {
  await openBoth();
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

test('a location is a link to a map, and what only claims to be one is not', async () => {
  await open(alice, 'Bob');
  const place = { lat: 48.2082, lon: 16.3738, addr: 'Stephansplatz' };
  await sendByRest('bob', 'alice', '', { content_type: 5, attachment: JSON.stringify(place) });
  const link = alice.getByRole('log').getByRole('link', { name: 'Stephansplatz' });
  expect(await link.getAttribute('href')).toBe(
    'https://www.openstreetmap.org/?mlat=48.2082&mlon=16.3738#map=16/48.2082/16.3738',
  );
  const hostile = { lat: 'javascript:alert(1)', lon: 0, addr: 'nowhere' };
  await sendByRest('bob', 'alice', '', { content_type: 5, attachment: JSON.stringify(hostile) });
  await bubble(alice, '[location]').waitFor();
  expect(await alice.getByRole('log').getByRole('link').count()).toBe(1);
});

test('one’s own picture and a group’s: changed here, seen there', async () => {
  await openBoth();
  await alice.locator('input[aria-label="Change your picture"]').setInputFiles(pngFile('me.png'));
  await shown(alice.locator('.me .avatar img'));
  await shown(entry(bob, 'Alice').locator('.avatar img'));
  await shown(bob.locator('.chat-header .avatar img'));

  await open(alice, 'Demo group');
  await alice.getByRole('button', { name: 'Group picture and files' }).click();
  const dialog = alice.getByRole('dialog', { name: 'Group picture and files' });
  server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room for it' });
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

test('files that a group shares: listed live, downloaded, deleted', async () => {
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

test('no page had an error, or did what its content security policy forbids', () => {
  expect(pageErrors).toEqual([]);
});

/** Records of files that wait for their upload, read with nothing but IndexedDB. Runs in the page. */
async function countKeptChunks(): Promise<number> {
  const found = (await indexedDB.databases()).find(({ name }) => name?.endsWith('.files'));
  if (!found) return 0;
  const opening = indexedDB.open(found.name!);
  const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
  try {
    const counting = db.transaction('kv').objectStore('kv').count();
    return await new Promise((resolve) => (counting.onsuccess = () => resolve(counting.result)));
  } finally {
    db.close();
  }
}
