import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createDevServer, DEFAULT_APP_ID } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Browser, BrowserContext, Locator, Page } from 'playwright';
import { serveDemo } from '../../demo/web/serve.ts';
import type { DemoServer } from '../../demo/web/serve.ts';
import { chromiumLaunch } from '../../scripts/find-chromium.mjs';

const WAIT_MS = 8000;
vi.setConfig({ testTimeout: 20_000, hookTimeout: 40_000 });

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
  browser = await chromium.launch(chromiumLaunch());
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

/** A message by REST, in the name of a user. */
async function sendByRest(from: string, to: string, content: string): Promise<void> {
  const response = await fetch(`${server.url}/message/send`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', app_id: DEFAULT_APP_ID, 'access-token': server.adminToken },
    body: JSON.stringify({ targets: [idOf(to)], type: 1, content_type: 0, content, from_user_id: idOf(from) }),
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

test('no page had an error', () => {
  expect(pageErrors).toEqual([]);
});
