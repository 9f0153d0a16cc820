/** The headers of a request, with lower-case names. */
export type Headers = Readonly<Record<string, string | string[] | undefined>>;

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/;

/** Whether a request was addressed to this machine by a name of its own. A page that rebinds its domain keeps its own name. */
const isForLoopback = ({ host }: Headers): boolean => LOOPBACK.test(String(host ?? ''));

/**
 * Whether a web page of another origin sent the request. Tools send no `Origin`; a browser sends it with every request that a
 * page may read or that changes something, and `Sec-Fetch-Site` with the others.
 */
export function isFromOtherOrigin(headers: Headers): boolean {
  const { origin, host } = headers;
  const site = headers['sec-fetch-site'];
  if (!isForLoopback(headers)) return true;
  return (origin !== undefined && origin !== `http://${String(host)}`) || site === 'cross-site' || site === 'same-site';
}

/** Whether a web page of another machine sent the request: one that no developer serves here. */
export function isFromOtherMachine(headers: Headers): boolean {
  const { origin } = headers;
  if (!isForLoopback(headers)) return true;
  return origin !== undefined && !LOOPBACK.test(String(origin).replace(/^https?:\/\//, ''));
}
