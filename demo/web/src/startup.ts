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

/** The server that this tab was allowed to use, though an address named it. */
const ACCEPTED_SERVER = 'flooim-demo.accepted-server';

/**
 * Whether the user must be asked before the page talks to its server: the address names another one than the page has, or than
 * the user is logged in to. Anybody can send such an address.
 */
export function mustAskForServer(dnsServer: string): boolean {
  if (dnsServer === import.meta.env.VITE_DNS_SERVER || dnsServer === sessionStorage.getItem(ACCEPTED_SERVER))
    return false;
  const hasStoredData = [localStorage, sessionStorage].some((storage) =>
    Object.keys(storage).some((key) => key.startsWith('flooim.')),
  );
  return import.meta.env.VITE_DNS_SERVER !== undefined || hasStoredData;
}

export function acceptServer(dnsServer: string): void {
  sessionStorage.setItem(ACCEPTED_SERVER, dnsServer);
}

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

const GIVE_UP_MS = 10_000;

/**
 * Waits until the stored data of the last user can be read, which is long before `loginSuccess` and needs no network. Resolves
 * with false if there is no last user.
 */
export async function untilReadable(im: FlooClient): Promise<boolean> {
  if (im.userManage.getUid() === undefined) return false;
  return new Promise((resolve) => {
    const end = (isReadable: boolean): void => {
      clearTimeout(timer);
      stop();
      resolve(isReadable);
    };
    const timer = setTimeout(() => end(false), GIVE_UP_MS);
    // The first one says that the stored list is there.
    const stop = im.on('recentlistUpdate', () => end(true));
  });
}
