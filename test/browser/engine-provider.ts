import { playwright } from '@vitest/browser-playwright';
import type { BrowserProvider, BrowserProviderOption } from 'vitest/node';
import type { Browser, BrowserPage } from '../support/browsers.ts';

/**
 * Runs browser tests in a browser that playwright does not bring: only its pages are steered from outside, so tests can
 * neither use the provider's commands nor its locators.
 */
export function engineProvider(launch: () => Promise<Browser>): BrowserProviderOption {
  return {
    // For its server, which is the same for every provider.
    ...playwright(),
    name: 'engine',
    options: {},
    providerFactory: () => new EngineProvider(launch),
  };
}

class EngineProvider implements BrowserProvider {
  readonly name = 'engine';
  readonly supportsParallelism = false;
  private readonly launch: () => Promise<Browser>;
  private browser: Promise<Browser> | undefined;
  private readonly pages = new Map<string, BrowserPage>();

  constructor(launch: () => Promise<Browser>) {
    this.launch = launch;
  }

  getCommandsContext(): Record<string, unknown> {
    return {};
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    this.browser ??= this.launch();
    const browser = await this.browser;
    await this.pages.get(sessionId)?.close();
    this.pages.set(sessionId, await browser.open(url));
  }

  async close(): Promise<void> {
    await (await this.browser)?.close();
  }
}
