import { FlooError, restError, unanswered } from '../errors.ts';
import type { Clock, HttpClient } from '../platform/ports.ts';
import { parseLosslessJson } from '../util/lossless-json.ts';
import { isPage, isRedirected } from '../util/portal.ts';
import { Timers } from '../util/timers.ts';
import type { DnsAnswer } from './dns-answer.ts';
import { parseDnsAnswer } from './dns-answer.ts';

const DEFAULT_SERVERS = ['https://dns.lanyingim.com', 'https://dns.maximtop.com'];
const FALLBACK_SERVER = 'https://39.107.255.12';
const DNS_PATH = '/v2/app_dns';
const HEALTH_PATH = '/api/health';
/** Pause before the next server is asked while the earlier ones have not answered. */
const HEALTH_GAP_MS = 1000;
const HEALTH_TIMEOUT_MS = 10_000;

/** A DNS URL of the app's own; a URL of the vendor's domains means the built-in list. */
const ownServer = (dnsServer: string | undefined): string | undefined =>
  dnsServer && !/dns\.(lanyingim|maximtop)\.com/.test(dnsServer) ? dnsServer : undefined;

/** Names the DNS server of a configuration as the owner of what came from its hosts: its origin, or `default`. */
export const dnsOwner = (dnsServer: string | undefined): string => {
  const own = ownServer(dnsServer);
  return own === undefined ? 'default' : (/^[^:/?#]+:\/\/[^/?#]*/.exec(own)?.[0] ?? own).toLowerCase();
};

interface DnsDeps {
  http: HttpClient;
  clock: Clock;
  timeoutMs: number;
  /** Something else answered in the place of a DNS server. */
  onStrange(url: string): void;
}

export interface DnsQuery {
  appId: string;
  /** The app's own DNS URL. A URL of the vendor's own DNS means the built-in list. */
  dnsServer: string | undefined;
  /** Domains of the last answer; they replace the built-in ones. */
  knownServers: readonly string[];
}

/**
 * Asks DNS for the app's servers. The request carries no credential.
 *
 * @throws FlooError ServerDNSFailed, ServerNotReachable, ServerTimeOut, ServerResponseInvalid, or the server's own code
 */
export async function askDns(deps: DnsDeps, query: DnsQuery): Promise<DnsAnswer> {
  const url = ownServer(query.dnsServer) ?? (await firstHealthy(deps, candidates(query.knownServers))) + DNS_PATH;
  const separator = url.includes('?') ? '&' : '?';
  const full = `${url}${separator}app_id=${encodeURIComponent(query.appId)}&source=sdk`;
  const response = await getUrl(deps, full, deps.timeoutMs);
  let answer: { code?: unknown; message?: unknown; data?: unknown } | null;
  try {
    answer = parseLosslessJson(response.body) as typeof answer;
  } catch {
    if (isPage(response)) deps.onStrange(full);
    throw new FlooError('ServerResponseInvalid', `DNS answered HTTP ${response.status} without JSON`, { url: full });
  }
  if (answer?.code !== 200) throw restError(Number(answer?.code ?? 0), answer?.message ?? 'DNS refused', full);
  return parseDnsAnswer(answer.data);
}

function candidates(known: readonly string[]): string[] {
  const servers = known.length > 0 ? known.map((domain) => `https://${domain}`) : DEFAULT_SERVERS;
  return [...new Set([...servers, FALLBACK_SERVER])];
}

async function getUrl(deps: DnsDeps, url: string, timeoutMs: number): ReturnType<HttpClient> {
  try {
    return await deps.http({ method: 'GET', url, headers: {}, timeoutMs });
  } catch (failure) {
    if (isRedirected(failure)) deps.onStrange(url);
    throw unanswered(failure, url);
  }
}

/** The server that answers its health check first. The next one is asked after a second, or as soon as one fails. */
async function firstHealthy(deps: DnsDeps, servers: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const timers = new Timers<'next'>(deps.clock);
    let asked = 0;
    let failed = 0;
    const askNext = (): void => {
      timers.clear('next');
      const server = servers[asked++];
      if (!server) return;
      if (asked < servers.length) timers.set('next', HEALTH_GAP_MS, askNext);
      getUrl(deps, server + HEALTH_PATH, HEALTH_TIMEOUT_MS)
        .then(({ status }) => {
          if (status !== 200) throw new FlooError('ServerNotReachable', `health check answered HTTP ${status}`);
          timers.clear('next');
          asked = servers.length;
          resolve(server);
        })
        .catch((error: unknown) => {
          if (++failed === servers.length) reject(FlooError.from(error, 'ServerDNSFailed'));
          else askNext();
        });
    };
    askNext();
  });
}
