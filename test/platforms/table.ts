// Every platform that the SDK is built for, and where a session of its built entry runs.
import { findFirefox, findWebKit } from '../../scripts/find-browsers.mjs';
import { launchFirefox, launchWebKit } from '../support/browsers.ts';
import { classicWorker, legacyPage, modulePage, moduleWorker, scriptPage } from './in-browser.ts';
import { uniapp, wechat } from './in-mini-program.ts';
import { nodeCommonJs, nodeModule } from './in-node.ts';
import type { Place } from './run.ts';
import { runSession } from './session.ts';
import type { Keeping, Outcome } from './session.ts';

export interface PlatformRow {
  name: string;
  /** In dist/. */
  entry: string;
  keeps: Keeping;
  /** Absent: it is there wherever the tests run. */
  isInstalled?: () => boolean;
  open(): Promise<Place> | Place;
}

export const PLATFORMS: readonly PlatformRow[] = [
  { name: 'page', entry: 'browser.js', keeps: 'all', open: async () => modulePage() },
  {
    name: 'page, Firefox',
    entry: 'browser.js',
    keeps: 'all',
    isInstalled: () => findFirefox() !== undefined,
    open: async () => modulePage(launchFirefox),
  },
  {
    name: 'page, WebKit',
    entry: 'browser.js',
    keeps: 'all',
    isInstalled: () => findWebKit() !== undefined,
    open: async () => modulePage(launchWebKit),
  },
  { name: 'script tag', entry: 'flooim.umd.js', keeps: 'all', open: scriptPage },
  // It keeps messages in memory only.
  { name: 'old browser', entry: 'flooim.legacy.js', keeps: 'login', open: legacyPage },
  { name: 'module worker', entry: 'browser.js', keeps: 'all', open: moduleWorker },
  { name: 'classic worker', entry: 'flooim.umd.js', keeps: 'all', open: classicWorker },
  { name: 'Node, import', entry: 'node.js', keeps: 'all', open: nodeModule },
  { name: 'Node, require', entry: 'node.cjs', keeps: 'all', open: nodeCommonJs },
  { name: 'WeChat', entry: 'wechat.cjs', keeps: 'all', open: wechat },
  { name: 'uni-app', entry: 'uniapp.cjs', keeps: 'all', open: uniapp },
];

export async function tryPlatform({ open, keeps }: PlatformRow): Promise<Outcome> {
  const place = await open();
  try {
    return await runSession(place, keeps);
  } finally {
    await place.close();
  }
}
