import { FlooError } from '../errors.ts';
import type { HttpClient, Preferences } from '../platform/ports.ts';
import type { Cluster, DnsAnswer } from './dns-answer.ts';

/** Which list of a cluster is meant: REST hosts or socket hosts. */
export type HostKind = 'ratel' | 'fireplace';

export interface HostsDeps {
  /** Asks DNS. */
  ask(knownServers: readonly string[]): Promise<DnsAnswer>;
  http: HttpClient;
  preferences: Preferences;
  /** Where the answer is cached. */
  cacheKey: string;
}

const RACE_TIMEOUT_MS = 10000;
const REFUSED_STATUS = /^(banned|frozen|revoked)$/;

/**
 * The servers in use. A cached answer is used at once and refreshed behind the scenes; a host that fails makes way for the
 * next of its cluster, then for the next cluster, then DNS is asked again.
 */
export class Hosts {
  private readonly deps: HostsDeps;
  private currentAnswer: DnsAnswer | undefined;
  private asking: Promise<DnsAnswer> | undefined;
  private cluster = 0;
  private index: Record<HostKind, number> = { ratel: 0, fireplace: 0 };
  /** Hosts of a kind left behind since one of them worked; when every one was, DNS is asked again. */
  private moves: Record<HostKind, number> = { ratel: 0, fireplace: 0 };
  /** Every host of a kind failed: the answer may be out of date. */
  private exhausted = false;

  constructor(deps: HostsDeps) {
    this.deps = deps;
    this.currentAnswer = readCache(deps);
  }

  get answer(): DnsAnswer | undefined {
    return this.currentAnswer;
  }

  /** The host in use, or undefined before any answer. */
  current(kind: HostKind): string | undefined {
    return this.currentAnswer?.clusters[this.cluster]?.[kind][this.index[kind]];
  }

  /** Resolves when a usable answer is there; a cached one is enough. @throws FlooError when DNS failed and nothing is cached. */
  async ready(): Promise<DnsAnswer> {
    if (!this.currentAnswer) return this.refresh();
    if (!this.exhausted) return this.currentAnswer;
    return this.refresh().catch((error: unknown) => {
      // The hosts that failed may be back before DNS is.
      if (this.currentAnswer) return this.currentAnswer;
      throw error;
    });
  }

  /** Asks DNS now; concurrent calls share one question. */
  async refresh(): Promise<DnsAnswer> {
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return this.asking;
  }

  /**
   * Leave a host that failed. Does nothing when it is no longer the one in use (two calls saw the same failure).
   *
   * @returns whether another host is in use now; false when all were tried, and DNS is asked again next time.
   */
  failed(kind: HostKind, host: string): boolean {
    const answer = this.currentAnswer;
    if (!answer || this.current(kind) !== host) return answer !== undefined;
    const total = answer.clusters.reduce((sum, cluster) => sum + cluster[kind].length, 0);
    if (++this.moves[kind] >= total) {
      this.moves[kind] = 0;
      this.exhausted = true;
      this.use(0);
      return false;
    }
    this.index[kind]++;
    if (this.current(kind) === undefined) this.use((this.cluster + 1) % answer.clusters.length);
    return true;
  }

  /** A host of this kind answered: failures before it no longer count. */
  worked(kind: HostKind): void {
    this.moves[kind] = 0;
  }

  private async ask(): Promise<DnsAnswer> {
    const { preferences, cacheKey } = this.deps;
    const answer = await this.deps.ask(this.currentAnswer?.dnsServers ?? []);
    const { appStatus } = answer;
    if (REFUSED_STATUS.test(appStatus)) {
      preferences.remove(cacheKey);
      this.currentAnswer = undefined;
      throw new FlooError('ServerAppFrozen', `app is ${appStatus}`, { details: { appStatus } });
    }
    const changed = JSON.stringify(this.currentAnswer?.clusters) !== JSON.stringify(answer.clusters);
    // The old hosts stay in use meanwhile: the indexes into their lists mean nothing in the new ones.
    const fastest = changed ? await this.fastest(answer.clusters) : undefined;
    this.currentAnswer = answer;
    preferences.set(cacheKey, JSON.stringify(answer));
    if (fastest !== undefined) this.use(fastest);
    this.moves = { ratel: 0, fireplace: 0 };
    this.exhausted = false;
    return answer;
  }

  /** Index of the cluster whose REST host answers first; any HTTP status counts. */
  private async fastest(clusters: Cluster[]): Promise<number> {
    if (clusters.length < 2) return 0;
    return new Promise((resolve) => {
      const asked = clusters.map(({ ratel }, index) =>
        this.deps.http({ method: 'GET', url: `${ratel[0]!}/`, headers: {}, timeoutMs: RACE_TIMEOUT_MS }).then(
          () => resolve(index),
          () => undefined,
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

function readCache({ preferences, cacheKey }: HostsDeps): DnsAnswer | undefined {
  try {
    const answer = JSON.parse(preferences.get(cacheKey) ?? '') as DnsAnswer;
    return Array.isArray(answer.clusters) && answer.clusters.length > 0 && Array.isArray(answer.dnsServers)
      ? answer
      : undefined;
  } catch {
    // Nothing there, or written by something else: ask.
    return undefined;
  }
}
