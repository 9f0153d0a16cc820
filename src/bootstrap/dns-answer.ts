import { FlooError } from '../errors.ts';

/** One set of hosts that belong together, as `protocol://host`. */
export interface Cluster {
  /** REST hosts. */
  ratel: string[];
  /** Socket hosts. */
  fireplace: string[];
  /** Call servers; empty where calls are not offered. */
  rtc: string[];
}

/** The fields of a DNS answer that the SDK uses. Plain JSON: it is cached in this form. */
export interface DnsAnswer {
  clusters: Cluster[];
  /** `normal`, `banned`, `frozen`, `revoked` or empty. */
  appStatus: string;
  accountVerification: Record<string, unknown>;
  /** Domains of the DNS servers to ask next time. */
  dnsServers: string[];
  linkServers: string[];
  /** First address of the first REST host, for display. */
  serverIp: string;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/**
 * A host, perhaps with a port and a path. A name and password, a query or a backslash would make another URL of what is
 * appended to it.
 */
const HOST = /^[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/;
const domains = (value: unknown): string[] =>
  objects(value)
    .map((entry) => text(entry['domain']))
    .filter((domain) => HOST.test(domain));

/** @throws FlooError ServerDNSFailed when no cluster of group level 0 names both a REST host and a socket host */
export function parseDnsAnswer(data: unknown): DnsAnswer {
  const answer = Object(data) as Json;
  const level = objects(answer['dns_list']).find((entry) => entry['group_level'] === 0);
  const raw = objects(level?.['clusters']);
  const clusters = raw.map(parseCluster).filter((cluster) => cluster.ratel.length > 0 && cluster.fireplace.length > 0);
  if (clusters.length === 0) throw new FlooError('ServerDNSFailed', 'the answer names no usable cluster');
  const ips = objects(raw[0]?.['ratel'])[0]?.['ip_list'];
  return {
    clusters,
    appStatus: text(answer['app_status']),
    accountVerification: isObject(answer['account_verification']) ? answer['account_verification'] : {},
    dnsServers: domains(answer['dns_server_list']),
    linkServers: domains(answer['link_server_list']),
    serverIp: Array.isArray(ips) ? text(ips[0]) : '',
  };
}

function parseCluster(cluster: Json): Cluster {
  // Version 1 of the answer calls the socket hosts `ws`.
  const fireplace = hostUrls(cluster['webim']);
  return {
    ratel: hostUrls(cluster['ratel']),
    fireplace: fireplace.length > 0 ? fireplace : hostUrls(cluster['ws']),
    rtc: hostUrls(cluster['rtc']),
  };
}

function hostUrls(entries: unknown): string[] {
  return objects(entries)
    .map((entry) => ({ protocol: text(entry['protocol']), host: text(entry['host']) }))
    .filter(({ protocol, host }) => /^https?$/.test(protocol) && HOST.test(host))
    .map(({ protocol, host }) => `${protocol}://${host.replace(/\/+$/, '')}`);
}
