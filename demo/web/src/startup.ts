import type { FlooClient } from 'flooim';

/** The configuration of the page. */
export interface DemoConfig {
  dnsServer: string | undefined;
  serverRun: string | undefined;
  /** Log in as the last user without asking. */
  autoLogin: boolean;
}

/** Set while this tab has its own user, so that a reload with `?login` does not ask again. */
const TAB_HAS_USER = 'flooim-demo.tab-has-user';

/**
 * Reads the address: `?dns=URL` names another server; `?login` shows the login page instead of resuming the last user.
 */
export function readConfig(): DemoConfig {
  const query = new URLSearchParams(location.search);
  const dns = query.get('dns');
  return {
    dnsServer: dns ?? import.meta.env.VITE_DNS_SERVER,
    // Nothing is known about the runs of another server.
    serverRun: dns ? undefined : import.meta.env.VITE_SERVER_RUN,
    autoLogin: !query.has('login') || sessionStorage.getItem(TAB_HAS_USER) !== null,
  };
}

export function rememberTabHasUser(has: boolean): void {
  if (has) sessionStorage.setItem(TAB_HAS_USER, '1');
  else sessionStorage.removeItem(TAB_HAS_USER);
}

const RUN = 'flooim-demo.server-run';

/**
 * Deletes what the browser stored for an earlier run of the dev server. The dev server starts empty and gives the same
 * ids to other users, so the old data is wrong. An app with a real server does not need this.
 */
export async function forgetEarlierServer(run: string | undefined): Promise<void> {
  if (run === undefined) return;
  if (localStorage.getItem(RUN) !== run) {
    localStorage.clear();
    localStorage.setItem(RUN, run);
    const databases = await indexedDB.databases();
    await Promise.all(databases.map(async ({ name }) => name?.startsWith('flooim.') && deleteDatabase(name)));
  }
  // Each tab has its own session storage.
  if (sessionStorage.getItem(RUN) !== run) {
    sessionStorage.clear();
    sessionStorage.setItem(RUN, run);
  }
}

async function deleteDatabase(name: string): Promise<void> {
  return new Promise((resolve) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}

const POLL_MS = 10;
const GIVE_UP_MS = 10_000;

/**
 * Waits until the stored data of the last user can be read, which is long before `loginSuccess` and needs no network.
 * Resolves with false if there is no last user. No event reports this moment; `isLogin()` is true from then on.
 */
export async function untilReadable(im: FlooClient): Promise<boolean> {
  const end = Date.now() + GIVE_UP_MS;
  while (im.userManage.getUid() !== undefined && Date.now() < end) {
    if (im.isLogin()) return true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}
