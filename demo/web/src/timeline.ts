import type { Message } from 'flooim';
import type { Pending } from './outgoing.ts';

export type Tick = 'sending' | 'sent' | 'read' | 'failed';

/** One line of a chat. */
export type Line =
  | { kind: 'day'; key: string; timestampMs: number }
  | {
      kind: 'message';
      key: string;
      message: Message;
      own: boolean;
      /** Of own messages. */
      tick?: Tick;
      failure?: string;
      /** The first of a run of one sender's messages. */
      first: boolean;
    };

const RUN_GAP_MS = 5 * 60_000;

/** What is known of one conversation, in order. */
export class Timeline {
  readonly #self: string;
  readonly #messages = new Map<string, Message>();
  /** Where the next page of history ends, exclusive; `'0'` for the newest. */
  #oldest = '0';

  constructor(self: string) {
    this.#self = self;
  }

  get oldest(): string {
    return this.#oldest;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Adds a message, or puts its new state in the place of the old one. */
  add(message: Message): void {
    this.#messages.set(message.id, message);
    if (this.#oldest === '0' || compareIds(message.id, this.#oldest) < 0) this.#oldest = message.id;
  }

  has(id: string): boolean {
    return this.#messages.has(id);
  }

  lines(pending: readonly Pending[]): Line[] {
    const sorted = [...this.#messages.values()].sort((a, b) => compareIds(a.id, b.id));
    const lines: Line[] = [];
    let previous: Message | undefined;
    const push = (message: Message, state: { tick?: Tick; failure?: string }): void => {
      const timestampMs = Number(message.timestamp);
      const day = new Date(timestampMs).toDateString();
      const newDay = !previous || new Date(Number(previous.timestamp)).toDateString() !== day;
      // The client's id first: the line stays the same element when the server has given its own.
      const key = message.clientMid ?? message.id;
      if (newDay) lines.push({ kind: 'day', key: `day ${key}`, timestampMs });
      const first = newDay || previous?.from !== message.from || timestampMs - Number(previous.timestamp) > RUN_GAP_MS;
      lines.push({ kind: 'message', key, message, own: message.from === this.#self, first, ...state });
      previous = message;
    };
    for (const message of sorted) {
      push(message, message.from === this.#self ? { tick: message.status === 2 ? 'read' : 'sent' } : {});
    }
    for (const { message, failure } of pending)
      push(message, failure === undefined ? { tick: 'sending' } : { tick: 'failed', failure });
    return lines;
  }
}

/** Ids are decimal text of up to 64 bits: longer is greater. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
