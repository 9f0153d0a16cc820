/** What DNS said of the app's servers, as much as files need of it. */
export interface OwnHosts {
  readonly answer: { readonly clusters: readonly { readonly ratel: readonly string[] }[] } | undefined;
  current(kind: 'ratel'): string | undefined;
}

/** The vendor's own hosts move: what they had, the REST host in use has. */
const VENDOR_HOST = /^https?:\/\/([\w-]+\.)*maximtop(\.com)?\.cn(:\d+)?(?=[/?])/;

/** Where a URL leads now. */
export const currentUrl = (url: string, hosts: OwnHosts | undefined): string =>
  url.replace(VENDOR_HOST, hosts?.current('ratel') ?? '$&');

/** Whether this is a URL of the app's own REST hosts: they may learn the user's token, and nobody else. */
export const isOwnUrl = (url: string, hosts: OwnHosts | undefined): boolean =>
  hosts?.answer?.clusters.some((cluster) =>
    cluster.ratel.some((host) => url.startsWith(host) && /^[/?]/.test(url.slice(host.length))),
  ) ?? false;
