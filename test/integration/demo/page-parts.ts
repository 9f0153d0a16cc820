/** The parts of a demo page that tests look at and act on. */
import { readFile } from 'node:fs/promises';
import { expect } from 'vitest';
import type { Locator, Page } from 'playwright';
import { bytesOf } from '../../support/file-bytes.ts';
import { pngOf } from '../../support/png.ts';

export const WAIT_MS = 20_000;

/** An entry of the conversation list. */
export const entry = (page: Page, name: string): Locator =>
  page
    .getByRole('navigation')
    .getByRole('link')
    .filter({ has: page.getByText(name, { exact: true }) });
export const open = (page: Page, name: string): Promise<void> => entry(page, name).click();
export const bubble = (page: Page, text: string | RegExp): Locator =>
  page.getByRole('log').locator('.message').filter({ hasText: text });
export const input = (page: Page): Locator => page.getByRole('textbox', { name: /^Message / });
export const connection = (page: Page, text: string): Locator => page.getByRole('status').filter({ hasText: text });
export const gone = (locator: Locator): Promise<void> => locator.waitFor({ state: 'hidden' });

export async function say(page: Page, text: string): Promise<void> {
  await input(page).fill(text);
  await input(page).press('Enter');
}

export interface PickedFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

export const pngFile = (name: string, width = 64, height = 48, more = 0): PickedFile => ({
  name,
  mimeType: 'image/png',
  buffer: pngOf(width, height, more),
});
export const dataFile = (name: string, size: number): PickedFile => ({
  name,
  mimeType: 'application/octet-stream',
  buffer: Buffer.from(bytesOf(size)),
});

export const pick = (page: Page, ...files: PickedFile[]): Promise<void> =>
  page.getByLabel('Files to send').setInputFiles(files);
/** The upload progress of the message with this file. */
export const meterOf = (page: Page, name: string): Locator =>
  page.getByRole('progressbar', { name: `Sending ${name}` });
export const tickOf = (page: Page, name: string, tick: string): Locator =>
  bubble(page, name).getByRole('img', { name: tick });

/** Waits until an image has loaded. */
export async function shown(image: Locator): Promise<void> {
  await image.waitFor();
  await expect
    .poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth), { timeout: WAIT_MS })
    .toBeGreaterThan(0);
}

/** Downloads a file with its button. */
export async function downloaded(page: Page, name: string, within: Locator | Page = page): Promise<Uint8Array> {
  const [download] = await Promise.all([
    page.waitForEvent('download', { timeout: WAIT_MS }),
    within.getByRole('button', { name: `Download ${name}` }).click(),
  ]);
  expect(download.suggestedFilename()).toBe(name);
  return readFile(await download.path());
}
