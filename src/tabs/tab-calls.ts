import { FlooError } from '../errors.ts';
import type { Id } from '../model/ids.ts';
import type { LocalChange } from '../store/shown-changes.ts';
import type { ClientMids } from '../sync/client-mid.ts';
import type { Dispatched } from '../sync/commit.ts';
import type { SyncEvent } from '../sync/sync-events.ts';
import { createDeferred } from '../util/deferred.ts';
import type { ChangeCall, Request, SentCall } from './calls.ts';
import type { TabId } from './messages.ts';
import { isOfOtherWriter } from './leader-news.ts';
import { callName } from './shared-batches.ts';

/** A change of the user's that the leading tab has not stored yet. */
interface PendingChange {
  readonly sent: SentCall;
  /** Is shown in this tab until it is stored. */
  readonly shown: readonly LocalChange<Dispatched>[];
  /** The events that were emitted when it was shown. */
  readonly emitted: readonly SyncEvent[];
  /** Resolves when it is stored, or cannot be. */
  readonly done: Promise<unknown>;
  /** Takes the events of the run that is stored. */
  stored(events: readonly SyncEvent[]): void;
  fail(error: FlooError): void;
}

interface PendingRequest {
  readonly sent: SentCall;
  resolve(value: unknown): void;
  reject(error: FlooError): void;
}

/** A change that is being made. */
interface Making {
  readonly number: number;
  readonly shown: LocalChange<Dispatched>[];
  readonly emitted: SyncEvent[];
  readonly mids: Id[];
  readonly done: Promise<Dispatched>;
}

/**
 * The calls of a tab that the leading tab carries out. They outlive it: what it has not answered, the next one gets again, in the
 * same order and under the same numbers.
 */
export class TabCalls {
  /** Makes ids, and remembers those of the change that is being made. */
  readonly mids: Pick<ClientMids, 'next'>;
  private readonly tab: TabId;
  private readonly send: (call: SentCall) => void;
  private readonly changes = new Map<number, PendingChange>();
  private readonly requests = new Map<number, PendingRequest>();
  private last = 0;
  private making: Making | undefined;
  private closed: FlooError | undefined;

  /** @param send sends a call, if there is a leading tab */
  constructor({ tab, mids, send }: { tab: TabId; mids: ClientMids; send: (call: SentCall) => void }) {
    this.tab = tab;
    this.send = send;
    this.mids = {
      next: () => {
        const mid = mids.next();
        this.making?.mids.push(mid);
        return mid;
      },
    };
  }

  /**
   * Makes a change here and has it stored by the leading tab, which may be this one.
   *
   * @param run makes it here, under the name of the call: what it changes goes through {@link note}
   * @throws what `run` throws; then nothing is sent
   */
  change<T>(change: ChangeCall, run: (call: string) => T): T {
    const number = ++this.last;
    const stored = createDeferred<Dispatched>();
    const done = stored.promise.catch(() => undefined);
    const making: Making = { number, shown: [], emitted: [], mids: [], done: stored.promise };
    const before = this.making;
    this.making = making;
    let result: T;
    try {
      result = run(callName(this.tab, number));
    } finally {
      this.making = before;
    }
    const sent: SentCall = { kind: 'change', number, change, mids: making.mids };
    this.changes.set(number, {
      ...{ sent, shown: making.shown, emitted: making.emitted, done },
      stored: (events) => {
        this.changes.delete(number);
        stored.resolve({ events, entries: [] });
      },
      fail: (error) => {
        this.changes.delete(number);
        stored.reject(error);
      },
    });
    if (making.shown.length === 0 && change.name !== 'resend') this.replied(number, undefined);
    else if (this.closed) this.failed(number, this.closed);
    else this.send(sent);
    return result;
  }

  /** A local change of the change that is being made. @returns resolves when that is stored */
  async note(change: LocalChange<Dispatched>, shown: Dispatched): Promise<Dispatched> {
    const making = this.making!;
    making.shown.push(change);
    making.emitted.push(...shown.events);
    return making.done;
  }

  /**
   * The same in the leading tab itself.
   *
   * @param isOver - another tab leads meanwhile: it is carried out there
   */
  noteLocal(
    change: LocalChange<Dispatched>,
    { shown, stored }: { shown: Dispatched; stored: Promise<Dispatched> },
    isOver: () => boolean,
  ): void {
    const { number } = this.making!;
    void this.note(change, shown).catch(() => undefined);
    stored.then(
      () => this.replied(number, undefined),
      (error: unknown) => {
        if (!isOver() && !isOfOtherWriter(error)) this.failed(number, FlooError.from(error, 'DbOperationFailed'));
      },
    );
  }

  /** Asks the leading tab for something. */
  async request(request: Request): Promise<unknown> {
    if (this.closed) throw this.closed;
    const number = ++this.last;
    const sent: SentCall = { kind: 'request', number, request };
    return new Promise((resolve, reject) => {
      this.requests.set(number, { sent, resolve, reject });
      this.send(sent);
    });
  }

  /** The change of this tab that a report of a batch names. */
  named(call: string | undefined): PendingChange | undefined {
    return [...this.changes.values()].find(({ sent }) => callName(this.tab, sent.number) === call);
  }

  /** The changes that are not stored yet, in their order. */
  get unstored(): readonly PendingChange[] {
    return [...this.changes.values()];
  }

  /** Resolves when those that were made so far are stored, or cannot be. */
  async allStored(): Promise<void> {
    await Promise.all(this.unstored.map(async ({ done }) => done));
  }

  get isWaiting(): boolean {
    return this.changes.size + this.requests.size > 0;
  }

  /** The calls that are not answered, in their order. */
  get unanswered(): readonly SentCall[] {
    const all = [...this.changes.values(), ...this.requests.values()].map(({ sent }) => sent);
    return all.sort((a, b) => a.number - b.number);
  }

  /** A call was carried out. A change that is stored was taken off with its batch: this one changed nothing. */
  replied(number: number, value: unknown): void {
    this.changes.get(number)?.stored([]);
    this.requests.get(number)?.resolve(value);
    this.requests.delete(number);
  }

  failed(number: number, error: FlooError): void {
    this.changes.get(number)?.fail(error);
    this.requests.get(number)?.reject(error);
    this.requests.delete(number);
  }

  /** Nobody will answer any more. */
  close(reason: FlooError): void {
    this.closed = reason;
    for (const { number } of this.unanswered) this.failed(number, reason);
  }
}
