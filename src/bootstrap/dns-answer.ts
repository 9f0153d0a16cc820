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

/** Real answers name a handful. Every host may be tried, so more of them would only be a burden to networks and users. */
const MAX_CLUSTERS = 8;
const MAX_HOSTS = 8;
/** Longest host with its port: a DNS name has at most 253 characters. */
const MAX_HOST_LENGTH = 260;

/** Longest text that is taken, and longest JSON of the facts about the owner: the answer is cached beside the login. */
const MAX_TEXT_LENGTH = 1000;
const MAX_FACTS_LENGTH = 10_000;

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => (typeof value === 'string' && value.length <= MAX_TEXT_LENGTH ? value : '');
const facts = (value: unknown): Json =>
  isObject(value) && !Array.isArray(value) && JSON.stringify(value).length <= MAX_FACTS_LENGTH ? value : {};
/**
 * A host, perhaps with a port and a path. A name and password, a query or a backslash would make another URL of what is
 * appended to it.
 */
const HOST = /^[^\s/?#@\\]+(\/[^\s?#@\\]*)?$/;
const isHost = (host: string): boolean => host.length <= MAX_HOST_LENGTH && HOST.test(host);
const isHostUrl = (url: string): boolean => /^https?:\/\//.test(url) && isHost(url.replace(/^https?:\/\//, ''));
const isUsable = ({ ratel, fireplace }: Cluster): boolean => ratel.length > 0 && fireplace.length > 0;
/** The first ones, each once. */
const firstOf = (hosts: string[]): string[] => [...new Set(hosts)].slice(0, MAX_HOSTS);
const domains = (value: unknown): string[] =>
  firstOf(
    objects(value)
      .map((entry) => text(entry['domain']))
      .filter(isHost),
  );

/** @throws FlooError ServerDNSFailed when no cluster of group level 0 names both a REST host and a socket host */
export function parseDnsAnswer(data: unknown): DnsAnswer {
  const answer = Object(data) as Json;
  const level = objects(answer['dns_list']).find((entry) => entry['group_level'] === 0);
  const raw = objects(level?.['clusters']);
  const clusters = raw.map(parseCluster).filter(isUsable).slice(0, MAX_CLUSTERS);
  if (clusters.length === 0) throw new FlooError('ServerDNSFailed', 'the answer names no usable cluster');
  const ips = objects(raw[0]?.['ratel'])[0]?.['ip_list'];
  return {
    clusters,
    appStatus: text(answer['app_status']),
    accountVerification: facts(answer['account_verification']),
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

const hostUrls = (entries: unknown): string[] =>
  firstOf(
    objects(entries)
      .map((entry) => ({ protocol: text(entry['protocol']), host: text(entry['host']) }))
      .filter(({ protocol, host }) => /^https?$/.test(protocol) && isHost(host))
      .map(({ protocol, host }) => `${protocol}://${host.replace(/\/+$/, '')}`),
  );

/** A cached answer; undefined when the value has another form. An earlier version cached all hosts. */
export function parseCachedAnswer(value: unknown): DnsAnswer | undefined {
  if (!isDnsAnswer(value)) return undefined;
  const clusters = value.clusters.slice(0, MAX_CLUSTERS).map(({ ratel, fireplace, rtc }): Cluster => ({
    ratel: firstOf(ratel.filter(isHostUrl)),
    fireplace: firstOf(fireplace.filter(isHostUrl)),
    rtc: firstOf(rtc.filter(isHostUrl)),
  }));
  if (!clusters.every(isUsable)) return undefined;
  const { dnsServers, linkServers } = value;
  return {
    ...value,
    clusters,
    dnsServers: firstOf(dnsServers.filter(isHost)),
    linkServers: firstOf(linkServers.filter(isHost)),
  };
}

function isDnsAnswer(value: unknown): value is DnsAnswer {
  const answer = Object(value) as { readonly [field in keyof DnsAnswer]?: unknown };
  const { clusters, appStatus, accountVerification, serverIp } = answer;
  return (
    Array.isArray(clusters) &&
    clusters.length > 0 &&
    clusters.every(isCluster) &&
    [answer.dnsServers, answer.linkServers].every(isTexts) &&
    [appStatus, serverIp].every((field) => typeof field === 'string') &&
    isObject(accountVerification)
  );
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isCluster = (value: unknown): boolean => {
  const { ratel, fireplace, rtc } = Object(value) as { readonly [kind in keyof Cluster]?: unknown };
  return isTexts(ratel) && ratel.length > 0 && isTexts(fireplace) && fireplace.length > 0 && isTexts(rtc);
};
