// The browsers of the tests as one interface. Each is steered over a port of the loopback.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import puppeteer from 'puppeteer-core';
import { Builder, Capabilities } from 'selenium-webdriver';
import { findFirefox, findWebKit } from '../../scripts/find-browsers.mjs';

const START_TIMEOUT_MS = 20_000;

export interface BrowserPage {
  /** The value of a JavaScript expression in the page, as JSON has it. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface Browser {
  /** Opens a new page; resolves when the page is loaded. */
  open(url: string): Promise<BrowserPage>;
  /** Ends the browser and everything that was started for it. */
  close(): Promise<void>;
}

/** Starts a Firefox, steered with WebDriver BiDi. */
export async function launchFirefox(): Promise<Browser> {
  const firefox = await puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox() ?? '/usr/bin/firefox-esr',
    headless: true,
    // Keeps Firefox from using the network by itself.
    extraPrefsFirefox: {
      'network.captive-portal-service.enabled': false,
      'network.connectivity-service.enabled': false,
    },
  });
  return {
    open: async (url) => {
      const page = await firefox.newPage();
      await page.goto(url);
      return { evaluate: async (expression) => page.evaluate(expression), close: async () => page.close() };
    },
    close: async () => firefox.close(),
  };
}

/** Starts a WebKitGTK, the engine of Safari, on a display of its own. */
export async function launchWebKit(): Promise<Browser> {
  const installed = findWebKit();
  if (!installed) throw new Error('WebKit is not installed: apt-get install -y webkit2gtk-driver xvfb');
  const { driver: driverPath, display: displayPath, browser: binary } = installed;
  const children: ChildProcess[] = [];
  const endAll = async (): Promise<void> => {
    // The driver first: it needs the display until its browser has ended.
    for (const child of children.reverse()) await end(child);
    process.off('exit', killAll);
  };
  const killAll = (): void => children.forEach((child) => child.kill());
  process.once('exit', killAll);
  try {
    const display = spawn(displayPath, ['-displayfd', '1', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    children.push(display);
    const [number] = (await once(display.stdout, 'data')) as [Buffer];
    const port = await freePort();
    children.push(
      spawn(driverPath, ['--host=127.0.0.1', `--port=${port}`], {
        env: { ...process.env, DISPLAY: `:${number.toString().trim()}` },
        stdio: 'ignore',
      }),
    );
    const address = `http://127.0.0.1:${port}`;
    await untilReady(address);
    const driver = await new Builder()
      .usingServer(address)
      .withCapabilities(
        new Capabilities({
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary, args: ['--automation'] },
        }),
      )
      .build();
    return {
      open: async (url) => {
        await driver.switchTo().newWindow('window');
        const handle = await driver.getWindowHandle();
        await driver.get(url);
        return {
          evaluate: async (expression) => {
            await driver.switchTo().window(handle);
            return driver.executeScript(`return ${expression}`);
          },
          close: async () => {
            await driver.switchTo().window(handle);
            await driver.close();
            await driver.switchTo().window((await driver.getAllWindowHandles())[0]!);
          },
        };
      },
      close: async () => {
        await driver.quit();
        await endAll();
      },
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when the driver answers. */
async function untilReady(address: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const isReady = await fetch(`${address}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    if (Date.now() > deadline) throw new Error('WebKitWebDriver did not start');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
