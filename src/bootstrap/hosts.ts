import type { WriteStep } from '../chronicle/chronicle.ts';
import { FlooError } from '../errors.ts';
import type { Clock, HttpClient, HttpFailure, Preferences } from '../platform/ports.ts';
import { hostOf } from '../util/portal.ts';
import { Timers } from '../util/timers.ts';
import { clearHosts, withTlsOnly } from './cleartext.ts';
import { askDns } from './dns.ts';
import { parseCachedAnswer } from './dns-answer.ts';
import type { Cluster, DnsAnswer } from './dns-answer.ts';

/** A list of a cluster: REST hosts (`ratel`) or socket hosts (`fireplace`). */
export type HostKind = 'ratel' | 'fireplace';

interface HostsDeps {
  /** Asks DNS. @param knownServers - domains of DNS servers that the last answer named */
  ask(knownServers: readonly string[]): Promise<DnsAnswer>;
  http: HttpClient;
  clock: Clock;
  preferences: Preferences;
  /** Key of the cached answer. */
  cacheKey: string;
  /** Only hosts with TLS may be used. */
  requiresTls?: boolean;
  /** A host is about to get credentials in clear text, over a network. Called once for each host. @param host - `protocol://host` */
  onClearHost?(host: string): void;
  write: WriteStep;
}

const RACE_TIMEOUT_MS = 10_000;
/** The hosts that failed are tried again when DNS says nothing for this long: it may be what is down. */
const REFRESH_PATIENCE_MS = 1000;
/** An app with one of these states gets no service. */
const REFUSED_STATUSES: readonly string[] = ['banned', 'frozen', 'revoked'];

interface CreateHostsDeps {
  appId: string;
  /** The app's own DNS URL. */
  dnsServer: string | undefined;
  requestTimeoutMs: number;
  http: HttpClient;
  clock: Clock;
  preferences: Preferences;
  requiresTls: boolean;
  onClearHost(host: string): void;
  write: WriteStep;
}

/** Where the answer of a DNS server is cached: that of one must not be used for another. */
export const dnsCacheKey = (appId: string, dnsServer: string | undefined): string =>
  `flooim.${appId}.dns${dnsServer ? `.${dnsServer}` : ''}`;

/** The hosts that DNS names for an app. A failure of DNS itself is `ServerDNSFailed`; a refusal by the server keeps its own code. */
export function createHosts(deps: CreateHostsDeps): Hosts {
  const { appId, dnsServer, requestTimeoutMs, http, clock, preferences, requiresTls, onClearHost, write } = deps;
  const hosts = new Hosts({
    http,
    clock,
    preferences,
    requiresTls,
    onClearHost,
    write,
    cacheKey: dnsCacheKey(appId, dnsServer),
    ask: async (knownServers) => {
      try {
        const onStrange = (url: string): void => hosts.strange(url);
        const query = { appId, dnsServer, knownServers };
        return await askDns({ http, clock, timeoutMs: requestTimeoutMs, onStrange }, query);
      } catch (error) {
        const { reason, rawMessage, restCode } = FlooError.from(error, 'ServerDNSFailed');
        throw new FlooError(restCode === undefined ? 'ServerDNSFailed' : reason, rawMessage, {
          cause: error,
          details: { stage: 'dns' },
          ...(restCode !== undefined && { restCode }),
        });
      }
    },
  });
  return hosts;
}

/**
 * The servers in use. A cached answer is used at once and refreshed in the background. A host that fails is replaced by the
 * next one of its cluster, then by the next cluster; when every host has failed, DNS is asked again.
 */
export class Hosts {
  private readonly deps: HostsDeps;
  private currentAnswer: DnsAnswer | undefined;
  private asking: Promise<DnsAnswer> | undefined;
  /** The hosts failed, and DNS has not answered since: what `ready` resolves with meanwhile. */
  private renewal: Promise<DnsAnswer> | undefined;
  private cluster = 0;
  private index: Record<HostKind, number> = { ratel: 0, fireplace: 0 };
  /** Failed hosts of a kind since one of them worked. When it reaches their number, DNS is asked again. */
  private moves: Record<HostKind, number> = { ratel: 0, fireplace: 0 };
  /** The host that was asked last did not answer. */
  private readonly isAway: Record<HostKind, boolean> = { ratel: false, fireplace: false };
  /** Every host of a kind has failed: the answer may be out of date. */
  private exhausted = false;
  private hasPortal = false;
  /** Hosts without TLS that were reported. */
  private readonly reported = new Set<string>();

  constructor(deps: HostsDeps) {
    this.deps = deps;
    this.useCache();
  }

  /** Uses the cached answer of preferences that had to be loaded first, and reports its hosts without TLS. */
  open(): void {
    this.useCache();
    this.reportClearHosts();
  }

  private useCache(): void {
    if (this.currentAnswer) return;
    this.currentAnswer = readCache(this.deps);
    if (this.currentAnswer) this.deps.write('dnsCached', { hosts: hostCount(this.currentAnswer) });
  }

  /** Something else than the app's servers answered last: a network that wants a login of its own, most likely. */
  get isPortal(): boolean {
    return this.hasPortal;
  }

  get answer(): DnsAnswer | undefined {
    return this.currentAnswer;
  }

  /** The host in use; undefined before the first answer. */
  current(kind: HostKind): string | undefined {
    return this.currentAnswer?.clusters[this.cluster]?.[kind][this.index[kind]];
  }

  /** The media server of the cluster in use, by the URL with which deployed clients name it. */
  get mediaServer(): string | undefined {
    return this.currentAnswer?.clusters[this.cluster]?.rtc[0]?.replace(/^http/, 'ws');
  }

  /**
   * Resolves when there is a usable answer; a cached one is enough.
   *
   * @throws FlooError when DNS failed and nothing is cached
   */
  async ready(): Promise<DnsAnswer> {
    if (!this.currentAnswer) return this.refresh();
    if (!this.exhausted) return this.currentAnswer;
    this.renewal ??= this.renew(this.currentAnswer);
    return this.renewal;
  }

  /** Asks DNS, and waits a little. While it goes on saying nothing, later calls do not wait again. */
  private async renew(known: DnsAnswer): Promise<DnsAnswer> {
    const timers = new Timers<'patience'>(this.deps.clock);
    const asked = this.refresh()
      .catch((error: unknown) => {
        // The failed hosts may work again before DNS does.
        if (this.currentAnswer) return this.currentAnswer;
        throw error;
      })
      .finally(() => {
        timers.clearAll();
        this.renewal = undefined;
      });
    const patience = new Promise<DnsAnswer>((resolve) =>
      timers.set('patience', REFRESH_PATIENCE_MS, () => resolve(known)),
    );
    return Promise.race([asked, patience]);
  }

  /** Asks DNS now. Concurrent calls share one request. */
  async refresh(): Promise<DnsAnswer> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /**
   * Leaves a host that failed. Does nothing when another host is in use already, as when two calls saw the same failure.
   *
   * @returns whether another host is in use now; false when all were tried, and the next `ready` asks DNS again
   */
  failed(kind: HostKind, host: string): boolean {
    const answer = this.currentAnswer;
    this.isAway[kind] = true;
    if (!answer || this.current(kind) !== host) return answer !== undefined;
    const total = answer.clusters.reduce((sum, cluster) => sum + cluster[kind].length, 0);
    if (++this.moves[kind] >= total) {
      this.moves[kind] = 0;
      this.exhausted = true;
      this.use(0);
      this.deps.write('hostsExhausted', { service: kind });
      return false;
    }
    this.index[kind]++;
    if (this.current(kind) === undefined) this.use((this.cluster + 1) % answer.clusters.length);
    this.deps.write('hostSwitched', { service: kind, from: host, to: this.current(kind)! });
    return true;
  }

  /** Forgets earlier failures: a host of this kind answered. @returns whether the one before did not */
  worked(kind: HostKind): boolean {
    const wasAway = this.isAway[kind] || this.hasPortal;
    this.isAway[kind] = false;
    this.moves[kind] = 0;
    this.hasPortal = false;
    return wasAway;
  }

  /** Something else answered for the host of this URL. */
  strange(url: string): void {
    if (!this.hasPortal) this.deps.write('portal', { host: hostOf(url) });
    this.hasPortal = true;
  }

  private async ask(): Promise<DnsAnswer> {
    const { preferences, cacheKey } = this.deps;
    const named = await this.deps.ask(this.currentAnswer?.dnsServers ?? []).catch((error: unknown) => {
      this.askFailed(error);
      throw error;
    });
    this.hasPortal = false;
    const { appStatus } = named;
    if (REFUSED_STATUSES.includes(appStatus)) {
      preferences.remove(cacheKey);
      this.currentAnswer = undefined;
      const refusal = new FlooError('ServerAppFrozen', `app is ${appStatus}`, { details: { appStatus } });
      this.askFailed(refusal);
      throw refusal;
    }
    const answer = this.deps.requiresTls ? withTlsOnly(named) : named;
    const changed = JSON.stringify(this.currentAnswer?.clusters) !== JSON.stringify(answer.clusters);
    // The old hosts stay in use meanwhile, because the indexes into their lists do not fit the new lists.
    const fastest = changed ? await this.fastest(answer.clusters) : undefined;
    this.currentAnswer = answer;
    preferences.set(cacheKey, JSON.stringify(answer));
    if (fastest !== undefined) this.use(fastest);
    this.deps.write('dnsAnswered', { hosts: hostCount(answer) });
    this.moves = { ratel: 0, fireplace: 0 };
    this.exhausted = false;
    this.reportClearHosts();
    return answer;
  }

  private askFailed(error: unknown): void {
    const { reason } = FlooError.from(error, 'ServerDNSFailed');
    this.deps.write('dnsFailed', { reason, hasFallback: this.currentAnswer !== undefined });
  }

  private reportClearHosts(): void {
    for (const host of this.currentAnswer ? clearHosts(this.currentAnswer) : []) {
      if (this.reported.has(host)) continue;
      this.reported.add(host);
      this.deps.onClearHost?.(host);
    }
  }

  /** Index of the cluster whose REST host answers first. Any HTTP status counts as an answer. */
  private async fastest(clusters: Cluster[]): Promise<number> {
    if (clusters.length < 2) return 0;
    return new Promise((resolve) => {
      const asked = clusters.map(({ ratel }, index) =>
        this.deps.http({ method: 'GET', url: `${ratel[0]!}/`, headers: {}, timeoutMs: RACE_TIMEOUT_MS }).then(
          () => resolve(index),
          (failure: unknown) => {
            if ((failure as HttpFailure).kind === 'redirected') resolve(index);
          },
        ),
      );
      void Promise.all(asked).then(() => resolve(0));
    });
  }

  private use(cluster: number): void {
    this.cluster = cluster;
    this.index = { ratel: 0, fireplace: 0 };
  }
}

const hostCount = ({ clusters }: DnsAnswer): number =>
  clusters.reduce((sum, { ratel, fireplace }) => sum + ratel.length + fireplace.length, 0);

function readCache({ preferences, cacheKey, requiresTls }: HostsDeps): DnsAnswer | undefined {
  try {
    const answer = parseCachedAnswer(JSON.parse(preferences.get(cacheKey) ?? ''));
    return answer && requiresTls ? withTlsOnly(answer) : answer;
  } catch {
    // Nothing is cached, something else wrote it, or its hosts have no TLS: DNS is asked.
    return undefined;
  }
}
