import { DEFAULT_APP_ID } from 'flooim-devserver';
import { chromium } from 'playwright';
import type { Page } from 'playwright';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import { openWorld, startSite } from './janus-site.ts';
import type { JanusSite } from './janus-site.ts';
import type {} from './media-page.ts';

const FAKE_DEVICES = [
  '--use-fake-device-for-media-stream=device-count=3',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire',
];
const PASSWORD = 'secret12';

/** Janus, a dev server before it, and two pages in contexts of their own whose calls are only their media. */
export interface MediaWorld extends JanusSite {
  readonly alice: Page;
  readonly bob: Page;
  /** What the pages wrote to their consoles. */
  readonly console: readonly string[];
  close(): Promise<void>;
}

export const openMediaWorld = async (): Promise<MediaWorld> =>
  openWorld(async (cleanups) => {
    const site = await startSite(cleanups, 'media-page.ts');
    const { server, url } = site;
    const { args, ...launch } = chromiumLaunch();
    const browser = await chromium.launch({ ...launch, args: [...args, ...FAKE_DEVICES] });
    cleanups.push(() => browser.close());

    const console: string[] = [];
    const openPage = async (name: string): Promise<Page> => {
      server.data.app(DEFAULT_APP_ID).users.add(name, PASSWORD);
      const page = await (await browser.newContext()).newPage();
      page.on('console', (message) => console.push(message.text()));
      page.on('pageerror', (error) => console.push(`uncaught ${error.stack}`));
      await page.goto(url);
      await page.evaluate(
        async ([dnsServer, user, password]) => {
          await window.page.login(dnsServer!, user!, password!);
        },
        [server.dnsUrl, name, PASSWORD],
      );
      return page;
    };
    const [alice, bob] = await Promise.all([openPage('alice'), openPage('bob')]);
    return { ...site, alice, bob, console };
  });
