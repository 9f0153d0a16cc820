/** The demo page in the browsers that are not Chromium, where they are installed. */
import { createDevServer } from 'flooim-devserver';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveDemo } from '../../../demo/web/serve.ts';
import { findFirefox, findWebKit } from '../../../scripts/find-browsers.mjs';
import { launchFirefox, launchWebKit } from '../../support/browsers.ts';
import type { BrowserPage } from '../../support/browsers.ts';
import { WAIT_MS } from './page-parts.ts';

const ENGINES = [
  { name: 'WebKit', isInstalled: findWebKit() !== undefined, launch: launchWebKit },
  { name: 'Firefox', isInstalled: findFirefox() !== undefined, launch: launchFirefox },
];

const FIELD = `document.querySelector('.composer textarea')`;
const BUTTON = (text: string): string =>
  `[...document.querySelectorAll('button, nav a')].find((it) => it.textContent.includes(${JSON.stringify(text)}))`;

describe.each(ENGINES)('in $name', ({ isInstalled, launch }) => {
  test.skipIf(!isInstalled)(
    'J5: the message box of the demo grows with its text and shrinks again',
    { timeout: 90_000 },
    async () => {
      const server = await createDevServer({ seed: 'demo' });
      onTestFinished(() => server.close());
      const demo = await serveDemo({ dnsServer: server.dnsUrl, serverRun: 'test', port: 0, watch: false });
      onTestFinished(() => demo.close());
      const browser = await launch();
      onTestFinished(() => browser.close());
      const page = await browser.open(demo.url);
      await click(page, 'alice');
      await click(page, 'Demo group');
      const height = async (): Promise<number> => Number(await page.evaluate(`${FIELD}?.offsetHeight ?? 0`));
      await expect.poll(height, { timeout: WAIT_MS }).toBeGreaterThan(0);
      const one = await height();
      const type = async (text: string): Promise<unknown> =>
        page.evaluate(
          `(${FIELD}.value = ${JSON.stringify(text)}, ${FIELD}.dispatchEvent(new Event('input', { bubbles: true })))`,
        );
      await type('a\nb\nc\nd');
      await expect.poll(height, { timeout: WAIT_MS }).toBeGreaterThan(one * 1.5);
      await type('a\n'.repeat(60));
      expect(await height()).toBeLessThan(200);
      await type('');
      await expect.poll(height, { timeout: WAIT_MS }).toBe(one);
    },
  );
});

async function click(page: BrowserPage, text: string): Promise<void> {
  const there = async (): Promise<unknown> => page.evaluate(`${BUTTON(text)} !== undefined`);
  await expect.poll(there, { timeout: WAIT_MS }).toBe(true);
  await page.evaluate(`${BUTTON(text)}.click()`);
}
