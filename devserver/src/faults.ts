import type { UploadStyle } from './model/files.ts';
import { SignalFaults } from './rtc/signal-faults.ts';

/** A kind of request on the socket. */
export type RequestKind = 'provision' | 'unread' | 'sync' | 'history' | 'send';

/**
 * How the server notifies clients of new items: `off` sends a Notice frame, `page` the whole next page, `item` only the
 * new item.
 */
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
  /** Drops only answers to this kind of request; default any. */
  command?: RequestKind;
}

export interface DnsHosts {
  ratel?: string[];
  webim?: string[];
}

export interface DnsFault {
  /**
   * `host:port` entries listed before this server's own, in the same cluster. A plain list applies to both ratel and
   * webim.
   */
  extraHosts?: string[] | DnsHosts;
  /** Whole clusters listed before this server's own. */
  clusters?: DnsHosts[];
  /** How the media servers are left out: `absent` without the field, `empty` with an empty list. Default: they are named. */
  rtc?: 'absent' | 'empty';
  app_status?: string;
}

/** How files are uploaded and downloaded. */
export interface TransferRules {
  /** The form in which the next upload targets take files; default `form`. */
  uploads?: UploadStyle;
  /** Speed of bodies in each direction; default unlimited. */
  bytesPerSecond?: number;
  /** Whether downloads support `Range`; default true. */
  ranges?: boolean;
}

export interface TransferFault {
  direction: 'up' | 'down';
  /** The connection is cut after this many bytes of the body. */
  afterBytes: number;
  /** How many times; default 1. */
  count?: number;
}

type Counted<T> = T & { count: number };

/** The faults that tests have set. It only holds the rules; the code of each place applies them. */
export class Faults {
  delayMs = 0;
  eager: EagerMode = 'off';
  reversePages = false;
  /** New connections are accepted by TCP and then never answered. */
  stallNew = false;
  dns: DnsFault = {};
  transfers: TransferRules = {};
  readonly signals = new SignalFaults();
  #duplicatePages = 0;
  #drops: DropFault[] = [];
  #provisions: Counted<StatusFault>[] = [];
  #sends: Counted<StatusFault>[] = [];
  #rest: Counted<RestFault>[] = [];
  #transfers: Counted<TransferFault>[] = [];

  clear(): void {
    Object.assign(this, { delayMs: 0, eager: 'off', reversePages: false, stallNew: false, dns: {}, transfers: {} });
    this.signals.clear();
    this.#duplicatePages = 0;
    this.#drops = [];
    this.#provisions = [];
    this.#sends = [];
    this.#rest = [];
    this.#transfers = [];
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

  cutTransfer(fault: TransferFault): void {
    this.#transfers.push({ count: 1, ...fault });
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

  takeTransfer(direction: TransferFault['direction']): TransferFault | undefined {
    return takeFirst(this.#transfers, (fault) => fault.direction === direction);
  }
}

function takeFirst<T extends { count: number }>(rules: T[], matches: (rule: T) => boolean): T | undefined {
  const rule = rules.find((candidate) => candidate.count > 0 && matches(candidate));
  if (rule) rule.count--;
  return rule;
}
