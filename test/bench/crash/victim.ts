// The browser that is killed, on one profile.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright';
import type { BrowserContext, Page } from 'playwright';
import { chromiumLaunch } from '../../../scripts/find-browsers.mjs';
import type { Site } from '../data/site.ts';
import type { PageTask, Report } from './page.ts';

export type Kill = 'renderer' | 'browser';

/** The time after which a page without a crash report is closed with its browser. */
const UNREPORTED_CRASH_MS = 3000;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export class Victim {
  readonly #profile = mkdtempSync(join(tmpdir(), 'flooim-crash-'));
  readonly #site: Site;
  readonly #onReport: (report: Report) => void;
  #context: BrowserContext | undefined;
  #page: Page | undefined;

  constructor(site: Site, onReport: (report: Report) => void) {
    this.#site = site;
    this.#onReport = onReport;
  }

  get page(): Page {
    return this.#page!;
  }

  /** Opens the page, in a new browser when there is none. */
  async open(task: PageTask): Promise<void> {
    const context = (this.#context ??= await this.#launch());
    this.#page = await context.newPage();
    await this.#page.goto(`${this.#site.url}#${encodeURIComponent(JSON.stringify(task))}`);
  }

  /** Without a warning: no handler of the page runs, nothing is flushed. */
  async kill(what: Kill): Promise<void> {
    const [context, page] = [this.#context!, this.page];
    const session = await context.browser()!.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    await session.detach();
    if (what === 'renderer') {
      const crashed = new Promise<'crashed'>((resolve) => page.once('crash', () => resolve('crashed')));
      for (const { type, id } of processInfo) if (type === 'renderer') end(id);
      // Playwright misses the crash of a page that was on its way to another process, and may wait for ever to close it.
      if (await Promise.race([crashed, sleep(UNREPORTED_CRASH_MS)])) await page.close();
      else await this.kill('browser');
    } else {
      const closed = new Promise<void>((resolve) => context.once('close', () => resolve()));
      this.#context = undefined;
      end(processInfo.find(({ type }) => type === 'browser')!.id);
      for (const { id } of processInfo) end(id);
      await closed;
    }
  }

  /** Closes it in the way of a user. */
  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #launch(): Promise<BrowserContext> {
    const context = await chromium.launchPersistentContext(this.#profile, chromiumLaunch());
    await context.exposeBinding('report', (_, report: Report) => this.#onReport(report));
    return context;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It went with another one.
  }
}
