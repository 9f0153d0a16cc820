// Browsers on a profile of their own that are started at an address and killed. No driver is between, so nothing is closed
// properly, and a start takes as long as it does for a user.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromiumLaunch, findFirefox, findWebKit } from '../../scripts/find-browsers.mjs';

export type BrowserName = 'Chromium' | 'Firefox' | 'WebKit';

/** Which of them are installed. */
export const BROWSERS: readonly BrowserName[] = [
  'Chromium',
  ...(findFirefox() ? (['Firefox'] as const) : []),
  ...(findWebKit() ? (['WebKit'] as const) : []),
];

/** Keeps Firefox from opening pages of its own and from using the network by itself. */
const FIREFOX_PREFS = {
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  'browser.aboutwelcome.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'browser.sessionstore.resume_from_crash': false,
};

export class MortalBrowser {
  readonly #name: BrowserName;
  readonly #profile = mkdtempSync(join(tmpdir(), 'flooim-mortal-'));
  #display: { child: ChildProcess; number: string } | undefined;
  #child: ChildProcess | undefined;

  constructor(name: BrowserName) {
    this.#name = name;
  }

  async start(url: string): Promise<void> {
    const { file, args, env } = await this.#command(url);
    // A process group of its own, so that its helpers can be ended with it.
    this.#child = spawn(file, args, { detached: true, stdio: 'ignore', env: { ...process.env, ...env } });
    await once(this.#child, 'spawn');
  }

  /** Without a warning: no handler of the page runs, nothing is flushed. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    process.kill(-child.pid!, 'SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    this.#display?.child.kill();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #command(url: string): Promise<{ file: string; args: string[]; env?: Record<string, string> }> {
    const profile = this.#profile;
    if (this.#name === 'Chromium') {
      const { executablePath, args } = chromiumLaunch();
      return {
        file: executablePath,
        args: [...args, '--headless=new', '--no-first-run', `--user-data-dir=${profile}`, url],
      };
    }
    if (this.#name === 'Firefox') {
      const prefs = Object.entries(FIREFOX_PREFS).map(
        ([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`,
      );
      writeFileSync(join(profile, 'user.js'), prefs.join('\n'));
      return { file: findFirefox()!, args: ['--headless', '--no-remote', '--profile', profile, url] };
    }
    const { display, browser } = findWebKit()!;
    this.#display ??= await startDisplay(display);
    const at = (name: string): string => {
      mkdirSync(join(profile, name), { recursive: true });
      return join(profile, name);
    };
    return {
      file: browser,
      args: [url],
      env: {
        DISPLAY: `:${this.#display.number}`,
        HOME: at('home'),
        XDG_DATA_HOME: at('data'),
        XDG_CACHE_HOME: at('cache'),
        XDG_CONFIG_HOME: at('config'),
      },
    };
  }
}

async function startDisplay(path: string): Promise<{ child: ChildProcess; number: string }> {
  const child = spawn(path, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [number] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, number: number.toString().trim() };
}
