import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { chromium } from 'playwright';
import type { Browser, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDevServer } from 'flooim-devserver';
import type { DevServer } from 'flooim-devserver';
import { chromiumLaunch } from '../../scripts/find-browsers.mjs';
import type { createClient, flooim } from '../../src/entries/browser.ts';
import { installPacked } from './packed.ts';
import type { PackedProject } from './packed.ts';
import { printedPolicy } from './printed-policy.ts';

declare global {
  interface Window {
    flooIM: typeof flooim & { createClient: typeof createClient; default: typeof flooim; flooim: typeof flooim };
    flooim: typeof flooim;
    violations: string[];
  }
}

/** The DNS server of clients that never get anywhere. */
const NOWHERE = 'http://127.0.0.1:2';

/** Violations of the policy are collected. */
const FILES: Record<string, string> = {
  '/page.js':
    'window.violations = []; addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));',
};

let project: PackedProject;
let devServer: DevServer;
let site: Server;
let browser: Browser;
let page: Page;

beforeAll(async () => {
  [project, devServer] = await Promise.all([installPacked(), createDevServer()]);
  FILES['/flooim.umd.js'] = readFileSync(project.file('dist/flooim.umd.js'), 'utf8');
  site = createServer((request, response) => {
    const script = FILES[request.url ?? ''];
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.setHeader('content-security-policy', printedPolicy(devServer, NOWHERE));
    response.end(script ?? '<!doctype html><script src="/page.js"></script><script src="/flooim.umd.js"></script>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch(chromiumLaunch());
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
}, 90_000);
afterAll(async () => {
  await browser.close();
  site.closeAllConnections();
  site.close();
  await devServer.close();
  project.remove();
});

test('a script tag gives window.flooIM and window.flooim; every form of the call returns one object', async () => {
  const found = await page.evaluate(() => {
    const config = { appid: 'smoke', dnsServer: 'http://127.0.0.1:2', autoLogin: false, logLevel: 'off' } as const;
    const im = new window.flooIM(config);
    return {
      same: [window.flooIM(config), window.flooim(config), window.flooIM.default(config)].map((other) => other === im),
      own: window.flooIM.createClient(config) === im,
      api: typeof im.sysManage.sendRosterMessage,
    };
  });
  expect(found).toEqual({ same: [true, true, true], own: false, api: 'function' });
});

test('a login from the script tag works under a policy that forbids code from text', async () => {
  devServer.data.app('welovemaxim').users.add('script', 'secret12');
  const found = await page.evaluate(async (dnsServer) => {
    const client = window.flooIM.createClient({ dnsServer, logLevel: 'off' });
    await client.login({ name: 'script', password: 'secret12' });
    const loggedIn = client.isLogin();
    await client.dispose();
    return { loggedIn, violations: window.violations };
  }, devServer.dnsUrl);
  expect(found).toEqual({ loggedIn: true, violations: [] });
});
