/** What the page was started with. */
export interface DemoConfig {
  dnsServer: string | undefined;
  serverRun: string | undefined;
  /** Go on as the user of the last time without asking. */
  autoLogin: boolean;
}

/** Set while this tab has a user of its own, so that a reload of `?login` does not ask again. */
const TAB_HAS_USER = 'flooim-demo.tab-has-user';

/** `?dns=URL` names another server. `?login` asks who logs in, where a new tab would go on as the last user. */
export function readConfig(): DemoConfig {
  const query = new URLSearchParams(location.search);
  const dns = query.get('dns');
  return {
    dnsServer: dns ?? import.meta.env.VITE_DNS_SERVER,
    // Another server than the one this page was started with: nothing is known of its runs.
    serverRun: dns ? undefined : import.meta.env.VITE_SERVER_RUN,
    autoLogin: !query.has('login') || sessionStorage.getItem(TAB_HAS_USER) !== null,
  };
}

export function rememberTabHasUser(has: boolean): void {
  if (has) sessionStorage.setItem(TAB_HAS_USER, '1');
  else sessionStorage.removeItem(TAB_HAS_USER);
}
