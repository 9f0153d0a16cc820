/** The parts of a text that say which sessions there are. */
interface SessionText {
  readonly janus?: string;
  readonly transaction?: string;
  readonly session_id?: number;
  readonly data?: { readonly id?: number };
}

/** The sessions that a device has at the media server. What it asks for counts from then on. */
export class LineSessions {
  /** Sessions, and transactions of requests that may bring one. */
  readonly #there = new Set<number | string>();
  /** The sessions to end, by the transactions of the requests. */
  readonly #ending = new Map<string, number>();

  handleRequest(text: string): void {
    const { janus, transaction, session_id: session } = read(text);
    if (transaction === undefined) return;
    if (janus === 'create' || janus === 'claim') this.#there.add(transaction);
    if (janus === 'destroy' && session !== undefined) this.#ending.set(transaction, session);
  }

  /** @returns whether the last session has ended with this text of the media server */
  endsWith(text: string): boolean {
    const { janus, transaction = '', session_id: session, data } = read(text);
    if (this.#there.delete(transaction) && janus === 'success') this.#there.add(data?.id ?? session!);
    const ended = janus === 'timeout' ? session : this.#ending.get(transaction);
    this.#ending.delete(transaction);
    if (ended === undefined) return false;
    this.#there.delete(ended);
    return this.#there.size === 0;
  }
}

function read(text: string): SessionText {
  try {
    return (JSON.parse(text) as SessionText | null) ?? {};
  } catch {
    return {};
  }
}
