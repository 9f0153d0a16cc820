import type { RestParams } from './endpoints.ts';
import { toText } from './json-body.ts';

/** Query string of parameters with its `?`: keys sorted, absent values left out. `''` when there are none. */
export function toQuery(params: RestParams): string {
  const pairs = Object.keys(params)
    .sort()
    .filter((key) => params[key] !== undefined && params[key] !== null)
    .map((key) => `${encodeURIComponent(key)}=${encodeURIComponent(toText(params[key]))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Adds parameters to a URL that may have some. */
export function withQuery(url: string, params: RestParams): string {
  const query = toQuery(params);
  return url + (url.includes('?') ? query.replace('?', '&') : query);
}

/** The app's REST hosts according to DNS. */
interface OwnHosts {
  readonly answer: { readonly clusters: readonly { readonly ratel: readonly string[] }[] } | undefined;
  current(kind: 'ratel'): string | undefined;
}

/** Hosts of the vendor change their names; the REST host in use serves the files of all of them. */
const VENDOR_HOST = /^https?:\/\/([\w-]+\.)*maximtop(\.com)?\.cn(:\d+)?(?=[/?])/;

/** The URL with a vendor host replaced by the REST host in use. */
export const currentUrl = (url: string, hosts: OwnHosts | undefined): string =>
  url.replace(VENDOR_HOST, hosts?.current('ratel') ?? '$&');

/** Whether a URL is on one of the app's own REST hosts. Only these may be sent the user's token. */
export const isOwnUrl = (url: string, hosts: OwnHosts | undefined): boolean =>
  hosts?.answer?.clusters.some((cluster) =>
    cluster.ratel.some((host) => url.startsWith(host) && /^[/?]/.test(url.slice(host.length))),
  ) ?? false;
