import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Page } from 'playwright';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import { bubble, connection, entry, gone, open, say } from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let site: DemoSite;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  site = await openDemoSite();
  ({ alice, bob } = site);
});

afterAll(() => site.close());

test('a reload without a network shows the stored conversation, then sends and receives once the network is back', async () => {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
  await say(alice, 'before the reload');
  await bubble(bob, 'before the reload').waitFor();

  const isServer = (url: URL): boolean => url.host === new URL(site.server.url).host;
  await alice.route(isServer, (route) => route.abort());
  site.server.admin.stall({ uid: site.idOf('alice'), on: true, alsoNew: true });
  await alice.reload();
  await bubble(alice, 'before the reload').waitFor();
  expect(await entry(alice, 'Bob').getByText('before the reload').count()).toBe(1);
  await connection(alice, 'Connecting…').waitFor();
  await say(alice, 'said while cut off');
  await bubble(alice, 'said while cut off').getByRole('img', { name: 'Sending' }).waitFor();
  await say(bob, 'are you there?');

  await alice.unroute(isServer);
  site.server.admin.clearFaults();
  await bubble(alice, 'are you there?').waitFor();
  await gone(connection(alice, 'Connecting…'));
  await bubble(alice, 'said while cut off').getByRole('img', { name: 'Read' }).waitFor();
  expect(await bubble(alice, 'said while cut off').count()).toBe(1);
  await bubble(bob, 'said while cut off').waitFor();
});

test('a lost connection is shown and is opened again', async () => {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
  site.server.admin.stall({ uid: site.idOf('alice'), on: true, alsoNew: true });
  site.server.admin.dropSockets({ uid: site.idOf('alice') });
  await connection(alice, 'Connection lost, reconnecting…').waitFor();
  await say(bob, 'after the drop');
  site.server.admin.clearFaults();
  await bubble(alice, 'after the drop').waitFor();
  await gone(connection(alice, 'Connection lost, reconnecting…'));
});

test('a new user registers, opens a chat by user id, logs out and sees the login page again', async () => {
  const dave = await site.openPage();
  await dave.getByRole('button', { name: 'Register a new user' }).click();
  await dave.getByLabel('Name').fill('dave');
  await dave.getByLabel('Password').fill('dave-secret');
  await dave.getByRole('button', { name: 'Register and log in' }).click();
  await dave.getByRole('button', { name: 'New chat' }).click();
  await dave.getByLabel('User id').fill(String(site.idOf('alice')));
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

test('two windows of one browser hold two users; a third window is one client with that of the same user', async () => {
  const carol = await site.enter('carol');
  const other = await site.enter('bob', `${site.url}?login`, carol.context());
  await carol.reload();
  await carol.locator('.me').getByText('Carol').waitFor();
  await other.reload();
  await other.locator('.me').getByText('Bob').waitFor();

  const third = await site.openPage(site.url, carol.context());
  await third.locator('.me').getByText('Bob').waitFor();
  await open(other, 'Carol');
  await open(third, 'Carol');
  await say(third, 'from the third window');
  await bubble(other, 'from the third window').waitFor();
  for (const page of [carol, other, third])
    expect(await page.getByRole('button', { name: 'Log in here' }).count()).toBe(0);
});

test('no page had an error, and none broke its content security policy', () => {
  expect(site.pageErrors).toEqual([]);
});
