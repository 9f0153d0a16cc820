import type { Id } from '../model/ids.ts';
import type { Asking } from './asking.ts';

export interface HistoryRequest {
  queue: Id;
  /** The page holds what is before this message; `'0'`: the newest. */
  before: Id;
  amount: number;
  /** What the page is for: told to the app whole, or what is new of it, or nothing. */
  purpose: HistoryPurpose;
  /** Its page is stored, or will not come. */
  done?(stored: boolean): void;
}

/**
 * `app`: the app asked, is told every message and when the page came. `hole`: messages are missing. `numbers`: sent messages
 * are looked for. `read`: the app waits for what it reads.
 */
export type HistoryPurpose = 'app' | 'hole' | 'numbers' | 'read';

/** Requests for pages of history: one at a time a conversation, because an answer names only that. They survive a lost socket. */
export class HistoryRequests {
  private readonly asking: Asking;
  /** The first of each is asked, while online. */
  private readonly waiting = new Map<Id, readonly HistoryRequest[]>();
  private isOnline = false;

  constructor(asking: Asking) {
    this.asking = asking;
  }

  online(): void {
    this.isOnline = true;
    for (const [first] of this.waiting.values()) this.ask(first!);
  }

  /** What the app waits for is not waited for any longer; the rest is asked again. */
  offline(): void {
    this.isOnline = false;
    this.asking.rest();
    for (const [queue, requests] of this.waiting) {
      for (const { done } of requests) done?.(false);
      this.keep(
        queue,
        requests.filter(({ purpose }) => purpose !== 'read'),
      );
    }
  }

  request(request: HistoryRequest): void {
    const { queue, purpose, done } = request;
    if (purpose === 'read' && !this.isOnline) return done?.(false);
    const requests = this.waiting.get(queue) ?? [];
    // One look serves everything that waits for its number, or for the same hole.
    const isShared = purpose === 'hole' || purpose === 'numbers';
    if (isShared && requests.some((other) => other.purpose === purpose)) return;
    this.keep(queue, [...requests, request]);
    if (this.isOnline && requests.length === 0) this.ask(request);
  }

  /** The request that a page of this conversation answers, if any. */
  current(queue: Id): HistoryRequest | undefined {
    return this.waiting.get(queue)?.[0];
  }

  /** The current request is done, its page stored or not: the next one is sent. */
  answered(queue: Id, stored: boolean): void {
    const [first, ...rest] = this.waiting.get(queue) ?? [];
    this.keep(queue, rest);
    first?.done?.(stored);
    this.asking.rest();
    if (!this.isOnline) return;
    if (rest[0]) this.ask(rest[0]);
    else if (this.waiting.size > 0) this.asking.awaitAnswer();
  }

  private keep(queue: Id, requests: readonly HistoryRequest[]): void {
    if (requests.length > 0) this.waiting.set(queue, requests);
    else this.waiting.delete(queue);
  }

  private ask({ queue, before, amount }: HistoryRequest): void {
    const xid = { uid: queue, deviceSN: 0 };
    this.asking.ask({ xid, key: before, is_full_sync: true, full_sync_num: amount });
  }
}
