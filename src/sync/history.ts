import type { Id } from '../model/ids.ts';
import type { Asking } from './asking.ts';

export interface HistoryRequest {
  conversation: Id;
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
  readonly #asking: Asking;
  readonly #queues = new Map<Id, HistoryRequest[]>();
  #online = false;

  constructor(asking: Asking) {
    this.#asking = asking;
  }

  online(): void {
    this.#online = true;
    for (const [first] of this.#queues.values()) this.#ask(first!);
  }

  /** What the app waits for is not waited for any longer; the rest is asked again. */
  offline(): void {
    this.#online = false;
    this.#asking.rest();
    for (const [conversation, queue] of this.#queues) {
      for (const { done } of queue) done?.(false);
      const kept = queue.filter(({ purpose }) => purpose !== 'read');
      if (kept.length > 0) this.#queues.set(conversation, kept);
      else this.#queues.delete(conversation);
    }
  }

  request(request: HistoryRequest): void {
    if (request.purpose === 'read' && !this.#online) {
      request.done?.(false);
      return;
    }
    const queue = this.#queues.get(request.conversation);
    if (queue) {
      // One look serves everything that waits for its number, or for the same hole.
      const isOwn = ({ purpose }: HistoryRequest): boolean => purpose === 'app' || purpose === 'read';
      if (isOwn(request) || queue.every(({ purpose }) => purpose !== request.purpose)) queue.push(request);
      return;
    }
    this.#queues.set(request.conversation, [request]);
    if (this.#online) this.#ask(request);
  }

  /** The request that a page of this conversation answers, if any. */
  current(conversation: Id): HistoryRequest | undefined {
    return this.#queues.get(conversation)?.[0];
  }

  /** The current request is done, its page stored or not: the next one is sent. */
  answered(conversation: Id, stored: boolean): void {
    const queue = this.#queues.get(conversation);
    queue?.shift()?.done?.(stored);
    if (queue?.length === 0) this.#queues.delete(conversation);
    this.#asking.rest();
    if (!this.#online) return;
    if (queue?.[0]) this.#ask(queue[0]);
    else if (this.#queues.size > 0) this.#asking.awaitAnswer();
  }

  #ask({ conversation, before, amount }: HistoryRequest): void {
    const xid = { uid: conversation, deviceSN: 0 };
    this.#asking.ask({ xid, key: before, is_full_sync: true, full_sync_num: amount });
  }
}
