import { FlooError, sessionEnd, statusError } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { OutboxEntry, OutgoingMeta } from '../store/schema.ts';
import type { When } from '../store/write-behind.ts';
import { Timers } from '../util/timers.ts';
import type { Clock } from '../platform/ports.ts';
import { flatMap } from '../util/es2019.ts';
import { failureOf } from '../wire/status.ts';
import { StatusErrorCode } from '../wire/enums.ts';
import { adopt, arrived, refused, sent } from './answers.ts';
import { commit } from './commit.ts';
import type { CommitDeps } from './commit.ts';
import type { ReceivedPage } from './received.ts';
import type { SyncEvent } from './sync-events.ts';

/** Sent and not yet answered at most this many, so that a slow link is not filled with what must be sent again. */
const MAX_IN_FLIGHT = 64;
/** Rows that cannot even be failed, on a broken disk, are not tried more often. */
const MIN_EXPIRY_CHECK_MS = 1000;
/** What a timer can hold. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const DUPLICATED = 'client msg id duplicated';

type OutboxTask = (tx: StoreTransaction) => Promise<SyncEvent[]> | SyncEvent[];

export interface OutboxDeps extends CommitDeps {
  clock: Clock;
  self: Id;
  /** @returns false when not online. */
  send(mid: Id, meta: OutgoingMeta): boolean;
  /** The server answers nothing: the socket is to be left. */
  onUnanswered(): void;
  /** A sent message's server id is unknown: look for it in this conversation's history. */
  onUnnumbered(conversation: Id): void;
  answerTimeoutMs: number;
  /** A row of which no byte left this long after it was made fails. */
  sendExpiryMs: number;
}

/**
 * What this device has to say, in the order it was said. A row is stored before its first byte leaves and deleted with its
 * answer; when the socket dies in between it is sent again under the same client mid, which the server takes once.
 */
export class Outbox {
  private readonly deps: OutboxDeps;
  private readonly timers: Timers<'ack' | 'expiry'>;
  /** Waiting to be sent, ascending. */
  private queue: OutboxEntry[];
  /** Sent on this socket and not answered, in order. */
  private readonly inFlight = new Map<Id, OutboxEntry>();
  /** Rows of which a first byte may have left on an earlier socket. */
  private readonly maybeArrived = new Set<Id>();
  /** Rows that the app sends again or discards. */
  private readonly changing = new Set<Id>();
  private isReleasing = false;
  private isOnline = false;

  constructor(deps: OutboxDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
    this.queue = inOrder(deps.store.reader.outbox().filter(({ state }) => state === 'queued'));
    for (const { mid, tried } of this.queue) if (tried) this.maybeArrived.add(mid);
    this.awaitExpiry();
  }

  /** A new row, as it is to be stored. */
  admit(entry: OutboxEntry): OutboxEntry {
    return this.isOnline && entry.state === 'queued' ? { ...entry, tried: true } : entry;
  }

  /** Sends rows that are stored and wait for nothing else. */
  push(entries: readonly OutboxEntry[]): void {
    const { reader } = this.deps.store;
    for (const entry of entries)
      if (entry.state === 'queued' && reader.outboxEntry(entry.mid) && !this.changing.has(entry.mid))
        this.queue.push(entry);
    this.pump();
    this.awaitExpiry();
  }

  /** Queues a message that failed again, in its old place. @returns false when there is no such row. */
  resend(mid: Id): boolean {
    const failed = this.deps.store.reader.outboxEntry(mid);
    if (failed?.state !== 'failed' || !failed.message || this.changing.has(mid)) return false;
    const { tried: _tried, error: _error, ...row } = failed;
    const entry = this.admit({ ...row, state: 'queued', createdAt: this.deps.clock.now() });
    void this.change(mid, (tx) => {
      tx.putOutbox(entry);
      return [{ type: 'sending', mid, message: entry.message! }];
    }).then((stored) => {
      if (!stored) return;
      this.queue = inOrder([...this.queue, entry]);
      this.pump();
    });
    return true;
  }

  /** Forgets a message that failed, or of which no byte has left. @returns whether it did. */
  async discard(mid: Id): Promise<boolean> {
    const entry = this.deps.store.reader.outboxEntry(mid);
    const isWaiting = entry?.state === 'queued' && !entry.tried;
    if (!entry?.message || !(entry.state === 'failed' || isWaiting) || this.changing.has(mid)) return false;
    this.queue = this.queue.filter((queued) => queued.mid !== mid);
    const deleted = await this.change(mid, (tx) => {
      tx.deleteOutbox(mid);
      return [];
    });
    if (!deleted && isWaiting) this.queue = inOrder([...this.queue, entry]);
    return deleted;
  }

  private async change(mid: Id, task: (tx: StoreTransaction) => SyncEvent[]): Promise<boolean> {
    this.changing.add(mid);
    const stored = await commit(this.deps, task);
    this.changing.delete(mid);
    return stored;
  }

  online(): void {
    this.isOnline = true;
    for (const entry of this.deps.store.reader.outbox()) {
      if (entry.state === 'unnumbered') this.search(entry);
    }
    this.pump();
  }

  /** What was not answered is sent again, in its place. */
  offline(): void {
    this.isOnline = false;
    this.timers.clear('ack');
    this.queue = inOrder([...this.inFlight.values(), ...this.queue]);
    for (const mid of this.inFlight.keys()) this.maybeArrived.add(mid);
    this.inFlight.clear();
  }

  /** The answer to one of our rows. */
  async handleAnswer(answer: ReceivedPage): Promise<void> {
    const entry = this.inFlight.get(answer.client_mid);
    // An answer that comes twice, or after its row was answered on another socket.
    if (!entry) return;
    this.inFlight.delete(entry.mid);
    this.timers.clear('ack');
    this.pump();
    const isResend = this.maybeArrived.delete(entry.mid);
    const { self } = this.deps;
    const failure = failureOf(answer.status);
    // The row of a message is stored: after a crash it is sent again, and the server says that it has it.
    if (!failure) return this.conclude(entry, async (tx) => sent(tx, entry, answer, self), entry.message && 'later');
    if (failure.code === StatusErrorCode.FAIL && failure.reason === DUPLICATED && isResend) {
      return this.conclude(entry, async (tx) => arrived(tx, entry, answer, self));
    }
    const context = entry.conversation.startsWith('g') ? 'group-send' : 'send';
    const error = statusError(failure.code, failure.reason, context);
    if (sessionEnd(error)) {
      if (isResend) this.maybeArrived.add(entry.mid);
      this.queue.unshift(entry);
      this.deps.emit([{ type: 'problem', error }]);
      return;
    }
    return this.conclude(entry, (tx) => refused(tx, entry, error));
  }

  /** Stores what an answer says. Where that fails the row still waits for one: it is sent again, and the server takes it once. */
  private async conclude(entry: OutboxEntry, task: OutboxTask, when?: When): Promise<void> {
    if (await commit(this.deps, task, when)) {
      if (this.deps.store.reader.outboxEntry(entry.mid)?.state === 'unnumbered') this.search(entry);
      return;
    }
    if (this.isOnline) this.inFlight.set(entry.mid, entry);
    else this.queue.unshift(entry);
    this.maybeArrived.add(entry.mid);
    this.pump();
  }

  /**
   * Looks for the server ids of messages that are known to have arrived, among what is stored by now.
   *
   * @param historyReached everything newer than this is stored.
   * @returns whether some are still to be found further back.
   */
  async number(conversation: Id, historyReached: Id): Promise<boolean> {
    for (const entry of this.unnumbered(conversation)) {
      await commit(this.deps, async (tx) => {
        const events = await adopt(tx, entry);
        if (events) return events;
        if (compareIds(historyReached, entry.after) > 0) return [];
        // All of the conversation since it was sent is stored and it is not there: recalled, or edited. It did arrive.
        tx.deleteOutbox(entry.mid);
        return [{ type: 'sent', mid: entry.mid, message: entry.message! }];
      });
    }
    return this.unnumbered(conversation).length > 0;
  }

  private search({ conversation }: OutboxEntry): void {
    this.deps.onUnnumbered(conversation.slice(1));
  }

  private unnumbered(conversation: Id): OutboxEntry[] {
    const rows = this.deps.store.reader.outbox();
    return inOrder(
      rows.filter(({ state, conversation: key }) => state === 'unnumbered' && key.slice(1) === conversation),
    );
  }

  close(): void {
    this.offline();
    this.timers.clear('expiry');
    this.queue = [];
  }

  private pump(): void {
    while (this.isOnline && this.queue.length > 0 && this.inFlight.size < MAX_IN_FLIGHT) {
      const entry = this.queue[0]!;
      if (!entry.tried) {
        void this.release();
        break;
      }
      if (!this.deps.send(entry.mid, entry.meta)) return;
      this.queue.shift();
      this.inFlight.set(entry.mid, entry);
    }
    if (this.inFlight.size > 0 && !this.timers.has('ack')) {
      this.timers.set('ack', this.deps.answerTimeoutMs, () => this.deps.onUnanswered());
    }
  }

  /** Whether a row waited too long for a connection. */
  private isExpired({ createdAt }: OutboxEntry): boolean {
    return this.deps.clock.now() - createdAt > this.deps.sendExpiryMs;
  }

  /** Rows that wait for a connection fail when their time is over, whether or not there is one by then. */
  private awaitExpiry(): void {
    const oldest = this.queue.find(({ tried }) => !tried);
    if (!oldest) return this.timers.clear('expiry');
    if (this.timers.has('expiry')) return;
    const { clock, sendExpiryMs } = this.deps;
    const left = oldest.createdAt + sendExpiryMs + 1 - clock.now();
    this.timers.set('expiry', Math.min(Math.max(left, MIN_EXPIRY_CHECK_MS), LONGEST_TIMER_MS), () => {
      void this.release();
    });
  }

  /** What waited for a connection: rows that are too old fail; with one, the others are marked before their first byte leaves. */
  private async release(): Promise<void> {
    if (this.isReleasing) return;
    this.isReleasing = true;
    const expired = new FlooError('ServerTimeOut', 'there was no connection in time to send it');
    const waiting = this.queue.filter(({ tried }) => !tried);
    const ready = new Map<Id, OutboxEntry | undefined>(
      waiting.map((entry) => [
        entry.mid,
        this.isExpired(entry) ? undefined : this.isOnline ? { ...entry, tried: true } : entry,
      ]),
    );
    const stored = await commit(this.deps, (tx) => {
      for (const entry of ready.values()) if (entry?.tried) tx.putOutbox(entry);
      return flatMap(
        waiting.filter(({ mid }) => !ready.get(mid)),
        (entry) => refused(tx, entry, expired),
      );
    });
    this.isReleasing = false;
    if (stored)
      this.queue = flatMap(this.queue, (entry) => (ready.has(entry.mid) ? (ready.get(entry.mid) ?? []) : entry));
    this.awaitExpiry();
    if (stored) this.pump();
  }
}

const inOrder = (entries: OutboxEntry[]): OutboxEntry[] => entries.sort((a, b) => compareIds(a.mid, b.mid));
