import { FlooError } from '../errors.ts';
import type { Cluster, DnsAnswer } from './dns-answer.ts';

/** Hosts of this device itself: what is sent to them does not travel. */
const LOOPBACK = /^https?:\/\/(localhost|([\w-]+\.)+localhost|127(\.\d+){3}|\[::1\])(?=[:/]|$)/i;

const isClear = (url: string): boolean => /^http:/i.test(url);

/** The hosts, `protocol://host`, that get credentials without TLS over a network. */
export const clearHosts = ({ clusters }: DnsAnswer): string[] => {
  const hosts = new Set<string>();
  for (const { ratel, fireplace } of clusters) for (const host of [...ratel, ...fireplace]) hosts.add(host);
  return [...hosts].filter((host) => isClear(host) && !LOOPBACK.test(host));
};

/**
 * The answer with TLS hosts only, for a page that came over https: a credential must not leave it in clear text.
 *
 * @throws FlooError ServerInvalid when no cluster has both a REST host and a socket host with TLS
 */
export function withTlsOnly(answer: DnsAnswer): DnsAnswer {
  const secure = (hosts: string[]): string[] => hosts.filter((host) => !isClear(host));
  const clusters = answer.clusters
    .map(({ ratel, fireplace, rtc }): Cluster => ({ ratel: secure(ratel), fireplace: secure(fireplace), rtc }))
    .filter(({ ratel, fireplace }) => ratel.length > 0 && fireplace.length > 0);
  if (clusters.length === 0) {
    throw new FlooError('ServerInvalid', 'the page came over https, and DNS names only hosts without TLS', {
      details: { hosts: clearHosts(answer) },
    });
  }
  return { ...answer, clusters };
}
