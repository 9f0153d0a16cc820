import type { Id } from '../model/ids.ts';
import type { Asking } from './asking.ts';

/** Conversations synced at once. */
const MAX_RUNNING = 4;

/**
 * Which conversations are to be synced, and when. A conversation that is named again while it syncs is synced once more
 * after that; one that was not finished when the socket died is synced again on the next.
 */
export class Pulls {
  private readonly asking: Asking;
  private readonly onIdle: () => void;
  private readonly waiting = new Set<Id>();
  /** `again`: named again while running. `key`: what was asked for last. */
  private readonly running = new Map<Id, { again: boolean; key: Id }>();
  private isOnline = false;

  /** @param onIdle nothing is left to sync. */
  constructor(asking: Asking, onIdle: () => void) {
    this.asking = asking;
    this.onIdle = onIdle;
  }

  online(): void {
    this.isOnline = true;
    this.pump();
  }

  offline(): void {
    this.isOnline = false;
    this.asking.rest();
    for (const queue of this.running.keys()) this.waiting.add(queue);
    this.running.clear();
  }

  request(queue: Id): void {
    const running = this.running.get(queue);
    if (running) running.again = true;
    else this.waiting.add(queue);
    this.pump();
  }

  /**
   * A page is stored. `nextKey` acknowledges it and asks for the next; `'0'`: it was the last.
   *
   * @returns whether the queue is synced to its end.
   */
  stored(queue: Id, nextKey: Id): boolean {
    if (!this.isOnline) {
      // The socket died meanwhile: the next one gets the page again and acknowledges it.
      this.waiting.add(queue);
      return false;
    }
    const running = this.running.get(queue);
    if (nextKey === '0') {
      if (!running) return false;
      this.abandoned(queue);
      return !running.again;
    }
    // Also for a page that was pushed to us: what the key acknowledges is stored. A page that came twice is not asked on twice.
    if (running?.key !== nextKey) this.ask(queue, nextKey, running?.again);
    return false;
  }

  /** It ends here. A page that could not be stored, or was refused, is not acknowledged, and tried again when something names it again. */
  abandoned(queue: Id): void {
    if (this.running.get(queue)?.again) this.waiting.add(queue);
    this.running.delete(queue);
    this.pump();
    if (this.running.size > 0) return;
    this.asking.rest();
    if (this.isOnline) this.onIdle();
  }

  /** A refusal that does not say of what: none that runs is waited for any longer. */
  abandonedAll(): void {
    for (const queue of [...this.running.keys()]) this.abandoned(queue);
  }

  private pump(): void {
    while (this.isOnline && this.waiting.size > 0 && this.running.size < MAX_RUNNING) {
      const queue = this.waiting.values().next().value!;
      this.waiting.delete(queue);
      this.ask(queue, '0');
    }
  }

  private ask(queue: Id, key: Id, again = false): void {
    this.running.set(queue, { again, key });
    this.asking.ask({ xid: { uid: queue, deviceSN: 0 }, ...(key !== '0' && { key }) });
  }
}
