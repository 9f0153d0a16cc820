import type { Hosts } from '../bootstrap/hosts.ts';
import type { WriteStep } from '../chronicle/chronicle.ts';
import { TRIES_PER_HOST } from './connection-state.ts';

/** Chooses the socket host of each try, and leaves one that failed too often. */
export class HostTries {
  private readonly hosts: Hosts;
  private readonly write: WriteStep;
  private current = '';
  private tries = 0;
  /** DNS must be asked before the next try, although hosts are known. */
  private hasMoved = false;

  constructor({ hosts, write }: { hosts: Hosts; write: WriteStep }) {
    this.hosts = hosts;
    this.write = write;
  }

  /** The host that was tried last. */
  get host(): string {
    return this.current;
  }

  /** A session starts: a host has all its tries again. */
  reset(): void {
    this.tries = 0;
  }

  /** The servers moved. */
  moved(): void {
    this.hasMoved = true;
    this.write('serversMoved');
  }

  /** Resolves when the hosts are known. @throws FlooError as {@link Hosts.ready} */
  async ready(): Promise<void> {
    if (this.hasMoved) await this.hosts.refresh().catch(async () => this.hosts.ready());
    else await this.hosts.ready();
    this.hasMoved = false;
  }

  /** @returns the host to try now; undefined when none is known */
  next(): string | undefined {
    const host = this.hosts.current('fireplace');
    if (host === undefined) return undefined;
    if (host !== this.current) this.tries = 0;
    this.current = host;
    return host;
  }

  worked(): void {
    this.tries = 0;
    this.hosts.worked('fireplace');
  }

  /** @param isLast - this host has no more tries. @returns whether another host is next */
  failed(isLast: boolean): boolean {
    this.tries++;
    if (!isLast && this.tries < TRIES_PER_HOST) return false;
    this.tries = 0;
    return this.hosts.failed('fireplace', this.current);
  }
}
