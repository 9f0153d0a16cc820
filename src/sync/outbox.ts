import type { WriteStep } from '../chronicle/chronicle.ts';
import { FlooError, sessionEnd } from '../errors.ts';
import { compareIds } from '../model/ids.ts';
import type { Id } from '../model/ids.ts';
import type { StoreTransaction } from '../store/transaction.ts';
import type { OutboxEntry, OutgoingMeta } from '../store/schema.ts';
import type { When } from '../store/write-behind.ts';
import { Timers } from '../util/timers.ts';
import { flatMap } from '../util/es2019.ts';
import { AnswerWait } from './answer-wait.ts';
import type { AnswerWaitDeps } from './answer-wait.ts';
import { arrived, outcomeOf, refused, sent } from './answers.ts';
import { commit, dispatch } from './commit.ts';
import type { CommitDeps, DispatchDeps } from './commit.ts';
import { Deadlines } from './deadlines.ts';
import { InFlight } from './in-flight.ts';
import { listing, unlist } from './listing.ts';
import type { Durability } from './durability.ts';
import type { ReceivedPage } from './message-mapper.ts';
import { isSendable } from './operation-targets.ts';
import type { ServerTime } from './server-time.ts';
import type { SyncEvent } from './sync-events.ts';
import { Suspects } from './suspects.ts';
import { WaitingOperations } from './waiting-operations.ts';

/** Pause between two tries to fail an expired row, which a broken disk may refuse. */
const EXPIRY_RETRY_MS = 1000;

type OutboxTask = (tx: StoreTransaction) => Promise<SyncEvent[]> | SyncEvent[];

interface OutboxDeps extends CommitDeps, AnswerWaitDeps, Pick<DispatchDeps, 'emitHere'> {
  time: ServerTime;
  self: Id;
  /** @returns false when not online. */
  send(mid: Id, meta: OutgoingMeta): boolean;
  durability: Pick<Durability, 'maySend'>;
  /** Called when the server does not answer: the session must leave the socket. */
  onUnanswered(): void;
  /** Called when only the history shows where a row that arrived belongs: the id of a message, or the place of an edit. */
  onUnnumbered(row: OutboxEntry): void;
  write: WriteStep;
  /** A row fails when it was not sent for this long. */
  sendExpiryMs: number;
}

/**
 * The rows that this device sends, in order. A row is stored before its first byte leaves, and deleted with its answer. When the
 * socket dies in between, the row is sent again under the same client mid, which the server accepts once.
 */
export class Outbox {
  private readonly deps: OutboxDeps;
  private readonly timers: Timers<'expiry'>;
  private readonly acks: AnswerWait;
  private readonly deadlines: Deadlines;
  /** Rows that wait to be sent, ascending. */
  private queue: OutboxEntry[];
  private readonly inFlight = new InFlight();
  /** Rows that may have been sent on an earlier socket. */
  private readonly maybeArrived = new Set<Id>();
  private readonly waiting = new WaitingOperations();
  private readonly suspects = new Suspects();
  /** Rows that are being resent or discarded. */
  private readonly changing = new Set<Id>();
  private isReleasing = false;
  private isOnline = false;
  private isClosed = false;

  constructor(deps: OutboxDeps) {
    this.deps = deps;
    this.timers = new Timers(deps.clock);
    this.acks = new AnswerWait(deps, () => deps.onUnanswered());
    this.deadlines = new Deadlines(deps.clock, deps.sendExpiryMs, () => void this.release());
    const rows = deps.store.reader.outbox();
    for (const row of rows) this.waiting.add(row);
    this.queue = inOrder(rows.filter(isSendable));
    for (const row of this.queue) {
      if (row.tried) this.maybeArrived.add(row.mid);
      else this.deadlines.resume(row);
    }
  }

  /** The form in which a new row is stored. */
  admit(entry: OutboxEntry): OutboxEntry {
    return this.isOnline && isSendable(entry) ? { ...entry, tried: true } : entry;
  }

  /** Sends rows that are stored and that wait for nothing else. */
  push(entries: readonly OutboxEntry[]): void {
    if (this.isClosed || entries.length === 0) return;
    const { reader } = this.deps.store;
    const last = this.queue[this.queue.length - 1];
    for (const entry of entries)
      if (isSendable(entry) && reader.outboxEntry(entry.mid) && !this.changing.has(entry.mid)) this.queue.push(entry);
    // A row that waited has its place before later ones.
    if (last && entries.some(({ mid }) => compareIds(mid, last.mid) < 0)) inOrder(this.queue);
    this.pump();
    for (const row of entries) this.awaitConnection(row);
  }

  /** Sends a row whose page is left and may not store it. If it is stored it is sent again, and the server accepts it once. */
  hurry(mid: Id): void {
    const row = this.deps.store.reader.outboxEntry(mid);
    if (!row || !isSendable(row) || !this.deps.send(mid, row.meta)) return;
    this.maybeArrived.add(mid);
  }

  /** Queues a failed message again, in its old place. @returns false when there is no such row */
  resend(mid: Id): boolean {
    const failed = this.deps.store.reader.outboxEntry(mid);
    if (failed?.state !== 'failed' || !failed.message || this.changing.has(mid)) return false;
    const { tried: _tried, error: _error, lists: _lists, ...row } = failed;
    const entry = this.admit({ ...row, state: 'queued', createdAt: this.deps.clock.now() });
    // The first try may have arrived nevertheless.
    this.maybeArrived.add(mid);
    const { store, time } = this.deps;
    const now = time.now();
    void this.change(mid, (tx) => listing(tx, entry, now, (made) => tx.putOutbox(made))).then(() => {
      const made = store.reader.outboxEntry(mid);
      // It stays failed when that could not be stored.
      if (made) this.push([made]);
    });
    return true;
  }

  /** Removes a message that failed or was not sent yet. @returns whether it was removed */
  async discard(mid: Id): Promise<boolean> {
    const entry = this.deps.store.reader.outboxEntry(mid);
    const isWaiting = entry?.state === 'queued' && !entry.tried;
    if (!entry?.message || !(entry.state === 'failed' || isWaiting) || this.changing.has(mid)) return false;
    this.queue = this.queue.filter((queued) => queued.mid !== mid);
    const deleted = await this.change(mid, (tx) => [
      ...this.withdraw(tx, entry),
      { type: 'deleted', key: entry.conversation, mid },
    ]);
    if (!deleted && isWaiting) this.queue = inOrder([...this.queue, entry]);
    return deleted;
  }

  /** Puts the end of a message that has not left into the transaction. Operations that wait for it end too. */
  withdraw(tx: StoreTransaction, entry: OutboxEntry): SyncEvent[] {
    tx.deleteOutbox(entry.mid);
    this.deadlines.end(entry.mid);
    const cancelled = new FlooError('UserCancel', 'the message was discarded');
    return [...this.waiting.fail(tx, entry.mid, cancelled), ...unlist(tx, entry)];
  }

  /** Makes a change of the user's, visible at once. @returns whether it is stored */
  private async change(mid: Id, task: (tx: StoreTransaction) => SyncEvent[]): Promise<boolean> {
    this.changing.add(mid);
    const error = await dispatch({ ...this.deps, outbox: this }, (tx) => this.waiting.follow(tx, task(tx)).events);
    this.changing.delete(mid);
    if (error) this.deps.emit([{ type: 'problem', error }]);
    return !error;
  }

  online(): void {
    this.isOnline = true;
    const rows = this.queue.filter(({ mid }) => this.maybeArrived.has(mid)).length;
    if (rows > 0) this.deps.write('resent', { rows });
    for (const entry of this.deps.store.reader.outbox()) {
      if (entry.state === 'unnumbered') this.deps.onUnnumbered(entry);
    }
    this.pump();
  }

  /** Puts rows without an answer back in their places. @param isTooBig - the server closed the socket for a frame's size */
  offline(isTooBig = false): void {
    this.isOnline = false;
    const convicted = isTooBig ? this.suspects.convict(this.inFlight.mids) : undefined;
    const entry = convicted === undefined ? undefined : this.inFlight.take(convicted);
    if (entry) {
      const error = new FlooError('MessageInvalid', 'it is bigger than the server takes');
      void this.settle((tx) => refused(tx, entry, error));
    }
    this.acks.end();
    const unanswered = this.inFlight.takeAll();
    this.queue = inOrder([...unanswered, ...this.queue]);
    for (const { mid } of unanswered) this.maybeArrived.add(mid);
  }

  /** Handles the answer to one of our rows. */
  async handleAnswer(answer: ReceivedPage): Promise<void> {
    const entry = this.inFlight.take(answer.client_mid);
    // The answer came twice, or its row was answered on another socket.
    if (!entry) return;
    this.suspects.clear(entry.mid);
    this.acks.end();
    this.pump();
    const isResend = this.maybeArrived.delete(entry.mid);
    const { self } = this.deps;
    const outcome = outcomeOf(answer, entry, isResend);
    // This commit may wait: the row is stored, so after a crash it is sent again, and the server answers that it has it.
    if (outcome === 'sent')
      return this.conclude(entry, async (tx) => sent(tx, entry, answer, self), entry.message && 'later');
    if (outcome === 'arrived') return this.conclude(entry, async (tx) => arrived(tx, entry, answer, self));
    if (sessionEnd(outcome)) {
      if (isResend) this.maybeArrived.add(entry.mid);
      this.queue.unshift(entry);
      this.deps.emit([{ type: 'problem', error: outcome }]);
      return;
    }
    return this.conclude(entry, (tx) => refused(tx, entry, outcome));
  }

  /** Registers an operation that waits. Call it in the task that puts the row: the answer, which is stored later, finds it. */
  wait(operation: OutboxEntry): void {
    this.waiting.add(operation);
  }

  /** Stores the fate of messages, and what it means for the operations that wait for them. @returns whether it is stored */
  async settle(task: OutboxTask, when?: When): Promise<boolean> {
    let ready: readonly OutboxEntry[] = [];
    const stored = await commit(
      this.deps,
      async (tx) => {
        const { events, released } = this.waiting.follow(tx, await task(tx));
        ready = released;
        return events;
      },
      when,
    );
    if (stored && ready.length > 0) this.push(ready);
    return stored;
  }

  /** Stores the outcome of an answer. When that fails the row is sent again, and the server accepts it once. */
  private async conclude(entry: OutboxEntry, task: OutboxTask, when?: When): Promise<void> {
    if (await this.settle(task, when)) {
      const row = this.deps.store.reader.outboxEntry(entry.mid);
      if (row?.state === 'unnumbered') this.deps.onUnnumbered(row);
      return;
    }
    if (this.isOnline) this.inFlight.add(entry);
    else this.queue.unshift(entry);
    this.maybeArrived.add(entry.mid);
    this.pump();
  }

  close(): void {
    this.offline();
    this.timers.clear('expiry');
    this.deadlines.close();
    this.queue = [];
    this.isClosed = true;
  }

  private pump(): void {
    while (this.isOnline && this.inFlight.hasRoom) {
      const at = this.queue.findIndex(({ mid }) => this.deps.durability.maySend(mid));
      const entry = this.queue[at];
      if (!entry || !this.suspects.maySend(entry.mid, this.inFlight)) break;
      if (!entry.tried) {
        void this.release();
        break;
      }
      if (!this.deps.send(entry.mid, entry.meta)) return;
      this.queue.splice(at, 1);
      this.inFlight.add(entry);
    }
    if (this.inFlight.size > 0 && !this.acks.isRunning) this.acks.begin();
  }

  /** A row that has not left fails when it waits too long for a connection. */
  private awaitConnection(row: OutboxEntry): void {
    if (isSendable(row) && !row.tried) this.deadlines.begin(row);
  }

  /** Fails rows that are too old. With a connection, marks the others as tried, before their first byte leaves. */
  private async release(): Promise<void> {
    if (this.isReleasing) return;
    this.isReleasing = true;
    const expired = new FlooError('ServerTimeOut', 'there was no connection in time to send it');
    const waiting = this.queue.filter(({ mid, tried }) => !tried && this.deps.durability.maySend(mid));
    const ready = new Map<Id, OutboxEntry | undefined>(
      waiting.map((entry) => [
        entry.mid,
        this.deadlines.isDue(entry.mid) ? undefined : this.isOnline ? { ...entry, tried: true } : entry,
      ]),
    );
    const stored = await this.settle((tx) => {
      // A message may be withdrawn meanwhile.
      for (const mid of ready.keys()) if (!tx.outboxEntry(mid)) ready.set(mid, undefined);
      for (const entry of ready.values()) if (entry?.tried) tx.putOutbox(entry);
      return flatMap(
        waiting.filter(({ mid }) => !ready.get(mid) && tx.outboxEntry(mid)),
        (entry) => refused(tx, entry, expired),
      );
    });
    this.isReleasing = false;
    if (stored)
      this.queue = flatMap(this.queue, (entry) => (ready.has(entry.mid) ? (ready.get(entry.mid) ?? []) : entry));
    if (stored) for (const [mid, entry] of ready) if (!entry || entry.tried) this.deadlines.end(mid);
    if (this.queue.some(({ mid }) => this.deadlines.isDue(mid) && this.deps.durability.maySend(mid)))
      this.timers.set('expiry', EXPIRY_RETRY_MS, () => void this.release());
    if (stored) this.pump();
  }
}

const inOrder = (entries: OutboxEntry[]): OutboxEntry[] => entries.sort((a, b) => compareIds(a.mid, b.mid));
