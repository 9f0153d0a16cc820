import type { Id } from '../model/ids.ts';
import type { EmitScope } from './apply-messages.ts';
import type { PageRequester } from './page-requester.ts';

/** How often a request is sent again because the socket was lost before its answer. Another time the request may be why. */
const MAX_LOSSES = 5;

interface HistoryRequest {
  queue: Id;
  /** The page ends before this message; `'0'`: it holds the newest messages. */
  before: Id;
  amount: number;
  purpose: HistoryPurpose;
  /** Sockets that were lost before the answer. */
  losses?: number;
  /** Called when the page is stored, or when it will not come. */
  done?(stored: boolean): void;
}

/**
 * Why a page is asked for. `app`: the app asked; every message is emitted, and an event when the page came. `hole`: messages
 * are missing; the new ones are emitted. `numbers`: the server ids of sent messages are looked for. `read`: the app waits for
 * what it reads.
 */
export type HistoryPurpose = 'app' | 'hole' | 'numbers' | 'read';

/** Which messages of a page of history are emitted. */
export const EMIT_SCOPES: { readonly [purpose in HistoryPurpose]: EmitScope } = {
  app: 'all',
  hole: 'new',
  numbers: 'new',
  read: 'none',
};

/** Requests for pages of history. A conversation has one at a time, because an answer names only the conversation. They survive a lost socket. */
export class HistoryRequests {
  private readonly requester: PageRequester;
  /** While online, the first request of each conversation is under way. */
  private readonly waiting = new Map<Id, readonly HistoryRequest[]>();
  private isOnline = false;

  constructor(requester: PageRequester) {
    this.requester = requester;
  }

  online(): void {
    this.isOnline = true;
    for (const [first] of this.waiting.values()) this.ask(first!);
  }

  /** Ends the requests that the app waits for; the others are sent again on the next socket. */
  offline(): void {
    const lost = this.isOnline ? 1 : 0;
    this.isOnline = false;
    this.requester.stopWaiting();
    for (const [queue, requests] of this.waiting) {
      for (const { done } of requests) done?.(false);
      const [first, ...rest] = requests.filter(({ purpose }) => purpose !== 'read');
      const losses = (first?.losses ?? 0) + lost;
      // A search for ids ends by itself.
      const isKept = losses <= MAX_LOSSES || first?.purpose === 'numbers';
      this.keep(queue, first && isKept ? [{ ...first, losses }, ...rest] : rest);
    }
  }

  /** The conversations that wait for an answer. */
  unanswered(): Id[] {
    return this.isOnline ? [...this.waiting.keys()] : [];
  }

  request(request: HistoryRequest): void {
    const { queue, purpose, done } = request;
    if (purpose === 'read' && !this.isOnline) return done?.(false);
    const requests = this.waiting.get(queue) ?? [];
    // One search serves all messages that wait for their ids, and one request serves a hole.
    const isShared = purpose === 'hole' || purpose === 'numbers';
    if (isShared && requests.some((other) => other.purpose === purpose)) return;
    this.keep(queue, [...requests, request]);
    if (this.isOnline && requests.length === 0) this.ask(request);
  }

  /** The request that a page of this conversation answers. */
  current(queue: Id): HistoryRequest | undefined {
    return this.waiting.get(queue)?.[0];
  }

  /** Ends the current request and sends the next one. @param stored - its page is stored */
  answered(queue: Id, stored: boolean): void {
    const [first, ...rest] = this.waiting.get(queue) ?? [];
    this.keep(queue, rest);
    first?.done?.(stored);
    this.requester.stopWaiting();
    if (!this.isOnline) return;
    if (rest[0]) this.ask(rest[0]);
    else if (this.waiting.size > 0) this.requester.awaitAnswer();
  }

  private keep(queue: Id, requests: readonly HistoryRequest[]): void {
    if (requests.length > 0) this.waiting.set(queue, requests);
    else this.waiting.delete(queue);
  }

  private ask({ queue, before, amount }: HistoryRequest): void {
    const xid = { uid: queue, deviceSN: 0 };
    this.requester.send({ xid, key: before, is_full_sync: true, full_sync_num: amount });
  }
}
