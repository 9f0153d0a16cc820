/** What a client asked for on the socket, as test controls name it. */
export type RequestKind = 'provision' | 'unread' | 'sync' | 'history' | 'send';

/** How the server tells of new items: a Notice frame; the whole next page unasked; or just the new item. */
export type EagerMode = 'off' | 'page' | 'item';

export interface StatusFault {
  code: number;
  reason?: string;
  /** How many times; default 1. */
  count?: number;
}

export interface RestFault {
  /** Exact path, or a prefix ending in `*`. */
  path: string;
  /** Business code in the envelope; default 500. */
  code?: number;
  message?: string;
  /** HTTP status; default 200. */
  httpStatus?: number;
  /** Never answer. */
  hang?: boolean;
  /** How many times; default 1. */
  count?: number;
}

export interface DropFault {
  /** How many answers to swallow. */
  count: number;
  /** Only answers to this; default any. */
  command?: RequestKind;
}

export interface DnsHosts {
  ratel?: string[];
  webim?: string[];
}

export interface DnsFault {
  /** `host:port` entries named before this server's own, in its own cluster. A list is for ratel and webim both. */
  extraHosts?: string[] | DnsHosts;
  /** Whole clusters named before this server's own. */
  clusters?: DnsHosts[];
  app_status?: string;
}

type Counted<T> = T & { count: number };

/** Everything that tests have asked to go wrong. Holds the rules only; who meets one acts on it. */
export class Faults {
  delayMs = 0;
  eager: EagerMode = 'off';
  reversePages = false;
  /** New connections are accepted by TCP and then met with silence. */
  stallNew = false;
  dns: DnsFault = {};
  #duplicatePages = 0;
  #drops: DropFault[] = [];
  #provisions: Counted<StatusFault>[] = [];
  #sends: Counted<StatusFault>[] = [];
  #rest: Counted<RestFault>[] = [];

  clear(): void {
    Object.assign(this, { delayMs: 0, eager: 'off', reversePages: false, stallNew: false, dns: {} });
    this.#duplicatePages = 0;
    this.#drops = [];
    this.#provisions = [];
    this.#sends = [];
    this.#rest = [];
  }

  duplicatePages(count: number): void {
    this.#duplicatePages = count;
  }

  dropAnswers(fault: DropFault): void {
    this.#drops.push({ ...fault });
  }

  refuseProvision(fault: StatusFault): void {
    this.#provisions.push({ count: 1, ...fault });
  }

  refuseSend(fault: StatusFault): void {
    this.#sends.push({ count: 1, ...fault });
  }

  failRest(fault: RestFault): void {
    this.#rest.push({ count: 1, ...fault });
  }

  takeDuplicatePage(): boolean {
    if (this.#duplicatePages === 0) return false;
    this.#duplicatePages--;
    return true;
  }

  takeDrop(kind: RequestKind): boolean {
    return takeFirst(this.#drops, ({ command }) => command === undefined || command === kind) !== undefined;
  }

  takeProvision(): StatusFault | undefined {
    return takeFirst(this.#provisions, () => true);
  }

  takeSend(): StatusFault | undefined {
    return takeFirst(this.#sends, () => true);
  }

  takeRest(path: string): RestFault | undefined {
    return takeFirst(this.#rest, (rule) =>
      rule.path.endsWith('*') ? path.startsWith(rule.path.slice(0, -1)) : rule.path === path,
    );
  }
}

function takeFirst<T extends { count: number }>(rules: T[], matches: (rule: T) => boolean): T | undefined {
  const rule = rules.find((candidate) => candidate.count > 0 && matches(candidate));
  if (rule) rule.count--;
  return rule;
}
