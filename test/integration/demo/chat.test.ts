import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Page } from 'playwright';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import { bubble, entry, gone, input, open, say, WAIT_MS } from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let site: DemoSite;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  site = await openDemoSite();
  ({ alice, bob } = site);
});

afterAll(() => site.close());

test('two users chat: each sees the other typing, and the sender sees the read receipt', async () => {
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

test('the typing sign disappears when the typing stops', async () => {
  await open(alice, 'Bob');
  await open(bob, 'Alice');
  await input(bob).pressSequentially('hm');
  await alice.getByRole('main').getByText('typing…').waitFor();
  await gone(alice.getByRole('main').getByText('typing…'));
  await input(bob).fill('');
});

test('the text of a message is never rendered as markup', async () => {
  await open(alice, 'Bob');
  const text = '<img src=x onerror="document.title=1"><b>bold</b>';
  await say(bob, text);
  await bubble(alice, text).waitFor();
  expect(await alice.getByRole('log').locator('img:not([role]), b').count()).toBe(0);
});

test('a group made in the dialog shows its name and the names of its senders to the other members', async () => {
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

test('scrolling up loads older messages and keeps the reading position', async () => {
  for (let i = 1; i <= 150; i++) await site.sendByRest('carol', 'bob', `number ${i} of many`);
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

test('a location is a link to a map; an invalid one is plain text', async () => {
  await open(alice, 'Bob');
  const place = { lat: 48.2082, lon: 16.3738, addr: 'Stephansplatz' };
  await site.sendByRest('bob', 'alice', '', { content_type: 5, attachment: JSON.stringify(place) });
  const link = alice.getByRole('log').getByRole('link', { name: 'Stephansplatz' });
  expect(await link.getAttribute('href')).toBe(
    'https://www.openstreetmap.org/?mlat=48.2082&mlon=16.3738#map=16/48.2082/16.3738',
  );
  const hostile = { lat: 'javascript:alert(1)', lon: 0, addr: 'nowhere' };
  await site.sendByRest('bob', 'alice', '', { content_type: 5, attachment: JSON.stringify(hostile) });
  await bubble(alice, '[location]').waitFor();
  expect(await alice.getByRole('log').getByRole('link').count()).toBe(1);
});

test('no page had an error, and none broke its content security policy', () => {
  expect(site.pageErrors).toEqual([]);
});
