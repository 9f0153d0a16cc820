// Places in browsers: pages, and workers of pages. Chromium, unless another browser is named.
import type { Browser } from '../support/browsers.ts';
import { launchChromium } from '../support/chromium.ts';
import type { Place } from './run.ts';
import { asScript, readText, serveSite } from './site.ts';

const WATCH = asScript('watch.ts');
const AGENT = asScript('agent.ts') + asScript('page.ts');
const dist = (file: string): string => readText(`../../dist/${file}`);
const script = (path: string): string => `<script src="${path}"></script>`;

/** Under `require-trusted-types-for`, script URLs need a policy. */
const TRUST = "trustedTypes.createPolicy('default', { createScriptURL: function (url) { return url; } });\n";

/** A module script, under the strictest rules. */
export const modulePage = async (launch?: () => Promise<Browser>): Promise<Place> =>
  openPlace(
    {
      '/index.html': script('/watch.js') + '<script type="module" src="/main.js"></script>',
      '/main.js': `import * as sdk from '/browser.js';\n${AGENT}\nserveAgent(sdk);`,
      '/browser.js': dist('browser.js'),
    },
    launch,
  );

/** A script tag. */
export const scriptPage = async (): Promise<Place> =>
  openPlace({
    '/index.html': script('/watch.js') + script('/flooim.umd.js') + script('/main.js'),
    '/main.js': `${AGENT}\nserveAgent(flooIM);`,
    '/flooim.umd.js': dist('flooim.umd.js'),
  });

/** A script tag in a browser without the features that came after 2012. */
export const legacyPage = async (): Promise<Place> =>
  openPlace({
    '/index.html': script('/watch.js') + script('/forget.js') + script('/flooim.legacy.js') + script('/main.js'),
    '/main.js': `${AGENT}\nserveAgent(flooIM);`,
    '/forget.js': asScript('forget.ts'),
    '/flooim.legacy.js': dist('flooim.legacy.js'),
  });

export const moduleWorker = async (): Promise<Place> =>
  openPlace({
    '/index.html': script('/watch.js') + script('/main.js'),
    '/main.js': `${TRUST}new Worker('/worker.js', { type: 'module' });`,
    '/worker.js': `import '/watch.js';\nimport * as sdk from '/browser.js';\n${AGENT}\nserveAgent(sdk);`,
    '/browser.js': dist('browser.js'),
  });

export const classicWorker = async (): Promise<Place> =>
  openPlace({
    '/index.html': script('/watch.js') + script('/main.js'),
    '/main.js': `${TRUST}new Worker('/worker.js');`,
    '/worker.js': `${TRUST}importScripts('/watch.js', '/flooim.umd.js');\n${AGENT}\nserveAgent(flooIM);`,
    '/flooim.umd.js': dist('flooim.umd.js'),
  });

/** @param files an `index.html` and its scripts */
export async function openPlace(
  files: Readonly<Record<string, string>>,
  launch: () => Promise<Browser> = launchChromium,
): Promise<Place> {
  const [site, browser] = await Promise.all([serveSite({ ...files, '/watch.js': WATCH }), launch()]);
  return {
    start: async () => {
      const channel = site.connect(async () => page.close());
      const page = await browser.open(`${site.url}/index.html`);
      return channel;
    },
    violations: site.violations,
    close: async () => {
      await browser.close();
      site.close();
    },
  };
}
