import type { Message } from 'flooim';
import type { Pending } from './outgoing.ts';

export type Tick = 'sending' | 'sent' | 'read' | 'failed';

/** One line of a chat. */
export type Line = { kind: 'day'; key: string; timestampMs: number } | MessageLine;

export interface MessageLine {
  kind: 'message';
  /** Stays the same while the message is sent. */
  key: string;
  message: Message;
  own: boolean;
  /** Set for own messages. */
  tick?: Tick;
  failure?: string;
  /** Progress of an upload. */
  percent?: number | undefined;
  /** URL of a small picture of a file that is not uploaded yet. */
  preview?: string | undefined;
  /** The first of several messages of one sender. */
  first: boolean;
}

type State = Pick<MessageLine, 'tick' | 'failure' | 'percent' | 'preview'>;

const RUN_GAP_MS = 5 * 60_000;

/** The messages of one conversation, in order. */
export class Timeline {
  readonly #self: string;
  readonly #isShown: (message: Message) => boolean;
  readonly #messages = new Map<string, Message>();
  /** Where the next page of history ends, exclusive; `'0'` for the newest. */
  #oldest = '0';

  constructor(self: string, isShown: (message: Message) => boolean) {
    this.#self = self;
    this.#isShown = isShown;
  }

  get oldest(): string {
    return this.#oldest;
  }

  get size(): number {
    return this.#messages.size;
  }

  /** Adds a message, or replaces its old state. */
  add(message: Message): void {
    this.#messages.set(message.id, message);
    if (this.#oldest === '0' || compareIds(message.id, this.#oldest) < 0) this.#oldest = message.id;
  }

  remove(id: string): void {
    this.#messages.delete(id);
  }

  clear(): void {
    this.#messages.clear();
  }

  has(id: string): boolean {
    return this.#messages.has(id);
  }

  /** Failed messages stay in their place; messages on their way come last, where they will be once sent. */
  lines(all: readonly Pending[]): Line[] {
    const pending = all.filter(({ message }) => this.#isShown(message));
    const sorted = [...this.#messages.values()].filter(this.#isShown).sort((a, b) => compareIds(a.id, b.id));
    const lines: Line[] = [];
    let previous: Message | undefined;
    const push = (message: Message, state: State): void => {
      const timestampMs = Number(message.timestamp);
      const beforeMs = previous && Number(previous.timestamp);
      // A message that is sent long after it was written starts no day in the past.
      const newDay = beforeMs === undefined || (timestampMs > beforeMs && dayOf(timestampMs) !== dayOf(beforeMs));
      // The client's id comes first, so that the line stays the same element when the server gives its own id.
      const key = message.clientMid ?? message.id;
      if (newDay) lines.push({ kind: 'day', key: `day ${key}`, timestampMs });
      const first = newDay || previous?.from !== message.from || timestampMs - beforeMs > RUN_GAP_MS;
      lines.push({ kind: 'message', key, message, own: message.from === this.#self, first, ...state });
      previous = message;
    };
    const failed = pending.filter(({ failure }) => failure !== undefined);
    const pushFailedBefore = (timestampMs: number): void => {
      while (failed.length > 0 && Number(failed[0]!.message.timestamp) < timestampMs) {
        const { message, failure, preview } = failed.shift()!;
        push(message, { tick: 'failed', failure: failure!, preview });
      }
    };
    for (const message of sorted) {
      pushFailedBefore(Number(message.timestamp));
      push(message, message.from === this.#self ? { tick: message.status === 2 ? 'read' : 'sent' } : {});
    }
    pushFailedBefore(Infinity);
    for (const { message, failure, percent, preview } of pending)
      if (failure === undefined) push(message, { tick: 'sending', percent, preview });
    return lines;
  }
}

const dayOf = (timestampMs: number): string => new Date(timestampMs).toDateString();

/** Ids are decimal text of up to 64 bits, so a longer one is greater. */
function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
