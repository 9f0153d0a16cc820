import type { FlooClient, Message, SendingStatusEvent } from 'flooim';
import { keyOf } from './target.ts';
import type { Target } from './target.ts';

/** A message that is on its way, or that the server refused. */
export interface Pending {
  mid: number;
  message: Message;
  /** Why it was refused. */
  failure?: string;
}

export const targetOf = (message: Message, self: string): Target => ({
  type: message.toType,
  id: message.toType === 'group' || message.from === self ? message.to : message.from,
});

/** Own messages until the server has them, by conversation. Only what this page sent: the getters know no unsent ones. */
export class Outgoing {
  readonly #im: FlooClient;
  readonly #pending = new Map<number, Pending>();

  constructor(im: FlooClient) {
    this.#im = im;
  }

  send({ type, id }: Target, content: string): void {
    if (type === 'group') this.#im.sysManage.sendGroupMessage({ gid: id, content });
    else this.#im.sysManage.sendRosterMessage({ uid: id, content });
  }

  retry(mid: number): void {
    const pending = this.#pending.get(mid);
    if (!pending || !this.#pending.delete(mid)) return;
    this.send({ type: pending.message.toType, id: pending.message.to }, pending.message.content);
  }

  handleStatus({ status, mid, message, errorReason, error }: SendingStatusEvent): void {
    if (status === 'sent') this.#pending.delete(mid);
    else if (message && status === 'sending') this.#pending.set(mid, { mid, message });
    else if (message)
      this.#pending.set(mid, { mid, message, failure: errorReason || error?.reason || 'unknown reason' });
  }

  /** The server has it: it comes as a message event just before its status says `sent`. */
  handleMessage({ clientMid }: Message): void {
    if (clientMid !== undefined) this.#pending.delete(Number(clientMid));
  }

  /** In the order they were said. */
  of(target: Target): Pending[] {
    return [...this.#pending.values()].filter(
      ({ message }) => keyOf({ type: message.toType, id: message.to }) === keyOf(target),
    );
  }
}
