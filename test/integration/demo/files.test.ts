import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Page } from 'playwright';
import { sameBytes } from '../../support/file-bytes.ts';
import { pngOf } from '../../support/png.ts';
import { openDemoSite } from './demo-site.ts';
import type { DemoSite } from './demo-site.ts';
import {
  bubble,
  dataFile,
  downloaded,
  entry,
  gone,
  meterOf,
  open,
  pick,
  pngFile,
  say,
  shown,
  tickOf,
  WAIT_MS,
} from './page-parts.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let site: DemoSite;
let alice: Page;
let bob: Page;

beforeAll(async () => {
  site = await openDemoSite();
  ({ alice, bob } = site);
});

afterAll(() => site.close());

test('picked, dropped and pasted files are shown at once, arrive, and download with the same bytes', async () => {
  await site.openBoth();
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

test('a chat shows where to drop files while they are dragged over it', async () => {
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

test('a cancelled upload disappears and never arrives', async () => {
  await site.openBoth();
  site.server.admin.setTransfers({ bytesPerSecond: 200_000 });
  await pick(alice, dataFile('huge.bin', 12_000_000));
  await expect.poll(() => meterOf(alice, 'huge.bin').textContent(), { timeout: WAIT_MS }).toMatch(/^[1-9]/);
  await alice.getByRole('button', { name: 'Cancel sending huge.bin' }).click();
  await gone(bubble(alice, 'huge.bin'));
  site.server.admin.clearFaults();
  await say(alice, 'never mind');
  await bubble(bob, 'never mind').waitFor();
  expect(await bubble(bob, 'huge.bin').count()).toBe(0);
});

test('a refused upload shows the reason, also after a reload, keeps its place, and is sent by “Try again”', async () => {
  await site.openBoth();
  site.server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room for it', count: 2 });
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

  // An upload that breaks off in the middle is retried without a notice.
  site.server.admin.cutTransfer({ direction: 'up', afterBytes: 20_000 });
  await bubble(alice, 'refused.bin').getByRole('button', { name: 'Try again' }).click();
  await tickOf(alice, 'refused.bin', 'Read').waitFor();
  sameBytes(await downloaded(bob, 'refused.bin'), file.buffer);
});

test('a text that the server refuses shows the reason and is sent by “Try again”', async () => {
  // In a group no typing sign is sent, so that the text is the first send the server refuses.
  for (const page of [alice, bob]) await open(page, 'Demo group');
  site.server.admin.refuseSend({ code: 12, reason: 'not these words' });
  await say(alice, 'forbidden words');
  await bubble(alice, 'forbidden words')
    .getByText(/^Not sent: .*: not these words\./)
    .waitFor();
  await bubble(alice, 'forbidden words').getByRole('button', { name: 'Try again' }).click();
  await bubble(bob, 'forbidden words').waitFor();
  await tickOf(alice, 'forbidden words', 'Sent').waitFor();
});

test('a failed message can be deleted', async () => {
  await site.openBoth();
  site.server.admin.failRest({ path: '/upload/*', code: 10009, message: 'no room for it', count: 2 });
  await pick(alice, dataFile('unwanted.bin', 1000));
  await bubble(alice, 'unwanted.bin').getByRole('button', { name: 'Delete' }).click();
  await gone(bubble(alice, 'unwanted.bin'));
});

test('a reload in the middle of an upload continues it', async () => {
  await site.openBoth();
  const file = dataFile('long.bin', 3_500_000);
  site.server.admin.setTransfers({ bytesPerSecond: 100_000 });
  await pick(alice, file);
  await meterOf(alice, 'long.bin').waitFor();
  await expect.poll(() => alice.evaluate(countKeptChunks), { timeout: WAIT_MS }).toBe(4);
  await alice.reload();
  await meterOf(alice, 'long.bin').waitFor();
  expect(await tickOf(alice, 'long.bin', 'Sending').count()).toBe(1);
  site.server.admin.clearFaults();
  await tickOf(alice, 'long.bin', 'Read').waitFor();
  expect(await meterOf(alice, 'long.bin').isVisible()).toBe(false);
  expect(await bubble(bob, 'long.bin').count()).toBe(1);
  sameBytes(await downloaded(bob, 'long.bin'), file.buffer);
});

test('a download shows its progress, can be cancelled, and shows why it failed', async () => {
  await site.openBoth();
  const file = dataFile('archive.bin', 3_000_000);
  await pick(alice, file);
  const message = bubble(bob, 'archive.bin');
  await message.waitFor();
  site.server.admin.setTransfers({ bytesPerSecond: 200_000 });
  await message.getByRole('button', { name: 'Download archive.bin' }).click();
  const meter = message.getByRole('progressbar', { name: 'Downloading archive.bin' });
  await expect.poll(() => meter.textContent(), { timeout: WAIT_MS }).toMatch(/^[1-9]/);
  await message.getByRole('button', { name: 'Cancel downloading archive.bin' }).click();
  await message.getByRole('button', { name: 'Download archive.bin' }).waitFor();
  expect(await message.getByRole('alert').count()).toBe(0);

  site.server.admin.clearFaults();
  site.server.admin.failRest({ path: '/file/download/chat', code: 10010, message: 'not for you' });
  await message.getByRole('button', { name: 'Download archive.bin' }).click();
  await message.getByRole('alert').getByText('The user may not do this.').waitFor();
  sameBytes(await downloaded(bob, 'archive.bin'), file.buffer);
  expect(await message.getByRole('alert').count()).toBe(0);
});

test('no page had an error, and none broke its content security policy', () => {
  expect(site.pageErrors).toEqual([]);
});

/** Counts the stored chunks of files that wait for their upload. Runs in the page and uses only IndexedDB. */
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
