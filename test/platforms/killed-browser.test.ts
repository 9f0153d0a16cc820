/** What a browser that is killed early leaves behind, counted at the server. */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { until } from '../support/client-events.ts';
import { BROWSERS, MortalBrowser } from '../support/killed-browser.ts';
import type { BrowserName } from '../support/killed-browser.ts';
import type { MortalReport, MortalTask } from './mortal.ts';
import { asScript, readText } from './site.ts';

const PASSWORD = 'secret12';
const APP_ID = 'mortal';
const START_TIMEOUT_MS = 30_000;
/** After the first message of a first login. */
const KILL_AFTER_MS = 1000;
const AGENT = `import { createClient } from '/browser.js';
${asScript('mortal.ts')}
live(createClient, JSON.parse(decodeURIComponent(location.hash.slice(1))));`;
const FILES: Readonly<Record<string, string>> = {
  '/page.html': '<!doctype html><script type="module" src="/agent.js"></script>',
  '/agent.js': AGENT,
  '/worker.html': '<!doctype html><script type="module" src="/worker-page.js"></script>',
  // Ends its worker while it sends, and starts it again.
  '/worker-page.js': `
const start = (prefix) => {
  const task = { ...JSON.parse(decodeURIComponent(location.hash.slice(1))), prefix };
  return new Worker('/agent.js#' + encodeURIComponent(JSON.stringify(task)), { type: 'module' });
};
const first = start('first');
while ((await (await fetch('/mayLogOut')).text()) !== 'yes') await new Promise((resolve) => setTimeout(resolve, 50));
first.terminate();
start(undefined);`,
  '/browser.js': readText('../../dist/browser.js'),
};

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

class Scene {
  readonly reports: MortalReport[] = [];
  readonly promised = new Set<string>();
  /** Lets the page go on to its last step. */
  goOn = false;
  readonly #dev: DevServer;
  readonly #site: Server;
  readonly #browser: MortalBrowser;
  readonly #people: { alice: number; bob: number };

  static async open(name: BrowserName): Promise<Scene> {
    const dev = await createDevServer();
    const scene = new Scene(dev, name);
    cleanups.push(
      async () => dev.close(),
      () => {
        scene.#site.closeAllConnections();
        scene.#site.close();
      },
      async () => scene.#browser.remove(),
    );
    await new Promise<void>((resolve) => scene.#site.listen(0, '127.0.0.1', resolve));
    return scene;
  }

  private constructor(dev: DevServer, name: BrowserName) {
    this.#dev = dev;
    this.#browser = new MortalBrowser(name);
    const { users } = dev.data.app(APP_ID);
    this.#people = { alice: users.add('alice', PASSWORD).id, bob: users.add('bob', PASSWORD).id };
    // Answers are slow, so that a kill meets messages in every state.
    dev.admin.setDelay(30);
    this.#site = createServer((request, response) => {
      const path = request.url ?? '';
      if (path === '/mayLogOut') return void response.end(this.goOn ? 'yes' : 'no');
      if (path === '/report') {
        let body = '';
        request.setEncoding('utf8').on('data', (part: string) => (body += part));
        request.on('end', () => {
          this.#hear(JSON.parse(body) as MortalReport);
          response.end();
        });
        return;
      }
      const file = FILES[path];
      response.writeHead(file === undefined ? 404 : 200, {
        'content-type': path.endsWith('.html') ? 'text/html' : 'text/javascript',
      });
      response.end(file);
    });
  }

  #hear(report: MortalReport): void {
    this.reports.push(report);
    if (report.type === 'promised') this.promised.add(report.text);
  }

  /** Starts the browser at a page of the site. */
  async start(page: string, task: Partial<MortalTask>): Promise<void> {
    const { port } = this.#site.address() as AddressInfo;
    const whole: MortalTask = {
      ...{ appid: APP_ID, dnsServer: this.#dev.dnsUrl, name: 'alice', password: PASSWORD, peer: this.#people.bob },
      ...task,
    };
    this.reports.length = 0;
    await this.#browser.start(`http://127.0.0.1:${port}${page}#${encodeURIComponent(JSON.stringify(whole))}`);
  }

  /** Waits for a report, and returns it. */
  async next<T extends MortalReport['type']>(type: T): Promise<Extract<MortalReport, { type: T }>> {
    const found = (): MortalReport | undefined => this.reports.find((report) => report.type === type);
    await until(
      () => found() !== undefined,
      `a report: ${type}; came: ${JSON.stringify(this.reports.slice(-5))}`,
      START_TIMEOUT_MS,
    );
    return found() as Extract<MortalReport, { type: T }>;
  }

  async kill(afterMs: number): Promise<void> {
    await pause(afterMs);
    await this.#browser.kill();
  }

  /** How often the server has each text. */
  counts(): Map<string, number> {
    const app = this.#dev.data.app(APP_ID);
    const { messages } = app.messages.page(app.historyView(this.#people.alice, this.#people.bob), 0n, Infinity);
    const counts = new Map<string, number>();
    for (const { body } of messages) counts.set(body.content ?? '', (counts.get(body.content ?? '') ?? 0) + 1);
    return counts;
  }

  /** Waits until the server has everything that was promised, and a moment more. */
  async drained(): Promise<void> {
    await until(
      () => [...this.promised].every((text) => this.counts().has(text)),
      'every message to arrive',
      START_TIMEOUT_MS,
    );
    await pause(500);
  }

  doubled(): string[] {
    return [...this.counts()].filter(([, count]) => count > 1).map(([text]) => text);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test.each(BROWSERS)(
  'J1: %s, killed a second after the first message of a first login, has sent none twice when it is back',
  async (name) => {
    const scene = await Scene.open(name);
    await scene.start('/page.html', { prefix: 'first' });
    expect(await scene.next('ready')).toMatchObject({ isLogin: false });
    await scene.next('promised');
    await scene.kill(KILL_AFTER_MS);
    expect(scene.promised.size).toBeGreaterThan(20);
    await scene.start('/page.html', {});
    expect(await scene.next('ready')).toMatchObject({ isLogin: true });
    await scene.drained();
    expect(scene.doubled()).toEqual([]);
  },
  90_000,
);

test.each(BROWSERS)(
  'J3: %s, killed half a second after a logout, is logged out when it is back',
  async (name) => {
    const scene = await Scene.open(name);
    await scene.start('/page.html', { prefix: 'first' });
    await scene.next('promised');
    await scene.kill(KILL_AFTER_MS);
    await scene.start('/page.html', { logout: true });
    expect(await scene.next('ready')).toMatchObject({ isLogin: true });
    // Long enough for a browser that writes its localStorage now and then.
    await pause(2000);
    scene.goOn = true;
    await scene.next('logged out');
    await scene.kill(500);
    await scene.start('/page.html', {});
    expect(await scene.next('ready')).toMatchObject({ isLogin: false });
  },
  90_000,
);

test('J2: a worker that is ended while it sends has sent no message twice, and keeps its session', async () => {
  const scene = await Scene.open('Chromium');
  await scene.start('/worker.html', {});
  await scene.next('promised');
  await pause(KILL_AFTER_MS);
  expect(scene.promised.size).toBeGreaterThan(20);
  scene.reports.length = 0;
  scene.goOn = true;
  expect(await scene.next('ready')).toMatchObject({ isLogin: true });
  await scene.drained();
  expect(scene.doubled()).toEqual([]);
}, 90_000);
