import { toWellFormed } from '../util/well-formed.ts';
import type { RestParams } from './endpoints.ts';
import { toText } from './json-body.ts';

/** Query string of parameters with its `?`: keys sorted, absent values left out. `''` when there are none. */
export function toQuery(params: RestParams): string {
  const pairs = Object.keys(params)
    .sort()
    .filter((key) => params[key] !== undefined && params[key] !== null)
    .map((key) => `${escaped(key)}=${escaped(toText(params[key]))}`);
  return pairs.length > 0 ? `?${pairs.join('&')}` : '';
}

/** Text as a part of a URL. Half of a surrogate pair has no such form: it is written as U+FFFD. */
export const escaped = (text: string): string => encodeURIComponent(toWellFormed(text));

/** Adds parameters to a URL that may have some. */
export function withQuery(url: string, params: RestParams): string {
  const query = toQuery(params);
  return url + (url.includes('?') ? query.replace('?', '&') : query);
}

/** Sets parameters of a URL. They take the place of those with the same names; null removes one, undefined leaves it. */
export function setQuery(url: string, params: RestParams): string {
  const isSet = (pair: string): boolean => params[pair.split('=')[0]!] !== undefined;
  const [, path = '', query = '', hash = ''] = /^([^?#]*)\??([^#]*)([^]*)$/.exec(url) ?? [];
  const pairs = query.split('&').filter(Boolean);
  const kept = pairs.filter((pair) => !isSet(pair));
  const added = toQuery(params);
  if (!added && kept.length === pairs.length) return url;
  return withQuery(kept.length > 0 ? `${path}?${kept.join('&')}` : path, params) + hash;
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
