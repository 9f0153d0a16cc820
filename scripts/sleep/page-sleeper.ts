// A client in a page of a real Chromium, which is frozen, taken off the network, left and shown again.
import { serveSite } from '../../test/bench/data/site.ts';
import { launchChromium } from '../../test/support/chromium.ts';
import type { Login, Sleeper } from './place.ts';

export interface PageSleeper extends Sleeper {
  freeze(frozen: boolean): Promise<void>;
  offline(offline: boolean): Promise<void>;
  /** Goes to another page. */
  leave(): Promise<void>;
  /** Comes back from it. @returns whether the page was in the back-forward cache */
  comeBack(): Promise<boolean>;
  /** Loads the page again, as for a tab that was discarded. */
  reload(): Promise<void>;
  /** Another tab is in front. */
  hide(): Promise<void>;
  show(): Promise<void>;
}

const PAUSE_MS = 5;

export async function openPageSleeper(): Promise<PageSleeper> {
  const site = await serveSite('../../../scripts/sleep/page.ts');
  const chromium = await launchChromium();
  const tab = await chromium.open(site.url);
  let login: Login;
  let bornAt: unknown;
  const pause = async (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  const isAt = async (url: string): Promise<boolean> =>
    tab.evaluate(`document.readyState === 'complete' && location.href`).then(
      (at) => at === url,
      () => false,
    );
  const logIn = async (): Promise<void> => {
    await tab.evaluate(`sleeper.logIn(${JSON.stringify(login)})`);
    bornAt = await tab.evaluate('bornAt');
  };
  const other = `${site.url}other`;
  return {
    logIn: async (given) => {
      login = given;
      await logIn();
    },
    synced: async (content) => {
      await tab.evaluate(`sleeper.synced(${JSON.stringify(content)})`);
    },
    freeze: async (frozen) => {
      await tab.send('Page.setWebLifecycleState', { state: frozen ? 'frozen' : 'active' });
    },
    offline: async (offline) => {
      await tab.send('Network.enable');
      const none = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
      await tab.send('Network.emulateNetworkConditions', { offline, ...none });
    },
    leave: async () => {
      await tab.evaluate(`void setTimeout(() => location.assign(${JSON.stringify(other)}))`);
      while (!(await isAt(other))) await pause();
    },
    comeBack: async () => {
      await tab.evaluate(`void setTimeout(() => history.back())`);
      while (!(await isAt(site.url))) await pause();
      const isSame = (await tab.evaluate('bornAt')) === bornAt;
      if (!isSame) await logIn();
      return isSame;
    },
    reload: async () => {
      await tab.send('Page.reload');
      await pause();
      while (!(await isAt(site.url)) || (await tab.evaluate('bornAt')) === bornAt) await pause();
      await logIn();
    },
    hide: async () => {
      await chromium.open('about:blank');
    },
    show: async () => {
      await tab.send('Page.bringToFront');
    },
    close: async () => {
      await chromium.close();
      site.close();
    },
  };
}
