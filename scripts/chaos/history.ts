// What a run remembers: each call with its outcome, and each event of each client, as plain data.
import { isFlooError } from '../../src/errors.ts';

/** A client from its start, or from a login, to its end or a logout. */
export interface Life {
  readonly device: number;
  readonly number: number;
  /** How it ended. A crash or a failed storage may cost what was not stored yet. */
  end: 'lives' | 'closed' | 'crashed';
  /** Its storage failed, so that it kept everything in memory. */
  isDegraded: boolean;
}

export interface MessageEvent {
  readonly life: Life;
  /** `roster:<uid>` or `group:<gid>`. */
  readonly conversation: string;
  readonly id: string;
  readonly content: string;
  readonly arrival: string;
  /** Whether this device sent it. */
  readonly isOwn: boolean;
}

export interface SendingEvent {
  readonly life: Life;
  readonly mid: number;
  readonly status: 'sending' | 'sent' | 'failed';
  readonly at: number;
  readonly reason: string;
  /** The server's id, once sent. Absent for an operation. */
  readonly id?: string;
}

/** A message that a user sent. */
export interface Send {
  readonly life: Life;
  readonly mid: number;
  readonly conversation: string;
  readonly content: string;
  readonly at: number;
}

/** A call that returns a promise. */
export interface Call {
  readonly life: Life;
  readonly name: string;
  readonly at: number;
  outcome: 'pending' | 'ok' | 'failed';
  reason: string;
}

export class History {
  readonly lives: Life[] = [];
  readonly messages: MessageEvent[] = [];
  readonly sending: SendingEvent[] = [];
  readonly sends: Send[] = [];
  readonly calls: Call[] = [];
  /** Messages that were recalled or deleted, each by a name as {@link goneName} makes it. */
  readonly gone = new Set<string>();
  /** Sessions that ended by themselves. */
  disconnects = 0;
  /** What should never happen: errors that were thrown or logged. */
  readonly surprises: string[] = [];
  /** When the run began, for the times. */
  readonly #start = performance.now();

  /** ms since the beginning of the run. */
  now(): number {
    return Math.round(performance.now() - this.#start);
  }

  /** Follows a promise to its end. Rejections are outcomes. */
  call<T>(life: Life, name: string, promise: Promise<T>): Promise<T | undefined> {
    const call: Call = { life, name, at: this.now(), outcome: 'pending', reason: '' };
    this.calls.push(call);
    return promise.then(
      (value) => {
        call.outcome = 'ok';
        return value;
      },
      (error: unknown) => {
        call.outcome = 'failed';
        call.reason = reasonOf(error);
        return undefined;
      },
    );
  }
}

/** A client id is known on its device only. All ids of the server are above them. */
export const goneName = (device: number, mid: string | number): string =>
  BigInt(mid) > BigInt(Number.MAX_SAFE_INTEGER) ? String(mid) : `${device}:${mid}`;

export function reasonOf(error: unknown): string {
  if (isFlooError(error)) return error.reason;
  return error instanceof Error ? error.message : String(error);
}
